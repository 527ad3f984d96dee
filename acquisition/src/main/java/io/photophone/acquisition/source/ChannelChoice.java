package io.photophone.acquisition.source;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which channels of a recording are microphones A and B. Channels count from 1.
public sealed interface ChannelChoice {
  /// The first channel is A, the second is B, and there is no third: nothing is left to guess.
  ChannelChoice STEREO = new Stereo();

  /// From `1,2`, A's channel and B's, or from `1`, a recording of microphone A alone.
  ///
  /// @throws IllegalArgumentException if the text is neither
  static ChannelChoice parse(String text) {
    Matcher channels = Pattern.compile("(\\d{1,5})(?:\\s*,\\s*(\\d{1,5}))?").matcher(text.strip());
    if (!channels.matches()) {
      throw new IllegalArgumentException(
          "channels are \"%s\", allowed: two channels as in 1,2 or one as in 1".formatted(text));
    }
    int microphoneA = Integer.parseInt(channels.group(1));
    String second = channels.group(2);
    return second == null
        ? new Single(microphoneA)
        : new Pair(microphoneA, Integer.parseInt(second));
  }

  /// As [#parse] reads it; empty for [#STEREO].
  String text();

  /// See [#STEREO].
  record Stereo() implements ChannelChoice {
    @Override
    public String text() {
      return "";
    }
  }

  /// Microphone A alone. B is silent, so that A − B is A.
  record Single(int microphoneA) implements ChannelChoice {
    public Single {
      checkChannel(microphoneA);
    }

    @Override
    public String text() {
      return String.valueOf(microphoneA);
    }
  }

  /// One channel for each microphone, whatever else the recording holds.
  record Pair(int microphoneA, int microphoneB) implements ChannelChoice {
    public Pair {
      checkChannel(microphoneA);
      checkChannel(microphoneB);
      if (microphoneA == microphoneB) {
        throw new IllegalArgumentException(
            "channel %d can't be both microphones: A − B would be 0".formatted(microphoneA));
      }
    }

    @Override
    public String text() {
      return microphoneA + "," + microphoneB;
    }
  }

  private static void checkChannel(int channel) {
    if (channel < 1) {
      throw new IllegalArgumentException("channel is %d, allowed: 1 or more".formatted(channel));
    }
  }
}
