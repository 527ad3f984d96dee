package io.photophone.server.security;

import java.time.Instant;

/// One line of the audit.
///
/// @param who the user's or the token's name; what was typed where a sign-in failed
/// @param role of theirs; empty where nobody was let in
/// @param address of the client
/// @param what the method and path, or an act of the server's own
/// @param result the status, or what came of it
public record AuditEntry(
    Instant time, String who, String role, String address, String what, String result) {}
