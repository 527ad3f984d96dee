package io.photophone.acquisition.source;

import java.io.IOException;
import java.util.Arrays;

/// What a test took from a source, one read after the other.
record Recording(float[] channelA, float[] channelB) {

  /// Until the end.
  static Recording all(AudioSource source, int readSize) throws IOException {
    return of(source, Integer.MAX_VALUE, readSize);
  }

  /// At most `count` samples. Samples that a source loses leave no hole.
  static Recording of(AudioSource source, int count, int readSize) throws IOException {
    float[] a = new float[Math.min(count, 1 << 16)];
    float[] b = new float[a.length];
    int length = 0;
    while (length < count
        && source.read(Math.min(readSize, count - length)) instanceof SourceRead.Samples read) {
      int end = length + read.channelA().length;
      if (end > a.length) {
        a = Arrays.copyOf(a, Math.min(count, 2 * end));
        b = Arrays.copyOf(b, a.length);
      }
      System.arraycopy(read.channelA(), 0, a, length, read.channelA().length);
      System.arraycopy(read.channelB(), 0, b, length, read.channelB().length);
      length = end;
    }
    return new Recording(Arrays.copyOf(a, length), Arrays.copyOf(b, length));
  }

  int length() {
    return channelA.length;
  }

  double[] difference() {
    double[] difference = new double[channelA.length];
    Arrays.setAll(difference, i -> (double) channelA[i] - channelB[i]);
    return difference;
  }
}
