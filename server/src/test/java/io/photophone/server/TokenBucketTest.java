package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
  private static final long START = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(1);

  private static int taken(TokenBucket bucket, int attempts, long nowNanos) {
    int taken = 0;
    for (int i = 0; i < attempts; i++) {
      taken += bucket.onRequest(nowNanos) ? 1 : 0;
    }
    return taken;
  }

  @Test
  void a_burst_is_taken_at_once_and_then_one_token_comes_at_a_time() {
    TokenBucket bucket = new TokenBucket(10, 5, START);
    assertEquals(5, taken(bucket, 1000, START));
    assertEquals(0, taken(bucket, 1, START + TimeUnit.MILLISECONDS.toNanos(99)));
    assertEquals(1, taken(bucket, 1000, START + TimeUnit.MILLISECONDS.toNanos(100)));
    assertEquals(3, taken(bucket, 1000, START + TimeUnit.MILLISECONDS.toNanos(400)));
  }

  @Test
  void it_is_never_fuller_than_a_burst_even_as_the_clock_wraps_around() {
    TokenBucket bucket = new TokenBucket(10, 5, START);
    assertEquals(5, taken(bucket, 1000, START));
    assertEquals(5, taken(bucket, 1000, START + TimeUnit.HOURS.toNanos(1)));
  }

  @Test
  void a_new_one_is_remembered_until_its_first_request() {
    assertTrue(new TokenBucket(1, 1, START).getExpireNanoTime() - START > 0);
  }

  @Test
  void over_an_hour_no_more_than_the_rate_is_taken() {
    TokenBucket bucket = new TokenBucket(10, 5, START);
    int taken = 0;
    for (int ms = 0; ms < 3_600_000; ms += 7) {
      taken += bucket.onRequest(START + TimeUnit.MILLISECONDS.toNanos(ms)) ? 1 : 0;
    }
    assertEquals(36_000, taken, 10);
  }
}
