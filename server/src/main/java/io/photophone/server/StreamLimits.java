package io.photophone.server;

import io.photophone.model.Range;

/// What clients of event streams may take. Contract: A34, A42.
///
/// @param most streams that may be open at a time
/// @param mostPerClient of one address
/// @param compression whether clients that accept gzip get it
public record StreamLimits(int most, int mostPerClient, boolean compression) {
  public static final Range MOST = Range.closed(1, 100_000);

  public static final StreamLimits DEFAULT = new StreamLimits(10_000, 1_000, true);

  public StreamLimits {
    MOST.check("most", most);
    MOST.check("most_per_client", mostPerClient);
  }
}
