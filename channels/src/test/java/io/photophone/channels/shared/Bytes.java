package io.photophone.channels.shared;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Messages of tests, as text.
final class Bytes {
  private Bytes() {}

  static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  /// What one poll tells: the message, or the outcome's name, with the count of a lag.
  static String told(SharedReceiver receiver) {
    ByteBuffer buffer = ByteBuffer.allocate(receiver.maxMessage());
    return told(receiver.poll(buffer), buffer);
  }

  static String told(SharedReceived outcome, ByteBuffer buffer) {
    return switch (outcome) {
      case SharedReceived.Message _ -> UTF_8.decode(buffer.flip()).toString();
      case SharedReceived.Empty _ -> "empty";
      case SharedReceived.Lagged(long missed) -> "lagged " + missed;
      case SharedReceived.Closed _ -> "closed";
      case SharedReceived.PeerGone(long pid) -> "gone " + pid;
    };
  }

  /// Everything there is to receive now, and why there is no more.
  static List<String> all(SharedReceiver receiver) {
    List<String> told = new ArrayList<>();
    while (true) {
      String one = told(receiver);
      told.add(one);
      if (one.equals("empty") || one.equals("closed") || one.startsWith("gone")) {
        return told;
      }
    }
  }

  /// Deterministic bytes, different for each message.
  static byte[] pattern(long number, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (31 * number + 7L * i + 1);
    }
    return bytes;
  }
}
