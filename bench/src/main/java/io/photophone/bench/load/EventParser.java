package io.photophone.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// Takes an HTTP/1.1 response of server-sent events apart and counts what comes.
///
/// It looks at the first and the last bytes of an event and steps over the rest, so that a thousand
/// clients cost little but the kernel's copies. It therefore asks that no chunk holds the end of
/// one event and more of another, as servers do that write an event at a time; else frames are
/// missing in the counts.
final class EventParser implements StreamParser {
  private static final int LONGEST_HEAD = 16 * 1024;
  private static final int FIRST = 64;
  private static final int LAST = 256;
  private static final byte[] ID = "id: ".getBytes(US_ASCII);
  private static final byte[] LAGGED = "event: lagged\n".getBytes(US_ASCII);
  private static final byte[] MISSED = "\"missed\":".getBytes(US_ASCII);
  private static final byte[] TIMESTAMP = "\"timestamp\":".getBytes(US_ASCII);
  private static final byte[] DURATION = "\"duration_ms\":".getBytes(US_ASCII);

  private enum Part {
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    DONE
  }

  private final double speed;
  private final FrameCount count;
  private final ResponseHead response = new ResponseHead();
  private Part part = Part.CHUNK_SIZE;

  /// Bytes of the chunk still to come; while its size is read, the size so far.
  private long remaining;

  private boolean sizeEnded;

  private final byte[] first = new byte[FIRST];
  private final byte[] last = new byte[LAST];
  private int firstLength;
  private int lastLength;

  /// A parser of what a client gets that has seen the frame of the given number.
  ///
  /// @param speed at which the server plays its source, times real time
  EventParser(long seen, double speed) {
    this.count = new FrameCount(seen);
    this.speed = speed;
  }

  @Override
  public long seen() {
    return count.seen();
  }

  @Override
  public boolean answered() {
    return response.complete();
  }

  @Override
  public boolean open() {
    return part != Part.DONE;
  }

  @Override
  public void accept(ByteBuffer bytes, Tally tally) throws IOException {
    tally.bytes += bytes.remaining();
    if (!response.complete()) {
      response.accept(bytes);
      if (response.complete()) {
        response.require(200, "transfer-encoding: chunked");
      }
    }
    while (bytes.hasRemaining() && part != Part.DONE) {
      switch (part) {
        case CHUNK_SIZE -> chunkSize(bytes.get(), tally);
        case CHUNK -> chunk(bytes, tally);
        case CHUNK_END -> {
          remaining--;
          bytes.get();
          if (remaining == 0) {
            part = Part.CHUNK_SIZE;
          }
        }
        case DONE -> throw new IllegalStateException("bytes behind the end");
      }
    }
  }

  private void chunkSize(byte b, Tally tally) throws IOException {
    if (b == '\n') {
      sizeEnded = false;
      if (remaining == 0) {
        part = Part.DONE;
        tally.ended++;
      } else {
        part = Part.CHUNK;
      }
    } else if (b == ';' || b == '\r') {
      sizeEnded = true;
    } else if (!sizeEnded) {
      int digit = Character.digit(b, 16);
      if (digit < 0) {
        throw new IOException("a chunk's size has the byte " + b);
      }
      remaining = remaining * 16 + digit;
    }
  }

  private void chunk(ByteBuffer bytes, Tally tally) {
    int length = (int) Math.min(remaining, bytes.remaining());
    int from = bytes.position();
    if (firstLength < FIRST) {
      int more = Math.min(FIRST - firstLength, length);
      bytes.get(from, first, firstLength, more);
      firstLength += more;
    }
    int fresh = Math.min(length, LAST);
    int kept = Math.min(lastLength, LAST - fresh);
    System.arraycopy(last, lastLength - kept, last, 0, kept);
    bytes.get(from + length - fresh, last, kept, fresh);
    lastLength = kept + fresh;
    bytes.position(from + length);
    remaining -= length;
    if (remaining == 0) {
      // A server may send the end of a chunk with the next one, so that isn't waited for.
      endOfEvent(tally);
      part = Part.CHUNK_END;
      remaining = 2;
    }
  }

  private void endOfEvent(Tally tally) {
    if (lastLength < 2 || last[lastLength - 1] != '\n' || last[lastLength - 2] != '\n') {
      return;
    }
    if (startsWith(ID)) {
      frame(tally);
    } else if (startsWith(LAGGED)) {
      count.lagged((long) number(MISSED), tally);
    }
    firstLength = 0;
    lastLength = 0;
  }

  private void frame(Tally tally) {
    long id = 0;
    for (int i = ID.length; i < firstLength && first[i] != '\n'; i++) {
      id = id * 10 + first[i] - '0';
    }
    double endMs = number(TIMESTAMP) + number(DURATION) / speed;
    count.frame(id, (long) (endMs * 1000), tally);
  }

  private boolean startsWith(byte[] text) {
    return firstLength >= text.length && Arrays.equals(first, 0, text.length, text, 0, text.length);
  }

  /// The number behind a name in the event's last bytes; 0 if it isn't there.
  private double number(byte[] name) {
    for (int at = lastLength - name.length; at >= 0; at--) {
      if (Arrays.equals(last, at, at + name.length, name, 0, name.length)) {
        return numberAt(at + name.length);
      }
    }
    return 0;
  }

  private double numberAt(int from) {
    double value = 0;
    double unit = 0;
    for (int i = from; i < lastLength; i++) {
      byte b = last[i];
      if (b == '.') {
        unit = 1;
      } else if (b >= '0' && b <= '9') {
        value = value * 10 + b - '0';
        unit *= 10;
      } else {
        break;
      }
    }
    return unit == 0 ? value : value / unit;
  }
}
