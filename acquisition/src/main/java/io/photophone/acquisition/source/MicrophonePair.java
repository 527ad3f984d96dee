package io.photophone.acquisition.source;

import java.io.IOException;
import java.nio.ByteBuffer;

/// The two channels of a format that are the microphones.
///
/// @param channelA from 0
/// @param channelB from 0, or [#SILENT]
record MicrophonePair(PcmFormat format, int channelA, int channelB) {
  private static final int SILENT = -1;

  /// Finds the chosen channels.
  ///
  /// @param name of what has this format, for messages
  /// @throws IOException if the format doesn't have the channels, or leaves the choice open
  static MicrophonePair of(String name, PcmFormat format, ChannelChoice choice) throws IOException {
    return switch (choice) {
      case ChannelChoice.Stereo() -> {
        if (format.channels() != 2) {
          throw new IOException(
              "%s: has %s: say which are the microphones, as in %s"
                  .formatted(
                      name,
                      count(format),
                      format.channels() == 1
                          ? "--channels 1 (microphone B is silent)"
                          : "--channels 1,2"));
        }
        yield new MicrophonePair(format, 0, 1);
      }
      case ChannelChoice.Single(int microphoneA) ->
          new MicrophonePair(format, chosen(name, format, microphoneA), SILENT);
      case ChannelChoice.Pair(int microphoneA, int microphoneB) ->
          new MicrophonePair(
              format, chosen(name, format, microphoneA), chosen(name, format, microphoneB));
    };
  }

  private static int chosen(String name, PcmFormat format, int channel) throws IOException {
    if (channel > format.channels()) {
      throw new IOException(
          "%s: has no channel %d, it has %s".formatted(name, channel, count(format)));
    }
    return channel - 1;
  }

  private static String count(PcmFormat format) {
    return format.channels() == 1 ? "1 channel" : format.channels() + " channels";
  }

  /// Decodes `count` samples of each microphone; a silent one's array stays as it is.
  ///
  /// @param from in the format's byte order
  /// @param offset byte where the samples begin in `from`
  /// @param first index of the first sample in `a` and `b`
  void decode(ByteBuffer from, int offset, float[] a, float[] b, int first, int count) {
    decode(channelA, from, offset, a, first, count);
    if (channelB != SILENT) {
      decode(channelB, from, offset, b, first, count);
    }
  }

  private void decode(int channel, ByteBuffer from, int offset, float[] to, int first, int count) {
    SampleEncoding encoding = format.encoding();
    int start = offset + channel * encoding.bytes();
    encoding.decode(from, start, format.blockBytes(), to, first, count);
  }
}
