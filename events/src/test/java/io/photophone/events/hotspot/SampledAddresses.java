package io.photophone.events.hotspot;

import java.util.Arrays;

/// Addresses with their times, kept till all is known.
final class SampledAddresses {
  private long[] addresses = new long[1024];
  private long[] times = new long[1024];
  private int count;

  void add(long address, long timeNanos) {
    if (count == addresses.length) {
      addresses = Arrays.copyOf(addresses, count * 2);
      times = Arrays.copyOf(times, count * 2);
    }
    addresses[count] = address;
    times[count++] = timeNanos;
  }

  int size() {
    return count;
  }

  long address(int i) {
    return addresses[i];
  }

  long timeNanos(int i) {
    return times[i];
  }
}
