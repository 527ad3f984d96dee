package io.photophone.events.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import io.photophone.events.EventFormat;
import io.photophone.events.FieldKind;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("V5")
final class FilterTest {
  private static final EventFormat NUMBERS =
      EventFormat.builder("numbers")
          .order(ByteOrder.LITTLE_ENDIAN)
          .integer("u8", 1, false)
          .integer("s8", 1, true)
          .integer("u16", 2, false)
          .integer("s32", 4, true)
          .integer("u64", 8, false)
          .float64("f64")
          .bytes("blob", 4)
          .build();

  /// Both evaluations, which must say the same.
  private static boolean passes(EventFormat format, String text, MemorySegment event) {
    Filter filter = Filter.parse(format, text);
    int length = (int) event.byteSize();
    boolean passes = filter.test(event, 0, length);
    assertEquals(passes, filter.compile().test(event, 0, length), text);
    return passes;
  }

  private static MemorySegment numbers(int u8, int s8, int u16, int s32, long u64, double f64) {
    return MemorySegment.ofArray(
        ByteBuffer.allocate(28)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put((byte) u8)
            .put((byte) s8)
            .putShort((short) u16)
            .putInt(s32)
            .putLong(u64)
            .putDouble(f64)
            .array());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "u8 == 200; true",
        "u8 > 127; true",
        "u8 == 0xc8; true",
        "u8 == 0310; true",
        "u8 == 'a'; false",
        "s8 == -56; true",
        "s8 < 0; true",
        "s8 >= -56; true",
        "s8 > -56; false",
        "u16 <= 65535; true",
        "u16 < 65535; false",
        "u16 & 0x8000; true",
        "s32 & 0x8; true",
        "s32 & 0x4; false",
        "s32 != 10; false",
        "s32 <= 10 && s32 >= 10; true",
        "u64 > 9223372036854775807; true",
        "u64 == 18446744073709551615; true",
        "u64 < 1; false",
        "f64 == -0.5; true",
        "f64 < -5e-1; false",
        "f64 <= -.5; true",
        "!(f64 < 0); false",
        "!u8 == 200; false",
        "!(u8 == 200) || s8 < 0; true",
        "u8 == 1 || u8 == 200 && s8 == 1; false",
        "(u8 == 200 || u8 == 1) && s8 == -56; true",
      })
  void integers_and_numbers_compare_by_size_and_sign(String text, boolean expected) {
    MemorySegment event = numbers(200, -56, 65535, 10, -1, -0.5);

    assertEquals(expected, passes(NUMBERS, text, event), text);
  }

  @Test
  void what_is_no_number_differs_from_every_number() {
    MemorySegment event = numbers(0, 0, 0, 0, 0, Double.NaN);

    assertTrue(passes(NUMBERS, "f64 != 1", event));
    assertFalse(passes(NUMBERS, "f64 == 1 || f64 < 1 || f64 >= 1", event));
    assertTrue(passes(NUMBERS, "!(f64 >= 1)", event));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "prev_comm == 'acq-2'; true",
        "prev_comm == \"acq-2\"; true",
        "prev_comm == 'acq'; false",
        "prev_comm == 'acq-2 stale'; false",
        "prev_comm == 'acq-22222222222222222'; false",
        "prev_comm != 'ACQ-2'; true",
        "prev_comm != 'acq-2'; false",
        "prev_comm ~ 'acq*'; true",
        "prev_comm ~ 'acq'; false",
        "prev_comm ~ '*stale*'; false",
        "prev_comm ~ '*-2'; true",
        "prev_comm ~ 'a?q-[0-9]'; true",
        "prev_comm ~ 'a?q-[!0-9]'; false",
        "prev_comm ~ '*'; true",
        "prev_comm ~ ''; false",
        "prev_comm ~ '*acq-2*'; true",
        "prev_comm ~ '?????'; true",
        "prev_comm ~ '??????'; false",
        "prev_comm ~ 'acq\\-2'; true",
        "prev_comm ~ 'acq\\*'; false",
        "prev_pid == 77; true",
        "prev_state == 0 && prev_comm ~ 'acq*'; true",
        "prev_state != 0 || !prev_comm ~ 'acq*'; false",
      })
  void texts_end_before_their_first_zero(String text, boolean expected) {
    MemorySegment event = SchedSwitch.from("acq-2", 77, 0);

    assertEquals(expected, passes(SchedSwitch.FORMAT, text, event), text);
  }

  @Test
  void a_text_that_fills_its_field_needs_no_end() {
    EventFormat format =
        EventFormat.builder("full").text("name", 9).integer("u8", 1, false).build();
    MemorySegment event = MemorySegment.ofArray("ninebytes!".getBytes(StandardCharsets.UTF_8));

    assertTrue(passes(format, "name == 'ninebytes'", event));
    assertFalse(passes(format, "name == 'ninebytes!'", event));
    assertFalse(passes(format, "name == 'ninebyte'", event));
    assertTrue(passes(format, "name ~ 'nine*s'", event));
  }

  @Test
  void an_unsigned_char_is_a_number() {
    EventFormat format =
        EventFormat.parse(
            """
            name: flags
            ID: 1
            format:
            \tfield:unsigned char flags;\toffset:0;\tsize:1;\tsigned:0;
            """,
            ByteOrder.LITTLE_ENDIAN);

    assertTrue(passes(format, "flags == 1", MemorySegment.ofArray(new byte[] {1})));
    assertFalse(passes(format, "flags == 1", MemorySegment.ofArray(new byte[] {'1'})));
    assertTrue(passes(format, "flags == '1'", MemorySegment.ofArray(new byte[] {'1'})));
  }

  @Test
  void texts_in_utf16_compare_beyond_the_basic_plane() {
    EventFormat format = EventFormat.builder("wide").terminatedUtf16("name").build();
    byte[] event = "a\uD83D\uDE00b\0".getBytes(StandardCharsets.UTF_16LE);

    assertTrue(passes(format, "name == 'a\uD83D\uDE00b'", MemorySegment.ofArray(event)));
    assertTrue(passes(format, "name ~ 'a*b'", MemorySegment.ofArray(event)));
    assertTrue(passes(format, "name ~ 'a??b'", MemorySegment.ofArray(event)));
  }

  @Test
  void an_event_too_short_passes_by_other_clauses_alone() {
    MemorySegment event = MemorySegment.ofArray(new byte[] {1, 1});

    assertFalse(passes(NUMBERS, "u64 == 0", event));
    assertFalse(passes(NUMBERS, "u64 != 0", event));
    assertFalse(passes(NUMBERS, "!(u64 == 0)", event));
    assertTrue(passes(NUMBERS, "u64 == 0 || u8 == 1", event));
    assertTrue(passes(NUMBERS, "!(u64 == 0 && u8 == 2)", event));
    assertFalse(passes(NUMBERS, "!(u64 == 0 || u8 == 2)", event));
  }

  @Test
  void a_callback_hears_of_the_events_alone_that_pass() {
    Event event = new Event(1, SchedSwitch.FORMAT);
    AtomicInteger heard = new AtomicInteger();
    ErrorBatch errors = new ErrorBatch();
    event.addCallback(
        Filter.parse(SchedSwitch.FORMAT, "prev_pid > 5").compile(), _ -> heard.incrementAndGet());

    for (int pid = 0; pid < 10; pid++) {
      MemorySegment bytes = SchedSwitch.from("x", pid, 0);
      event.process(new EventData().moveTo(SchedSwitch.FORMAT, bytes, 0, 64), errors);
    }

    assertEquals(4, heard.get());
    assertTrue(errors.isEmpty());
  }

  @Test
  void a_filter_of_another_format_is_refused() {
    Event event = new Event(1, SchedSwitch.FORMAT);
    Filter other = Filter.parse(NUMBERS, "u8 == 1");
    Filter switches = Filter.parse(SchedSwitch.FORMAT, "prev_pid == 1");

    assertThrows(IllegalArgumentException.class, () -> event.addCallback(other.compile(), _ -> {}));
    assertThrows(FilterException.class, () -> other.and(switches));
  }

  @Test
  void filters_that_say_the_same_are_equal() {
    Filter made =
        Filter.fieldFilter(SchedSwitch.FORMAT.fieldRef("prev_state"), Operator.EQUAL, "0x0")
            .and(
                Filter.fieldFilter(
                    SchedSwitch.FORMAT.fieldRef("prev_comm"), Operator.GLOB, "acq*"));

    assertEquals(made, Filter.parse(SchedSwitch.FORMAT, "prev_state==0&&prev_comm~\"acq*\""));
    assertEquals("prev_state == 0 && prev_comm ~ 'acq*'", made.toString());
  }

  @Test
  void a_hundred_clauses_are_compiled_and_one_more_is_refused() {
    String clause = "prev_comm == 'a name of 14 b'";
    String hundred = (clause + " || ").repeat(99) + clause;

    assertTrue(passes(SchedSwitch.FORMAT, hundred, SchedSwitch.from("a name of 14 b", 1, 1)));
    assertFalse(passes(SchedSwitch.FORMAT, hundred, SchedSwitch.from("a name of 14 c", 1, 1)));
    assertThrows(
        FilterException.class,
        () -> Filter.parse(SchedSwitch.FORMAT, hundred + " || prev_pid == 1"));
  }

  @Test
  void a_text_of_variable_length_has_filters_too() {
    EventFormat format =
        EventFormat.builder("counted")
            .prefixed("name", FieldKind.TEXT, 1)
            .integer("n", 1, true)
            .build();
    MemorySegment event = MemorySegment.ofArray(new byte[] {2, 'h', 'i', -3});

    assertTrue(passes(format, "name == 'hi' && n == -3", event));
    assertFalse(passes(format, "name == 'h' || n == 3", event));
  }
}
