package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("V3")
@Tag("V4")
final class FieldReaderTest {
  /// Two bytes that nothing describes, a text, two more, a number.
  private static final EventFormat GAPS =
      EventFormat.builder("gaps")
          .order(ByteOrder.LITTLE_ENDIAN)
          .integer("first", 1, false)
          .skip(2)
          .terminatedText("name")
          .skip(2)
          .integer("last", 2, true)
          .build();

  private static final MemorySegment EVENT =
      MemorySegment.ofArray(
          new byte[] {(byte) 200, 9, 9, 'h', 'i', 0, 9, 9, (byte) 0xFE, (byte) 0xFF});

  @Test
  void a_field_behind_a_text_is_found_with_the_gaps_before_it() {
    assertEquals(-2, GAPS.fieldRef("last").longReader().read(EVENT, 0, 10));
    assertEquals(200, GAPS.fieldRef("first").longReader().read(EVENT, 0, 10));
    assertEquals(Span.of(3, 2), GAPS.fieldRef("name").reader().locate(EVENT, 0, 10));
    assertEquals(Span.of(8, 2), GAPS.fieldRef("last").reader().locate(EVENT, 0, 10));
    assertTrue(GAPS.fieldRef("first").isFixed());
    assertFalse(GAPS.fieldRef("last").isFixed());
  }

  @Test
  void an_event_too_short_is_told_with_the_field_and_the_bytes() {
    FieldRef last = GAPS.fieldRef("last");

    EventDataException missing =
        assertThrows(EventDataException.class, () -> last.reader().locate(EVENT, 0, 9));
    assertEquals("gaps.last needs bytes 8 to 10, the event has 9", missing.getMessage());
    assertEquals("last", missing.field());
    EventDataException unended =
        assertThrows(EventDataException.class, () -> last.longReader().read(EVENT, 0, 5));
    assertEquals("gaps.name needs bytes 3 to 6, the event has 5", unended.getMessage());
  }

  @Test
  void who_only_looks_gets_no_exception() {
    FieldRef last = GAPS.fieldRef("last");

    assertEquals(Span.of(8, 2), last.find(EVENT, 0, 10));
    for (int length = 0; length < 10; length++) {
      assertEquals(FieldRef.MISSING, last.find(EVENT, 0, length));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, true, -2",
    "1, false, 254",
    "2, true, -258",
    "2, false, 65278",
    "4, true, -50462978",
    "4, false, 4244504318",
    "8, true, -216736831629492482"
  })
  void integers_are_widened_by_their_sign_in_both_orders(int size, boolean signed, long expected) {
    byte[] little = {
      (byte) 0xFE,
      (byte) 0xFE,
      (byte) 0xFD,
      (byte) 0xFC,
      (byte) 0xFF,
      (byte) 0xFE,
      (byte) 0xFD,
      (byte) 0xFC
    };
    for (ByteOrder order : new ByteOrder[] {ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN}) {
      EventFormat format =
          EventFormat.builder("one").order(order).integer("n", size, signed).build();
      byte[] event = new byte[size];
      for (int i = 0; i < size; i++) {
        event[i] = little[order.equals(ByteOrder.LITTLE_ENDIAN) ? i : size - 1 - i];
      }
      long value = new java.math.BigInteger(1, reversed(little, size)).longValue();
      int spare = Long.SIZE - size * Byte.SIZE;
      long widened = signed ? value << spare >> spare : value;
      assertEquals(
          widened, format.fieldRef("n").longReader().read(MemorySegment.ofArray(event), 0, size));
      if (size <= 2) {
        assertEquals(expected, widened);
      }
    }
  }

  private static byte[] reversed(byte[] bytes, int count) {
    byte[] reversed = new byte[count];
    for (int i = 0; i < count; i++) {
      reversed[i] = bytes[count - 1 - i];
    }
    return reversed;
  }

  @Test
  void a_location_says_where_a_text_is() {
    EventFormat format =
        EventFormat.builder("located")
            .order(ByteOrder.LITTLE_ENDIAN)
            .dynamicText("name")
            .integer("n", 1, false)
            .build();
    byte[] event = "\6\0\3\0\7.hi\0".getBytes(StandardCharsets.ISO_8859_1);
    MemorySegment segment = MemorySegment.ofArray(event);
    EventData data = new EventData().moveTo(format, segment, 0, event.length);

    assertEquals(Span.of(6, 3), data.spanOf(format.fieldRef("name")));
    assertEquals("hi", data.textOf(format.fieldRef("name")));
    assertThrows(EventDataException.class, () -> format.fieldRef("name").locate(segment, 0, 8));
  }

  @Test
  void a_field_that_holds_no_integer_has_no_reader_of_one() {
    assertThrows(IllegalArgumentException.class, () -> GAPS.fieldRef("name").longReader());
    assertThrows(
        IllegalArgumentException.class,
        () -> new EventData().moveTo(GAPS, EVENT, 0, 10).longOf(GAPS.fieldRef("name")));
  }

  @Test
  void a_reference_of_another_format_or_after_the_end_is_refused() {
    EventFormat other = EventFormat.builder("other").integer("first", 1, false).build();
    EventData data = new EventData().moveTo(GAPS, EVENT, 0, 10);
    FieldRef first = GAPS.fieldRef("first");

    assertThrows(IllegalArgumentException.class, () -> data.longOf(other.fieldRef("first")));
    assertEquals(200, data.longOfUnchecked(first));
    new Event(1, GAPS).process(data, new ErrorBatch());
    IllegalArgumentException late =
        assertThrows(IllegalArgumentException.class, () -> data.longOf(first));
    assertTrue(late.getMessage().contains("after the event's callbacks had ended"));
    assertThrows(IllegalArgumentException.class, () -> data.spanOf(first));
    assertThrows(IndexOutOfBoundsException.class, () -> data.longOfUnchecked(first));
    assertEquals(0, data.length());
    assertEquals(0, data.segment().byteSize());
  }

  @Test
  void a_number_stays_within_the_bytes_of_its_field() {
    EventField number =
        new EventField("x", "double", FieldKind.FLOAT, FieldLocation.DATA_LOC, 0, 4, 8, true);
    EventFormat format =
        new EventFormat("located", 1, ByteOrder.LITTLE_ENDIAN, java.util.List.of(number));
    byte[] event = new byte[20];
    event[0] = 4;
    event[2] = 3;
    EventData data = new EventData().moveTo(format, MemorySegment.ofArray(event), 0, 20);

    assertThrows(EventDataException.class, () -> data.doubleOf(format.fieldRef("x")));
    event[2] = 8;
    assertEquals(0.0, data.doubleOf(format.fieldRef("x")));
  }
}
