package io.photophone.server.security;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tickets for one request each, for those who can't send a header: whoever has an address with a
/// ticket in it may ask for this one path, once and within half a minute.
final class Tickets {
  static final Duration LIFE = Duration.ofSeconds(30);
  private static final int MOST = 10_000;

  private final InstantSource clock;

  /// By digest, the oldest first.
  private final Map<String, Ticket> waiting = new LinkedHashMap<>();

  private record Ticket(Caller caller, String path, Instant expires) {}

  Tickets(InstantSource clock) {
    this.clock = clock;
  }

  /// @throws IllegalStateException if there are too many that nobody has used
  synchronized String make(Caller caller, String path) {
    Instant now = clock.instant();
    waiting.values().removeIf(each -> !now.isBefore(each.expires()));
    if (waiting.size() >= MOST) {
      throw new IllegalStateException("%d tickets wait, allowed: %d".formatted(MOST, MOST));
    }
    String secret = Secret.newSecret();
    waiting.put(Secret.digest(secret), new Ticket(caller, path, now.plus(LIFE)));
    return secret;
  }

  /// Who got this ticket for this path; null if nobody did, or it was used or has expired. It is
  /// used then, whatever the answer.
  synchronized @Nullable Caller use(String secret, String path) {
    Ticket ticket = waiting.remove(Secret.digest(secret));
    return ticket != null
            && ticket.path().equals(path)
            && clock.instant().isBefore(ticket.expires())
        ? ticket.caller()
        : null;
  }
}
