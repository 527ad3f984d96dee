package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Fields of random formats in random bytes, whole or cut off, are where the words of
/// [FieldLocation] say, and no read depends on a byte outside the event. System property:
/// `events.read.seed` of the first format.
@Tag("V3")
@Tag("V4")
final class FieldReadPropertyTest {
  private static final long FIRST_SEED = Long.getLong("events.read.seed", System.nanoTime());
  private static final int READS = 1_000_000;
  private static final int BEFORE = 13;
  private static final int BEHIND = 70_000;
  private static final long SHORT = -1;

  private final byte[][] buffers = new byte[][] {poisoned(0), poisoned(1), poisoned(0xFF)};

  private static byte[] poisoned(int poison) {
    byte[] bytes = new byte[BEFORE + 100 + BEHIND];
    Arrays.fill(bytes, (byte) poison);
    return bytes;
  }

  @Test
  void readers_find_what_the_bytes_say_and_never_look_outside() {
    System.out.println("seed " + FIRST_SEED);
    int reads = 0;
    int found = 0;
    for (long seed = FIRST_SEED; reads < READS; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      EventFormat format = format(random);
      for (int i = 0; i < 20; i++) {
        byte[] event = event(random);
        for (FieldRef ref : format.refs()) {
          long expected = locate(format, ref.index(), event);
          for (int poison = 0; poison < buffers.length; poison++) {
            check(seed, ref, event, expected, buffers[poison]);
          }
          reads += buffers.length;
          found += expected == SHORT ? 0 : buffers.length;
        }
      }
    }
    System.out.printf("%d reads, %d of fields that were there%n", reads, found);
    assertEquals(true, found > reads / 10 && found < reads * 9 / 10, "too few or too many found");
  }

  private static void check(long seed, FieldRef ref, byte[] event, long expected, byte[] buffer) {
    byte outside = buffer[0];
    System.arraycopy(event, 0, buffer, BEFORE, event.length);
    MemorySegment segment = MemorySegment.ofArray(buffer);
    String what = "seed %d: %s of %s in %s".formatted(seed, ref, ref.format(), event.length);
    assertEquals(expected, ref.find(segment, BEFORE, event.length), what);
    long located;
    try {
      located = ref.reader().locate(segment, BEFORE, event.length);
    } catch (EventDataException _) {
      located = SHORT;
    }
    assertEquals(expected, located, what);
    if (ref.field().kind() == FieldKind.INTEGER) {
      checkInteger(ref, event, expected, segment, what);
    }
    Arrays.fill(buffer, BEFORE, BEFORE + event.length, outside);
  }

  private static void checkInteger(
      FieldRef ref, byte[] event, long span, MemorySegment segment, String what) {
    EventData data = new EventData().moveTo(ref.format(), segment, BEFORE, event.length);
    try {
      long value = ref.longReader().read(segment, BEFORE, event.length);
      assertEquals(integer(ref, event, Span.start(span)), value, what);
      assertEquals(value, data.longOf(ref), what);
    } catch (EventDataException e) {
      if (span != SHORT) {
        fail(what, e);
      }
    }
  }

  private static long integer(FieldRef ref, byte[] event, int at) {
    int size = ref.field().size();
    long value = 0;
    for (int i = 0; i < size; i++) {
      int place = at + (ref.isBigEndian() ? i : size - 1 - i);
      value = (value << Byte.SIZE) | (event[place] & 0xFF);
    }
    int spare = Long.SIZE - size * Byte.SIZE;
    return ref.field().signed() ? value << spare >> spare : value;
  }

  /// From the first field on, byte after byte.
  private static long locate(EventFormat format, int index, byte[] event) {
    int base = 0;
    for (EventField field : format.fields().subList(0, index + 1)) {
      int start = base + field.offset();
      boolean isWanted = field.name().equals(format.fields().get(index).name());
      boolean isVariable =
          switch (field.location()) {
            case FIXED, DATA_LOC, REL_LOC -> false;
            case TERMINATED, TERMINATED_UTF16, LENGTH_PREFIXED -> true;
          };
      if (!isWanted && !isVariable) {
        continue;
      }
      if (start + field.size() > event.length) {
        return SHORT;
      }
      long place = place(format, field, start, event);
      if (isWanted || place == SHORT) {
        return place;
      }
      int mark =
          switch (field.location()) {
            case TERMINATED -> 1;
            case TERMINATED_UTF16 -> 2;
            case FIXED, LENGTH_PREFIXED, DATA_LOC, REL_LOC -> 0;
          };
      base = Span.start(place) + Span.length(place) + mark;
    }
    throw new IllegalStateException("no field " + index);
  }

  private static long place(EventFormat format, EventField field, int start, byte[] event) {
    boolean big = format.order().equals(ByteOrder.BIG_ENDIAN);
    return switch (field.location()) {
      case FIXED -> Span.of(start, field.size());
      case TERMINATED -> mark(event, start, 1);
      case TERMINATED_UTF16 -> mark(event, start, 2);
      case LENGTH_PREFIXED ->
          within(event, start + field.size(), unsigned(event, start, field.size(), big));
      case DATA_LOC -> located(event, unsigned(event, start, 4, big), 0);
      case REL_LOC -> located(event, unsigned(event, start, 4, big), start + 4);
    };
  }

  private static long located(byte[] event, long location, int from) {
    return within(event, from + (int) (location % 65536), location / 65536);
  }

  private static long within(byte[] event, int start, long count) {
    return start + count > event.length ? SHORT : Span.of(start, (int) count);
  }

  private static long mark(byte[] event, int start, int unit) {
    for (int i = start; i + unit <= event.length; i += unit) {
      if (event[i] == 0 && event[i + unit - 1] == 0) {
        return Span.of(start, i - start);
      }
    }
    return SHORT;
  }

  private static long unsigned(byte[] event, int at, int size, boolean big) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value * 256 + (event[at + (big ? i : size - 1 - i)] & 0xFF);
    }
    return value;
  }

  private static EventFormat format(SplittableRandom random) {
    EventFormat.Builder builder =
        EventFormat.builder("random")
            .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int fields = random.nextInt(1, 9);
    for (int i = 0; i < fields; i++) {
      String name = "f" + i;
      builder.skip(random.nextInt(4) == 0 ? random.nextInt(4) : 0);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> builder.integer(name, 1 << random.nextInt(4), random.nextBoolean());
        case 3 -> builder.terminatedText(name);
        case 4 -> builder.terminatedUtf16(name);
        case 5 -> builder.prefixed(name, FieldKind.BYTES, 1 << random.nextInt(3));
        case 6 -> builder.dynamicText(name);
        default -> builder.bytes(name, random.nextInt(6));
      }
    }
    return builder.build();
  }

  /// Small numbers mostly, so that lengths, locations and end marks often fit.
  private static byte[] event(SplittableRandom random) {
    byte[] event = new byte[random.nextInt(80)];
    for (int i = 0; i < event.length; i++) {
      event[i] =
          (byte)
              switch (random.nextInt(4)) {
                case 0 -> 0;
                case 1 -> random.nextInt(10);
                case 2 -> random.nextInt(60);
                default -> random.nextInt();
              };
    }
    return event;
  }
}
