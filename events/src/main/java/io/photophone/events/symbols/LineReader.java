package io.photophone.events.symbols;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;

/// Reads lines of bytes into one buffer, and numbers from them; a line longer than the buffer is
/// passed over and counted.
final class LineReader {
  private final InputStream input;
  private final byte[] buffer;
  private final MemorySegment segment;
  private int filled;
  private int next;
  private int position;
  private int end;
  private long overlong;
  private long number;

  LineReader(InputStream input, int longestLine) {
    this.input = input;
    this.buffer = new byte[longestLine];
    this.segment = MemorySegment.ofArray(buffer);
  }

  /// Moves to the next line.
  ///
  /// @return false at the end
  boolean next() throws IOException {
    boolean passing = false;
    while (true) {
      for (int i = next; i < filled; i++) {
        if (buffer[i] == '\n') {
          position = next;
          end = i;
          next = i + 1;
          if (!passing) {
            return true;
          }
          passing = false;
        }
      }
      System.arraycopy(buffer, next, buffer, 0, filled - next);
      filled -= next;
      next = 0;
      if (filled == buffer.length) {
        overlong += passing ? 0 : 1;
        passing = true;
        filled = 0;
      }
      int count = input.read(buffer, filled, buffer.length - filled);
      if (count < 0) {
        position = 0;
        end = filled;
        next = filled;
        return !passing && filled > 0;
      }
      filled += count;
    }
  }

  long overlong() {
    return overlong;
  }

  MemorySegment bytes() {
    return segment;
  }

  int position() {
    return position;
  }

  /// Bytes of the line from the position on.
  int remaining() {
    return end - position;
  }

  /// The byte at the position, or -1 at the line's end; doesn't move.
  int peek() {
    return position < end ? buffer[position] : -1;
  }

  void skip() {
    position++;
  }

  boolean skipSpaces() {
    int start = position;
    while (peek() == ' ' || peek() == '\t') {
      position++;
    }
    return position > start;
  }

  void replaceTabs() {
    for (int i = position; i < end; i++) {
      if (buffer[i] == '\t') {
        buffer[i] = ' ';
      }
    }
  }

  /// Drops spaces and carriage returns from the line's end.
  void trimEnd() {
    while (end > position && (buffer[end - 1] == ' ' || buffer[end - 1] == '\r')) {
      end--;
    }
  }

  /// Reads a hexadecimal number of up to 64 bits, with or without `0x`.
  ///
  /// @return digits read: 0 if there is none, -1 if there are too many
  int hex() {
    if (remaining() > 2 && buffer[position] == '0' && (buffer[position + 1] | 0x20) == 'x') {
      position += 2;
    }
    number = 0;
    int digits = 0;
    for (int d = digit(); d >= 0; d = digit()) {
      if (number >>> 60 != 0) {
        return -1;
      }
      number = number << 4 | d;
      digits++;
      position++;
    }
    return digits;
  }

  /// What `hex` read.
  long number() {
    return number;
  }

  private int digit() {
    return Character.digit(peek(), 16);
  }
}
