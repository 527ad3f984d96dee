package io.photophone.acquisition.daemon;

import dev.failsafe.RetryPolicy;
import dev.failsafe.RetryPolicyBuilder;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.model.Range;
import java.time.Duration;

/// What is done about a source that fails or hangs.
///
/// The pauses between attempts grow from `base` by `factor` up to `cap`, each longer or shorter by
/// up to its part `jitter`. After so many failed attempts, or when they have taken `deadline`
/// together, the breaker opens: from then on each pause lasts `open` at least and ends with one
/// probe. Contract: B24.
///
/// @param attempts that fail in a row before the breaker opens
/// @param jitter part of a pause
/// @param deadline of the attempts before the breaker opens
/// @param open shortest pause while the breaker is open
/// @param stall how long a read may take before the source counts as hanging
public record RecoveryConfig(
    int attempts,
    Duration base,
    Duration cap,
    double factor,
    double jitter,
    Duration deadline,
    Duration open,
    Duration stall) {
  public static final Range ATTEMPTS = Range.closed(1, 100);
  public static final Range BASE_S = Range.closed(0.01, 60);
  public static final Range CAP_S = Range.closed(0.01, 3600);
  public static final Range FACTOR = Range.closed(1, 10);
  public static final Range JITTER = Range.closed(0, 1);
  public static final Range DEADLINE_S = Range.closed(0.1, 3600);
  public static final Range OPEN_S = Range.closed(0.1, 3600);
  public static final Range STALL_S = Range.closed(1, 3600);

  public static final RecoveryConfig DEFAULT =
      new RecoveryConfig(
          3,
          Duration.ofMillis(100),
          Duration.ofSeconds(30),
          2,
          0.2,
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          Duration.ofSeconds(10));

  public RecoveryConfig {
    ATTEMPTS.check("attempts", attempts);
    BASE_S.check("base_s", seconds(base));
    CAP_S.check("cap_s", seconds(cap));
    if (cap.compareTo(base) < 0) {
      throw new IllegalArgumentException(
          "cap_s is %s, allowed: base_s (%s) or more".formatted(seconds(cap), seconds(base)));
    }
    FACTOR.check("factor", factor);
    JITTER.check("jitter", jitter);
    DEADLINE_S.check("deadline_s", seconds(deadline));
    OPEN_S.check("open_s", seconds(open));
    STALL_S.check("stall_s", seconds(stall));
  }

  private static double seconds(Duration time) {
    return time.toNanos() / 1e9;
  }

  /// The library's policy of these pauses, without an end: the breaker decides.
  RetryPolicy<SourceRead> policy() {
    RetryPolicyBuilder<SourceRead> policy =
        RetryPolicy.<SourceRead>builder().withMaxRetries(-1).withJitter(jitter);
    boolean grows = factor > 1 && base.compareTo(cap) < 0;
    return (grows ? policy.withBackoff(base, cap, factor) : policy.withDelay(base)).build();
  }
}
