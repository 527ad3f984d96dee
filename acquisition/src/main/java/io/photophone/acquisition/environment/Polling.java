package io.photophone.acquisition.environment;

import io.photophone.model.Range;
import java.time.Duration;

/// How often a sensor is asked, and how long an answer holds.
public record Polling(Duration period, Duration maxAge) {
  public static final Range PERIOD_S = Range.closed(0.1, 3600);
  public static final Range MAX_AGE_S = Range.closed(0.1, 86_400);

  public static final Polling DEFAULT = new Polling(Duration.ofSeconds(1), Duration.ofSeconds(10));

  public Polling {
    PERIOD_S.check("period_s", period.toNanos() / 1e9);
    MAX_AGE_S.check("max_age_s", maxAge.toNanos() / 1e9);
    if (maxAge.compareTo(period) < 0) {
      throw new IllegalArgumentException(
          "max_age_s is %s, allowed: from period_s, %s"
              .formatted(maxAge.toNanos() / 1e9, period.toNanos() / 1e9));
    }
  }
}
