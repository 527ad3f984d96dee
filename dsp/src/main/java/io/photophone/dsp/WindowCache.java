package io.photophone.dsp;

import java.util.LinkedHashMap;
import java.util.Map;

/// Windows that were used before, by size. Any thread.
public final class WindowCache {
  private record Key(Window window, int size) {}

  /// In the order of their last use; guarded by the monitor.
  private final LinkedHashMap<Key, float[]> windows;

  /// @param capacity how many are kept; the one that was not used for longest goes first
  public WindowCache(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity is %d, allowed: 1 or more".formatted(capacity));
    }
    this.windows =
        new LinkedHashMap<>(2 * capacity, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<Key, float[]> eldest) {
            return size() > capacity;
          }
        };
  }

  /// The factors of a window, for reading only.
  ///
  /// @param size at least 16
  public synchronized float[] get(Window window, int size) {
    return windows.computeIfAbsent(new Key(window, size), WindowCache::made);
  }

  private static float[] made(Key key) {
    double[] values = key.window.values(key.size);
    float[] factors = new float[key.size];
    for (int n = 0; n < factors.length; n++) {
      factors[n] = (float) values[n];
    }
    return factors;
  }
}
