/// Who may do what. Knows nothing of the paths and what they answer.
package io.photophone.server.security;
