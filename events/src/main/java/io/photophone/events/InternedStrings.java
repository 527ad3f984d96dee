package io.photophone.events;

import com.dynatrace.hash4j.hashing.Hasher64;
import com.dynatrace.hash4j.hashing.Hashing;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Strings, each kept once: names of programs, threads, files and functions. The same content gives
/// the same id, dense from 1, and the same instance; 0 is the reserved id [#REFUSED].
///
/// Memory is bounded: what no longer fits is refused and counted, and nothing that was kept is ever
/// dropped. Finding a string again allocates nothing, nor do ASCII bytes in a segment; other bytes
/// are decoded first. For one thread.
///
/// Contract: V8.
public final class InternedStrings {
  /// The id of every string that did not fit. It reads as an empty string; an empty string that was
  /// interned has an id of its own.
  public static final int REFUSED = 0;

  private static final int FIRST_SLOTS = 64;

  /// What a string takes beside its characters: the object and its array's header, rounded up.
  private static final int STRING_BYTES = 48;

  private static final int REFERENCE_BYTES = 8;

  private static final Hasher64 HASHER = Hashing.rapidhashV3();

  private final long limitBytes;
  private final AsciiBytes ascii = new AsciiBytes();

  /// Pairs { hash, id }, a power of two of them, probed one after the other.
  private long[] table = new long[2 * FIRST_SLOTS];

  private @Nullable String[] strings = new String[FIRST_SLOTS];
  private int size;
  private long characterBytes;
  private long refused;

  /// Of at most `limitBytes` for its arrays and strings, at least 8 KiB.
  public InternedStrings(long limitBytes) {
    if (limitBytes < 8192) {
      throw new IllegalArgumentException(
          "limit of interned strings is below 8192 bytes: " + limitBytes);
    }
    this.limitBytes = limitBytes;
  }

  /// The id of a string.
  public int intern(String string) {
    long hash = HASHER.hashCharsToLong(string);
    int mask = (table.length >> 1) - 1;
    int slot = (int) hash & mask;
    while (true) {
      int id = (int) table[2 * slot + 1];
      if (id == 0) {
        return add(hash, string);
      }
      if (table[2 * slot] == hash && string.equals(strings[id - 1])) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  /// The id of the string that `length` bytes of UTF-8 make, `offset` bytes into the segment. Bytes
  /// that are not UTF-8 read as U+FFFD.
  public int intern(MemorySegment source, long offset, int length) {
    Objects.checkFromIndexSize(offset, length, source.byteSize());
    if (!ascii.set(source, offset, length)) {
      return intern(decode(source, offset, length));
    }
    long hash = HASHER.hashCharsToLong(ascii);
    int mask = (table.length >> 1) - 1;
    int slot = (int) hash & mask;
    while (true) {
      int id = (int) table[2 * slot + 1];
      if (id == 0) {
        return add(hash, decode(source, offset, length));
      }
      if (table[2 * slot] == hash && ascii.contentEquals(get(id))) {
        return id;
      }
      slot = (slot + 1) & mask;
    }
  }

  /// The string of an id: the first instance of its content that was interned.
  public String get(int id) {
    if (id == REFUSED) {
      return "";
    }
    if (id < 0 || id > size) {
      throw new IndexOutOfBoundsException("id of a string is not within 0.." + size + ": " + id);
    }
    return Objects.requireNonNull(strings[id - 1]);
  }

  /// How many strings are kept; their ids are 1 up to this.
  public int size() {
    return size;
  }

  /// What its arrays and strings take, a string counted as two bytes a character unless all of its
  /// characters are Latin-1.
  public long bytes() {
    return bytes(table.length, strings.length, characterBytes);
  }

  /// How often a string was refused because it no longer fitted.
  public long refused() {
    return refused;
  }

  private int add(long hash, String string) {
    // Three quarters full at most: runs of taken slots stay short.
    boolean tableFull = (size + 1) * 4L > (table.length >> 1) * 3L;
    boolean stringsFull = size == strings.length;
    long characters = characterBytes + STRING_BYTES + characterBytes(string);
    long needed =
        bytes(
            tableFull ? 2L * table.length : table.length,
            stringsFull ? 2L * strings.length : strings.length,
            characters);
    if (needed > limitBytes || (tableFull && table.length >= 1 << 29)) {
      refused++;
      return REFUSED;
    }
    if (tableFull) {
      growTable();
    }
    if (stringsFull) {
      strings = Arrays.copyOf(strings, 2 * strings.length);
    }
    characterBytes = characters;
    strings[size++] = string;
    insert(hash, size);
    return size;
  }

  private void growTable() {
    long[] old = table;
    table = new long[2 * old.length];
    for (int i = 0; i < old.length; i += 2) {
      if (old[i + 1] != 0) {
        insert(old[i], old[i + 1]);
      }
    }
  }

  private void insert(long hash, long id) {
    int mask = (table.length >> 1) - 1;
    int slot = (int) hash & mask;
    while (table[2 * slot + 1] != 0) {
      slot = (slot + 1) & mask;
    }
    table[2 * slot] = hash;
    table[2 * slot + 1] = id;
  }

  private static long bytes(long tableLongs, long references, long characterBytes) {
    return tableLongs * Long.BYTES + references * REFERENCE_BYTES + characterBytes;
  }

  private static long characterBytes(String string) {
    for (int i = 0; i < string.length(); i++) {
      if (string.charAt(i) > 0xFF) {
        return 2L * string.length();
      }
    }
    return string.length();
  }

  private static String decode(MemorySegment source, long offset, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /// ASCII bytes read as characters, in a copy that is reused.
  private static final class AsciiBytes implements CharSequence {
    private byte[] bytes = new byte[64];
    private int length;

    /// Whether all of the bytes are ASCII; only then may it be read.
    boolean set(MemorySegment source, long offset, int length) {
      if (length > bytes.length) {
        bytes = new byte[length];
      }
      MemorySegment.copy(source, ValueLayout.JAVA_BYTE, offset, bytes, 0, length);
      this.length = length;
      int together = 0;
      for (int i = 0; i < length; i++) {
        together |= bytes[i];
      }
      return together >= 0;
    }

    boolean contentEquals(String string) {
      return string.contentEquals(this);
    }

    @Override
    public int length() {
      return length;
    }

    @Override
    public char charAt(int index) {
      return (char) bytes[index];
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return toString().subSequence(start, end);
    }

    @Override
    public String toString() {
      return new String(bytes, 0, length, StandardCharsets.US_ASCII);
    }
  }
}
