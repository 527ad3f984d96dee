package io.photophone.server.security;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/// Makes who tries passwords wait: longer with each failure, by the client's address and by the
/// user's name.
///
/// A name alone makes nobody wait for more than half a minute, or strangers could keep a user out.
/// An attempt counts as failed until it has succeeded, so that many at once gain nothing.
final class SignInLimit {
  private static final int FREE = 5;
  private static final Duration LONGEST_OF_ADDRESS = Duration.ofMinutes(15);
  private static final Duration LONGEST_OF_NAME = Duration.ofSeconds(30);
  private static final Duration FORGOTTEN = Duration.ofHours(1);
  private static final int REMEMBERED = 10_000;

  private final InstantSource clock;
  private final Map<String, Failures> ofAddress = new LinkedHashMap<>();
  private final Map<String, Failures> ofName = new LinkedHashMap<>();
  private final LongAdder refused = new LongAdder();

  private record Failures(int count, Instant last) {
    Instant waitsUntil(Duration longest) {
      if (count < FREE) {
        return Instant.MIN;
      }
      long seconds = 1L << Math.min(count - FREE, 20);
      return last.plus(Duration.ofSeconds(Math.min(seconds, longest.toSeconds())));
    }
  }

  SignInLimit(InstantSource clock) {
    this.clock = clock;
  }

  /// Begins an attempt, which has failed until [#succeeded].
  ///
  /// @return zero if it may be made; else how long it is to wait
  synchronized Duration attempt(String address, String name) {
    Instant now = clock.instant();
    Instant until =
        later(
            of(ofAddress, address, now).waitsUntil(LONGEST_OF_ADDRESS),
            of(ofName, name, now).waitsUntil(LONGEST_OF_NAME));
    if (now.isBefore(until)) {
      refused.increment();
      return Duration.between(now, until);
    }
    count(ofAddress, address, now);
    count(ofName, name, now);
    return Duration.ZERO;
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private static Failures of(Map<String, Failures> all, String key, Instant now) {
    Failures failures = all.get(key);
    if (failures == null || failures.last().plus(FORGOTTEN).isBefore(now)) {
      return new Failures(0, now);
    }
    if (failures.last().isAfter(now)) {
      // The clock was set back; nobody waits for it to catch up.
      Failures since = new Failures(failures.count(), now);
      all.replace(key, since);
      return since;
    }
    return failures;
  }

  /// The one that failed longest ago is forgotten where there are too many.
  private static void count(Map<String, Failures> all, String key, Instant now) {
    int before = of(all, key, now).count();
    all.remove(key);
    if (all.size() >= REMEMBERED) {
      Iterator<String> oldest = all.keySet().iterator();
      oldest.next();
      oldest.remove();
    }
    all.put(key, new Failures(before + 1, now));
  }

  synchronized void succeeded(String address, String name) {
    ofAddress.remove(address);
    ofName.remove(name);
  }

  /// Attempts that were told to wait.
  long refused() {
    return refused.sum();
  }
}
