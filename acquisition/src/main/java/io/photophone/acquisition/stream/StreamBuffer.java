package io.photophone.acquisition.stream;

import io.photophone.model.Range;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How much a stream retains, which is how far a consumer may fall behind before it loses frames,
/// and how much a stalled one can hold back: so many frames, so long, or so many bytes. Contract:
/// A34.
public sealed interface StreamBuffer {
  Range FRAMES = Range.closed(1, 10_000);
  Range SPAN_S = Range.above(0, 3600);
  Range MEGABYTES = Range.closed(1, 10_000);

  /// For who wants the newest alone.
  StreamBuffer REAL_TIME = new Frames(10);

  StreamBuffer ANALYSIS = new Frames(100);

  /// For who must not miss a frame while a disk is busy.
  StreamBuffer RECORDING = new Frames(1000);

  /// The names of those above.
  Map<String, StreamBuffer> PRESETS =
      Map.of("real_time", REAL_TIME, "analysis", ANALYSIS, "recording", RECORDING);

  /// The form of what [#parse] reads.
  Pattern PATTERN =
      Pattern.compile(
          "real_time|analysis|recording|([1-9][0-9]{0,3}|10000) frames"
              + "|[0-9]{1,5}([.][0-9]{1,3})? (s|MB)");

  /// What [#parse] reads, in words.
  String IN_WORDS =
      "real_time, analysis, recording, 1 to 10000 frames as in 100 frames, up to 3600 s as in 2.5"
          + " s, or 1 to 10000 MB as in 8 MB";

  /// Objects of a frame beside its samples: its own, the two arrays' headers, its place in the
  /// ring.
  int FRAME_OVERHEAD_BYTES = 200;

  /// At least one frame.
  ///
  /// @param sampleRateHz highest rate of the source
  int frames(double targetFps, int sampleRateHz);

  /// As [#parse] reads it.
  String text();

  /// From a preset's name, or a number and its unit.
  ///
  /// @throws IllegalArgumentException if it is neither, or out of range
  static StreamBuffer parse(String text) {
    StreamBuffer preset = PRESETS.get(text);
    if (preset != null) {
      return preset;
    }
    Matcher parts = Pattern.compile("([0-9.]+) ([a-zA-Z]+)").matcher(text);
    if (!PATTERN.matcher(text).matches() || !parts.matches()) {
      throw new IllegalArgumentException("buffer is %s, allowed: %s".formatted(text, IN_WORDS));
    }
    BigDecimal number = new BigDecimal(parts.group(1));
    return switch (parts.group(2)) {
      case "frames" -> new Frames(number.intValueExact());
      case "s" -> new Span(Duration.ofMillis(number.movePointRight(3).longValueExact()));
      case "MB" -> new Bytes(number.movePointRight(6).longValueExact());
      default -> throw new AssertionError("the pattern has no such unit: " + text);
    };
  }

  /// So many frames, whatever they are.
  record Frames(int count) implements StreamBuffer {
    public Frames {
      FRAMES.check("buffer", count);
    }

    @Override
    public int frames(double targetFps, int sampleRateHz) {
      return count;
    }

    @Override
    public String text() {
      return PRESETS.entrySet().stream()
          .filter(preset -> preset.getValue().equals(this))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(count + " frames");
    }
  }

  /// The frames of so long a time, a part of one taken for whole.
  record Span(Duration length) implements StreamBuffer {
    public Span {
      SPAN_S.check("buffer", length.toNanos() / 1e9);
    }

    @Override
    public int frames(double targetFps, int sampleRateHz) {
      double frames = Math.max(1, Math.ceil(length.toNanos() / 1e9 * targetFps));
      return (int) Math.min(frames, FRAMES.highest());
    }

    @Override
    public String text() {
      return BigDecimal.valueOf(length.toNanos(), 9).stripTrailingZeros().toPlainString() + " s";
    }
  }

  /// As many frames as so many bytes hold, and one at least.
  record Bytes(long count) implements StreamBuffer {
    public Bytes {
      MEGABYTES.check("buffer", count / 1e6);
    }

    @Override
    public int frames(double targetFps, int sampleRateHz) {
      double frameBytes =
          2 * Float.BYTES * Math.ceil(sampleRateHz / targetFps) + FRAME_OVERHEAD_BYTES;
      return (int) Math.clamp(Math.floor(count / frameBytes), 1, FRAMES.highest());
    }

    @Override
    public String text() {
      return BigDecimal.valueOf(count, 6).stripTrailingZeros().toPlainString() + " MB";
    }
  }
}
