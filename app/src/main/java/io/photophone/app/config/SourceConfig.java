package io.photophone.app.config;

import io.photophone.acquisition.source.ChannelChoice;
import io.photophone.acquisition.source.RawSettings;
import io.photophone.acquisition.source.SimulatedCellConfig;
import io.photophone.model.Range;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// Where the audio comes from.
public sealed interface SourceConfig {

  /// Samples a second, empty where only the source itself knows.
  default OptionalInt knownSampleRateHz() {
    return switch (this) {
      case Simulated(SimulatedCellConfig cell) -> OptionalInt.of(cell.sampleRateHz());
      case Microphone microphone -> OptionalInt.of(microphone.sampleRateHz());
      case Raw(RawSettings raw) -> OptionalInt.of(raw.format().sampleRateHz());
      case File _, None _ -> OptionalInt.empty();
    };
  }

  /// A cell that is computed.
  record Simulated(SimulatedCellConfig cell) implements SourceConfig {}

  /// A recording.
  ///
  /// @param channels the file's channels for the two microphones, counted from 1: `1,2`, or `1` for
  ///   one microphone; empty for a file that must be stereo
  /// @param loop whether it begins again at its end; where it ends off a whole second, with a gap
  ///   until the next, so that a modulation of whole hertz keeps its phase
  /// @param speed 1 for real time, N for N times as fast, 0 for as fast as possible
  record File(Path path, String channels, boolean loop, double speed) implements SourceConfig {
    public static final Pattern CHANNELS = Pattern.compile("([1-9][0-9]?(,[1-9][0-9]?)?)?");

    /// What [#CHANNELS] allows, in words.
    public static final String CHANNELS_IN_WORDS = "empty, or channels from 1 such as 1,2 or 1";

    public static final Range SPEED = Range.closed(0, 1000);

    public File {
      if (!CHANNELS.matcher(channels).matches()) {
        throw new IllegalArgumentException(
            "channels is %s, allowed: %s".formatted(channels, CHANNELS_IN_WORDS));
      }
      SPEED.check("speed", speed);
    }

    /// Which of the file's channels are the microphones.
    public ChannelChoice channelChoice() {
      return channels.isEmpty() ? ChannelChoice.STEREO : ChannelChoice.parse(channels);
    }

    /// A stereo recording, once and in real time.
    public static File of(Path path) {
      return new File(path, "", false, 1);
    }
  }

  /// An audio input of this computer.
  ///
  /// @param name of the device, empty for the system's own choice
  record Microphone(String name, int sampleRateHz) implements SourceConfig {
    public static final Range SAMPLE_RATE_HZ = Range.closed(8000, 192_000);

    public static final Microphone DEFAULT = new Microphone("", 48_000);

    public Microphone {
      SAMPLE_RATE_HZ.check("sample_rate_hz", sampleRateHz);
    }
  }

  /// What another program sends.
  record Raw(RawSettings settings) implements SourceConfig {
    boolean standardInput() {
      return settings.from() == RawSettings.Transport.STDIN;
    }
  }

  /// No audio: what was recorded is served, nothing is measured.
  record None() implements SourceConfig {}
}
