package io.photophone.acquisition.source;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Raw samples that another program sends: by standard input, a TCP connection, or UDP datagrams.
///
/// Samples carry no number and no time of their own. What can be known to be lost is counted: what
/// this program was too slow to read, and, by the clock, what came while no sender was there.
/// Datagrams that the network loses can't be known.
///
/// A live sender is waited for as long as it takes; once it was there, its silence beyond the
/// time-out is a failure, and so is the end of its connection. Standard input ends for good.
///
/// Contract: A2, B30.
public final class RawSource implements AudioSource {
  private final Capture capture;
  private final MicrophonePair microphones;
  private final Duration timeout;

  /// Whether the capture is this source's alone, and ends with it.
  private final boolean owner;

  private final long session;

  /// What was taken and not all of it read; the reading thread's own.
  private @Nullable CaptureBuffer current;

  /// What ended the last read early; the reading thread's own.
  private @Nullable IOException failure;

  /// How to open what the settings describe. Standard input exists once: its openers must too.
  public static AudioSource.Opener opener(RawSettings settings) {
    return switch (settings.from()) {
      case STDIN -> new StandardInput(settings, new FileInputStream(FileDescriptor.in))::open;
      case TCP_LISTEN -> () -> open(settings, TcpInput.listen(settings));
      case TCP_CONNECT -> () -> open(settings, TcpInput.connect(settings));
      case UDP -> () -> open(settings, UdpInput.bind(settings));
    };
  }

  private static RawSource open(RawSettings settings, PcmInput input) throws IOException {
    MicrophonePair microphones;
    try {
      microphones = MicrophonePair.of(input.name(), settings.format(), settings.channels());
    } catch (IOException e) {
      input.close();
      throw e;
    }
    Capture capture = new Capture(input, settings.format(), settings.live());
    RawSource source = new RawSource(capture, microphones, settings.timeout(), true);
    capture.start();
    return source;
  }

  RawSource(Capture capture, MicrophonePair microphones, Duration timeout, boolean owner) {
    this.capture = capture;
    this.microphones = microphones;
    this.timeout = timeout;
    this.owner = owner;
    this.session = capture.begin();
  }

  @Override
  public String name() {
    return capture.name();
  }

  @Override
  public int sampleRateHz() {
    return capture.format().sampleRateHz();
  }

  @Override
  public boolean live() {
    return capture.live();
  }

  @Override
  public boolean simulated() {
    return false;
  }

  /// Waits for the samples; fewer than asked for come before a loss and at the end.
  @Override
  public SourceRead read(int sampleCount) throws IOException {
    if (sampleCount < 1) {
      throw new IllegalArgumentException("sample count is not positive: " + sampleCount);
    }
    CaptureBuffer from = next();
    if (from == null) {
      return new SourceRead.End();
    }
    long lost = from.lostBefore();
    int block = capture.format().blockBytes();
    float[] a = new float[sampleCount];
    float[] b = new float[sampleCount];
    int done = 0;
    while (from != null && done < sampleCount) {
      int count = Math.min(sampleCount - done, from.length() / block);
      microphones.decode(from.view(), from.start(), a, b, done, count);
      from.use(count * block);
      done += count;
      if (from.length() == 0) {
        current = null;
        capture.pool().giveBack(from);
        from = done < sampleCount ? continued() : null;
      }
    }
    OptionalLong lag =
        capture.live() ? OptionalLong.of(capture.lagNanos(done + held())) : OptionalLong.empty();
    return done == sampleCount
        ? new SourceRead.Samples(a, b, lost, lag)
        : new SourceRead.Samples(Arrays.copyOf(a, done), Arrays.copyOf(b, done), lost, lag);
  }

  /// Samples that the next read begins with, those that are lost before them included.
  private long held() {
    CaptureBuffer rest = current;
    return rest == null ? 0 : rest.lostBefore() + rest.length() / capture.format().blockBytes();
  }

  private @Nullable CaptureBuffer next() throws IOException {
    IOException why = failure;
    if (why != null) {
      throw why;
    }
    CaptureBuffer next = current;
    if (next == null) {
      next = capture.take(session, timeout);
      current = next;
    }
    return next;
  }

  /// The samples that follow without a loss; null where there are none. What failed is told by the
  /// next read, behind the samples that came before.
  private @Nullable CaptureBuffer continued() {
    try {
      CaptureBuffer next = next();
      return next == null || next.lostBefore() > 0 ? null : next;
    } catch (IOException e) {
      failure = e;
      return null;
    }
  }

  @Override
  public void close() {
    if (owner) {
      capture.close();
    } else {
      capture.leave(session);
    }
  }
}
