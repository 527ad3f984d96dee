/// Who asks, and how people sign in with an identity provider. Depends on no resource.
package io.photophone.server.security;
