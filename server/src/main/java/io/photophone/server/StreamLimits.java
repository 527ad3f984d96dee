package io.photophone.server;

import io.photophone.model.Range;
import java.time.Duration;

/// What clients of event streams may take. Contract: A34, A42.
///
/// @param most streams that may be open at a time
/// @param mostPerClient of one address
/// @param stallLimit how long a client may leave a write unread before it is cut
/// @param compression whether clients that accept gzip get it
public record StreamLimits(int most, int mostPerClient, Duration stallLimit, boolean compression) {
  public static final Range MOST = Range.closed(1, 100_000);
  public static final Range STALL_LIMIT_S = Range.closed(1, 600);

  /// Half a minute is long enough for a slow client's kernel, which lets a sender wait until half
  /// its buffer is read.
  public static final StreamLimits DEFAULT =
      new StreamLimits(10_000, 1_000, Duration.ofSeconds(30), true);

  public StreamLimits {
    MOST.check("most", most);
    MOST.check("most_per_client", mostPerClient);
    STALL_LIMIT_S.check("stall_limit_s", stallLimit.toNanos() / 1e9);
  }
}
