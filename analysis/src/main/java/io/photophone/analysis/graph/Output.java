package io.photophone.analysis.graph;

import io.photophone.model.AudioFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a node gave in the present step; valid until the next.
sealed interface Output {

  /// The frame itself.
  final class Frames implements Output {
    private @Nullable AudioFrame frame;

    void set(AudioFrame next) {
      frame = next;
    }

    AudioFrame frame() {
      if (frame == null) {
        throw new IllegalStateException("no step has begun");
      }
      return frame;
    }
  }

  /// Samples of one channel, one for each of the frame's, with what is known of each.
  final class Signal implements Output {
    /// A microphone was at its full scale.
    static final byte CLIPPED = 1;

    /// The sample was lost or is no finite number; its value is NaN.
    static final byte MISSING = 2;

    /// A filter has not yet settled.
    static final byte SETTLING = 4;

    private final Frames frames;

    /// What the samples passed since they were mixed; null if the mixed ones differ in that.
    private final @Nullable List<NodeKind.Filter> filters;

    private double[] samples = new double[0];
    private byte[] marks = new byte[0];
    private double[] settled = new double[0];

    Signal(Frames frames, @Nullable List<NodeKind.Filter> filters) {
      this.frames = frames;
      this.filters = filters;
    }

    Frames frames() {
      return frames;
    }

    @Nullable List<NodeKind.Filter> filters() {
      return filters;
    }

    AudioFrame frame() {
      return frames.frame();
    }

    int length() {
      return frames.frame().length();
    }

    /// Room for the frame's samples and perhaps more.
    double[] samples() {
      if (samples.length < length()) {
        samples = new double[length()];
      }
      return samples;
    }

    /// A copy of the samples in which those of a filter that hasn't settled are missing, too.
    double[] settled() {
      if (settled.length < length()) {
        settled = new double[length()];
      }
      for (int i = 0; i < length(); i++) {
        settled[i] = (marks[i] & SETTLING) == 0 ? samples[i] : Double.NaN;
      }
      return settled;
    }

    /// Of each sample a set of the above.
    byte[] marks() {
      if (marks.length < length()) {
        marks = new byte[length()];
      }
      return marks;
    }
  }

  /// Values that became complete in this step, oldest first.
  final class Results<T> implements Output {
    private final List<T> values = new ArrayList<>();

    List<T> values() {
      return values;
    }
  }
}
