package io.photophone.events.filter;

import io.photophone.events.EventField;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldRef;
import java.nio.ByteOrder;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Formats, filters of them and events for them, such that clauses hold about as often as not: few
/// letters, small numbers and those at the ends of their ranges.
final class RandomFilters {
  private static final String LETTERS = "ab*?é";

  private final SplittableRandom random;

  RandomFilters(long seed) {
    random = new SplittableRandom(seed);
  }

  EventFormat format() {
    EventFormat.Builder builder =
        EventFormat.builder("random")
            .order(random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    int fields = random.nextInt(1, 7);
    for (int i = 0; i < fields; i++) {
      builder.skip(random.nextInt(4) == 0 ? random.nextInt(5) : 0);
      String name = "f" + i;
      switch (random.nextInt(9)) {
        case 0, 1, 2 -> builder.integer(name, 1 << random.nextInt(4), random.nextBoolean());
        case 3 -> builder.float64(name);
        case 4, 5 -> builder.text(name, random.nextInt(1, 20));
        case 6 ->
            builder.prefixed(
                name,
                random.nextBoolean() ? FieldKind.TEXT : FieldKind.TEXT_UTF16,
                1 << random.nextInt(3));
        case 7 -> {
          if (random.nextBoolean()) {
            builder.terminatedText(name);
          } else {
            builder.terminatedUtf16(name);
          }
        }
        default -> builder.dynamicText(name);
      }
    }
    return builder.build();
  }

  Filter filter(EventFormat format, int depth) {
    int kind = depth == 0 ? 3 : random.nextInt(6);
    return switch (kind) {
      case 0 -> new Filter.And(filters(format, depth));
      case 1 -> new Filter.Or(filters(format, depth));
      case 2 -> filter(format, depth - 1).not();
      default -> clause(format.refs().get(random.nextInt(format.refs().size())));
    };
  }

  private List<Filter> filters(EventFormat format, int depth) {
    return IntStream.range(0, random.nextInt(1, 4))
        .mapToObj(_ -> filter(format, depth - 1))
        .toList();
  }

  private Filter clause(FieldRef ref) {
    List<Operator> operators = Operator.of(ref.field());
    Operator operator = operators.get(random.nextInt(operators.size()));
    return switch (ref.field().kind()) {
      case INTEGER -> new Filter.OfInteger(ref, operator, integer(ref.field()));
      case FLOAT -> new Filter.OfFloat(ref, operator, random.nextInt(-2, 3) / 2.0);
      case TEXT, TEXT_UTF16 -> new Filter.OfText(ref, operator, text(operator));
      case INTEGERS, BYTES -> throw new IllegalStateException(ref.toString());
    };
  }

  private long integer(EventField field) {
    long value =
        switch (random.nextInt(4)) {
          case 0 -> random.nextInt(3);
          case 1 -> -1L - random.nextInt(3);
          case 2 -> Long.MIN_VALUE >>> random.nextInt(64);
          default -> random.nextLong();
        };
    int spare = Long.SIZE - field.elementSize() * Byte.SIZE;
    return field.signed() ? value << spare >> spare : value << spare >>> spare;
  }

  private String text(Operator operator) {
    StringBuilder text = new StringBuilder();
    int letters = random.nextInt(random.nextInt(8) == 0 ? 22 : 4);
    for (int i = 0; i < letters; i++) {
      String next = LETTERS.substring(random.nextInt(LETTERS.length())).substring(0, 1);
      boolean isSet = operator == Operator.GLOB && random.nextInt(6) == 0;
      text.append(isSet ? random.nextBoolean() ? "[!b-z]" : "[ac]" : next);
    }
    return text.toString();
  }

  /// An event that suits the format, then damaged: bytes changed, and cut off.
  byte[] event(EventFormat format) {
    byte[] bytes = new byte[400];
    boolean bigEndian = format.order().equals(ByteOrder.BIG_ENDIAN);
    int at = 0;
    int end = 0;
    int behind = 300;
    for (EventField field : format.fields()) {
      int start = at + field.offset();
      if (start + 60 > behind) {
        break;
      }
      end = start + field.size();
      switch (field.location()) {
        case FIXED -> {
          if (field.kind() == FieldKind.TEXT) {
            letters(bytes, start, field.size(), 1, bigEndian);
          } else {
            number(bytes, start, field, bigEndian);
          }
        }
        case TERMINATED, TERMINATED_UTF16 -> {
          int count = random.nextInt(5) * field.elementSize();
          letters(bytes, start, count, field.elementSize(), bigEndian);
          end = at = start + count + field.elementSize();
          for (int i = start; i + field.elementSize() <= start + count; i += field.elementSize()) {
            // What the random letters ended early ends here.
            if (bytes[i] == 0 && bytes[i + field.elementSize() - 1] == 0) {
              end = at = i + field.elementSize();
              break;
            }
          }
        }
        case LENGTH_PREFIXED -> {
          int count = random.nextInt(9);
          put(bytes, start, field.size(), bigEndian, count);
          letters(bytes, start + field.size(), count, field.elementSize(), bigEndian);
          end = at = start + field.size() + count;
        }
        case DATA_LOC, REL_LOC -> {
          int count = random.nextInt(9);
          put(bytes, start, 4, bigEndian, count << 16 | behind);
          letters(bytes, behind, count, 1, bigEndian);
          behind += count;
        }
      }
    }
    int length = behind > 300 ? behind : end;
    switch (random.nextInt(5)) {
      case 0 -> length = random.nextInt(length + 1);
      case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      default -> {}
    }
    return java.util.Arrays.copyOf(bytes, length);
  }

  private void letters(byte[] bytes, int at, int count, int unit, boolean bigEndian) {
    String letters = "aab*?";
    for (int i = 0; i + unit <= count; i += unit) {
      int letter =
          switch (random.nextInt(10)) {
            case 0 -> 0;
            case 1 -> 0xE9;
            default -> letters.charAt(random.nextInt(letters.length()));
          };
      put(bytes, at + i, unit, bigEndian, letter);
    }
  }

  private void number(byte[] bytes, int at, EventField field, boolean bigEndian) {
    long value =
        field.kind() == FieldKind.FLOAT
            ? Double.doubleToRawLongBits(
                random.nextInt(5) == 0 ? Double.NaN : random.nextInt(-2, 3) / 2.0)
            : integer(field);
    put(bytes, at, field.size(), bigEndian, value);
  }

  private static void put(byte[] bytes, int at, int size, boolean bigEndian, long value) {
    for (int i = 0; i < size; i++) {
      int place = bigEndian ? size - 1 - i : i;
      bytes[at + place] = (byte) (value >>> (i * Byte.SIZE));
    }
  }
}
