package io.photophone.acquisition.source;

import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// The process's standard input as a sender of samples.
///
/// It exists once, nobody can end a read of it, and it can't begin again. So one thread reads it
/// from the first opening to its end, and each opening goes on where the sender is by then: what
/// comes while none is open waits, or is lost if it is live.
final class StandardInput {
  private final RawSettings settings;
  private final InputStream input;
  private @Nullable Capture capture;

  StandardInput(RawSettings settings, InputStream input) {
    this.settings = settings;
    this.input = input;
  }

  synchronized AudioSource open() throws IOException {
    MicrophonePair microphones =
        MicrophonePair.of("standard input", settings.format(), settings.channels());
    Capture running = capture;
    boolean first = running == null;
    if (running == null) {
      running = new Capture(new Input(input), settings.format(), settings.live());
      capture = running;
    }
    RawSource source = new RawSource(running, microphones, settings.timeout(), false);
    if (first) {
      running.start();
    }
    return source;
  }

  private record Input(InputStream from) implements PcmInput {
    @Override
    public String name() {
      return "standard input";
    }

    @Override
    public boolean connected() {
      return false;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      return from.read(to, offset, length);
    }

    /// The process keeps it.
    @Override
    public void close() {}
  }
}
