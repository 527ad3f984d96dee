package io.photophone.server;

import io.photophone.model.AudioFrame;

/// Takes one sample for so many, behind a filter that keeps what the lower rate can't hold from
/// folding back into it.
///
/// The filter is symmetric, so it moves no phase: an output stands for the sample at its own index,
/// which is a multiple of the factor. What lies below 0.8 of half the lower rate passes within 0.01
/// dB; what lies above half of it is down by 74 dB or more. An output needs the samples around it,
/// so the last ones of a frame come with the next frame; around a gap, which nothing bridges, they
/// are left out. A sample that is no finite number spoils the outputs within the filter's length
/// around it and no others.
///
/// Blackman's window, since its formula is short: Harris, Proc. IEEE 66, 51 (1978). Holds no state
/// between frames: safe to share between threads. Contract: A43.
final class Decimator {
  /// Half the filter's length, in samples of the lower rate: what a transition from 0.8 to 1 of
  /// half that rate takes.
  private static final int HALF = 28;

  private static final double CUTOFF = 0.9;

  private final Resolution resolution;
  private final int factor;
  private final int half;
  private final double[] coefficients;

  Decimator(Resolution resolution) {
    this.resolution = resolution;
    factor = resolution.factor();
    half = HALF * factor;
    coefficients = new double[2 * half + 1];
    double sum = 0;
    for (int i = 0; i < coefficients.length; i++) {
      double x = Math.PI * CUTOFF / factor * (i - half);
      double sinc = x == 0 ? 1 : Math.sin(x) / x;
      double turn = Math.PI * i / half;
      coefficients[i] = sinc * (0.42 - 0.5 * Math.cos(turn) + 0.08 * Math.cos(2 * turn));
      sum += coefficients[i];
    }
    for (int i = 0; i < coefficients.length; i++) {
      coefficients[i] /= sum;
    }
  }

  /// The last samples before a frame, as far as the longest filter reaches back.
  static final class History {
    /// Before the first frame.
    static final History NONE = new History(new float[0], new float[0], 0, 0);

    private static final int LONGEST = 2 * HALF * Resolution.SIXTEENTH.factor();

    private final float[] a;
    private final float[] b;
    private final long end;
    private final int rateHz;

    private History(float[] a, float[] b, long end, int rateHz) {
      this.a = a;
      this.b = b;
      this.end = end;
      this.rateHz = rateHz;
    }

    /// What precedes the frame that follows this one.
    History then(AudioFrame frame) {
      int kept = Math.min(isContinuedBy(frame) ? a.length : 0, LONGEST);
      int length = Math.min(LONGEST, kept + frame.length());
      return new History(
          last(a, kept, frame.channelA(), length),
          last(b, kept, frame.channelB(), length),
          frame.endSampleIndex(),
          frame.sampleRateHz());
    }

    private static float[] last(float[] before, int kept, float[] samples, int length) {
      float[] all = new float[length];
      int fromFrame = Math.min(length, samples.length);
      int fromBefore = length - fromFrame;
      System.arraycopy(before, kept - fromBefore, all, 0, fromBefore);
      System.arraycopy(samples, samples.length - fromFrame, all, fromBefore, fromFrame);
      return all;
    }

    boolean isContinuedBy(AudioFrame frame) {
      return end == frame.firstSampleIndex() && rateHz == frame.sampleRateHz();
    }
  }

  /// @param before the samples before the frame
  ResolvedFrame decimate(AudioFrame frame, History before) {
    int kept = before.isContinuedBy(frame) ? Math.min(before.a.length, 2 * half) : 0;
    long begin = frame.firstSampleIndex() - kept;
    long first = Math.ceilDiv(begin + half, (long) factor) * factor;
    long end = frame.endSampleIndex() - half;
    int count = (int) Math.max(0, Math.ceilDiv(end - first, (long) factor));
    float[] a = new float[count];
    float[] b = new float[count];
    filter(joined(before.a, kept, frame.channelA()), (int) (first - half - begin), a);
    filter(joined(before.b, kept, frame.channelB()), (int) (first - half - begin), b);
    return new ResolvedFrame(resolution, frame, first, a, b);
  }

  private static float[] joined(float[] before, int kept, float[] samples) {
    float[] all = new float[kept + samples.length];
    System.arraycopy(before, before.length - kept, all, 0, kept);
    System.arraycopy(samples, 0, all, kept, samples.length);
    return all;
  }

  private void filter(float[] samples, int from, float[] outputs) {
    int at = from;
    for (int i = 0; i < outputs.length; i++, at += factor) {
      double sum = 0;
      for (int k = 0; k < coefficients.length; k++) {
        sum += coefficients[k] * samples[at + k];
      }
      outputs[i] = (float) sum;
    }
  }
}
