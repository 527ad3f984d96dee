/// Who may ask for what: keys, tokens, users, sign-in, audit. Knows nothing of the paths that it
/// guards.
@org.jspecify.annotations.NullMarked
package io.photophone.server.security;
