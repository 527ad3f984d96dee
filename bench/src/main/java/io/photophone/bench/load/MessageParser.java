package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Takes a WebSocket of frames in bytes apart, as `docs/formats/audio-frame.md` describes them, and
/// steps over the samples.
final class MessageParser implements StreamParser {
  private static final int LAST_PIECE = 0x80;
  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CLOSE = 8;
  private static final int LENGTH_IN_TWO = 126;
  private static final int LENGTH_IN_EIGHT = 127;

  /// All of a text, or the first bytes of a frame.
  private static final int FIRST = 512;

  private static final Pattern MISSED = Pattern.compile("\"missed\": ?(\\d+)");

  private final double speed;
  private final FrameCount count;
  private final ResponseHead response = new ResponseHead();

  /// The head of a message, of which two to ten bytes are there.
  private final ByteBuffer head = ByteBuffer.allocate(10);

  private final ByteBuffer first = ByteBuffer.allocate(FIRST).order(ByteOrder.LITTLE_ENDIAN);
  private boolean inPayload;
  private long remaining;
  private boolean open = true;

  /// @param speed at which the server plays its source, times real time
  MessageParser(long seen, double speed) {
    this.count = new FrameCount(seen);
    this.speed = speed;
  }

  @Override
  public boolean answered() {
    return response.complete();
  }

  @Override
  public boolean open() {
    return open;
  }

  @Override
  public long seen() {
    return count.seen();
  }

  @Override
  public void accept(ByteBuffer bytes, Tally tally) throws IOException {
    tally.bytes += bytes.remaining();
    if (!response.complete()) {
      response.accept(bytes);
      if (response.complete()) {
        response.require(101, "upgrade: websocket");
      }
    }
    while (open && bytes.hasRemaining()) {
      if (inPayload) {
        payload(bytes);
      } else {
        head.put(bytes.get());
        inPayload = headIsComplete();
      }
      if (inPayload && remaining == 0) {
        message(tally);
        head.clear();
        first.clear();
        inPayload = false;
      }
    }
  }

  private boolean headIsComplete() {
    if (head.position() < 2) {
      return false;
    }
    int length = head.get(1);
    if (head.position() == 2 && length < LENGTH_IN_TWO) {
      remaining = length;
      return true;
    }
    if (head.position() == 4 && length == LENGTH_IN_TWO) {
      remaining = Short.toUnsignedInt(head.getShort(2));
      return true;
    }
    if (head.position() == 10 && length == LENGTH_IN_EIGHT) {
      remaining = head.getLong(2);
      return true;
    }
    return false;
  }

  private void payload(ByteBuffer bytes) {
    int length = (int) Math.min(remaining, bytes.remaining());
    int kept = Math.min(first.remaining(), length);
    first.put(first.position(), bytes, bytes.position(), kept).position(first.position() + kept);
    bytes.position(bytes.position() + length);
    remaining -= length;
  }

  private void message(Tally tally) throws IOException {
    int kind = Byte.toUnsignedInt(head.get(0));
    if ((kind & LAST_PIECE) == 0) {
      throw new IOException("a message in pieces, allowed: in one");
    }
    switch (kind & 0x0f) {
      case BINARY -> frame(tally);
      case TEXT -> {
        Matcher missed = MISSED.matcher(UTF_8.decode(first.flip()));
        if (missed.find()) {
          count.lagged(Long.parseLong(missed.group(1)), tally);
        }
      }
      case CLOSE -> {
        open = false;
        tally.ended++;
      }
      default -> {
        // Pings ask for nothing of a client that only counts.
      }
    }
  }

  private void frame(Tally tally) {
    int rateHz = first.getInt(12);
    long number = first.getLong(16);
    long capturedNanos = first.getLong(32);
    long samples = (long) first.getInt(40) * Math.max(1, first.getShort(44));
    long durationNanos = (long) (samples * 1e9 / rateHz / speed);
    count.frame(number, (capturedNanos + durationNanos) / 1000, tally);
  }
}
