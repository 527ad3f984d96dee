package io.photophone.acquisition.processing;

import io.photophone.dsp.Window;
import io.photophone.dsp.WindowCache;
import io.photophone.model.AudioFrame;

/// Tapers and normalises frames, for display and for scripts; the measurement has its own graph.
///
/// Each state is a type of its own, so that the compiler refuses a wrong order: what isn't
/// configured can't be started, and only what runs processes. Contract: B29.
public sealed interface AudioProcessor {

  static Unconfigured unconfigured() {
    return new Unconfigured();
  }

  /// Doesn't know yet what to do.
  record Unconfigured() implements AudioProcessor {
    public Configured configure(ProcessingConfig config) {
      return new Configured(config);
    }
  }

  /// Knows what to do, and holds nothing.
  record Configured(ProcessingConfig config) implements AudioProcessor {
    public Running start() {
      return new Running(config);
    }
  }

  /// Holds the windows that it has used. Any thread.
  final class Running implements AudioProcessor {
    /// Frames of one stream have two lengths where the rate is no multiple of the frames' rate.
    private static final int WINDOWS = 8;

    private final ProcessingConfig config;
    private final WindowCache windows = new WindowCache(WINDOWS);

    private Running(ProcessingConfig config) {
      this.config = config;
    }

    /// A new frame, or the same where there is nothing to do.
    ///
    /// @throws IllegalArgumentException if the frame is shorter than 16 samples and to be tapered
    public AudioFrame process(AudioFrame frame) {
      AudioFrame tapered =
          config.window() == Window.RECTANGULAR
              ? frame
              : frame.applyWindow(windows.get(config.window(), frame.length()));
      return config.normalize() ? tapered.normalize() : tapered;
    }

    /// Lets go of the windows. What is stopped is started anew from what this returns.
    public Configured stop() {
      return new Configured(config);
    }
  }
}
