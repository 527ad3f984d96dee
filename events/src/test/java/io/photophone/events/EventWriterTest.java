package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteOrder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("V2")
final class EventWriterTest {
  private static final EventFormat TEXTS =
      EventFormat.builder("texts")
          .integer("number", 8, true)
          .dynamicText("one")
          .dynamicText("two")
          .dynamicText("three")
          .dynamicText("four")
          .build();

  private static EventData read(EventFormat format, EventWriter writer) {
    return new EventData().moveTo(format, writer.segment(), 0, writer.length());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void what_was_put_is_read_in_both_byte_orders(boolean bigEndian) {
    EventFormat format =
        EventFormat.builder("mixed")
            .order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN)
            .integer("s1", 1, true)
            .integer("u2", 2, false)
            .integer("s4", 4, true)
            .integer("u8", 8, false)
            .float32("f4")
            .float64("f8")
            .text("fixed", 4)
            .dynamicText("name")
            .build();
    EventWriter writer =
        new EventWriter(format)
            .put(format.fieldRef("s1"), -2)
            .put(format.fieldRef("u2"), 0xFEDC)
            .put(format.fieldRef("s4"), -0x0102_0304)
            .put(format.fieldRef("u8"), 0x0102_0304_0506_0708L)
            .put(format.fieldRef("f4"), -0.5)
            .put(format.fieldRef("f8"), 1.25)
            .put(format.fieldRef("fixed"), "abcdef")
            .put(format.fieldRef("name"), "Grüße");
    EventData data = read(format, writer);

    assertEquals(-2, data.longOf(format.fieldRef("s1")));
    assertEquals(0xFEDC, data.longOf(format.fieldRef("u2")));
    assertEquals(-0x0102_0304, data.longOf(format.fieldRef("s4")));
    assertEquals(0x0102_0304_0506_0708L, data.longOf(format.fieldRef("u8")));
    assertEquals(-0.5, data.doubleOf(format.fieldRef("f4")));
    assertEquals(1.25, data.doubleOf(format.fieldRef("f8")));
    assertEquals("abcd", data.textOf(format.fieldRef("fixed")));
    assertEquals("Grüße", data.textOf(format.fieldRef("name")));
  }

  @Test
  void a_new_event_has_nothing_of_the_one_before() {
    EventWriter writer =
        new EventWriter(TEXTS)
            .put(TEXTS.fieldRef("number"), -1)
            .put(TEXTS.fieldRef("one"), "x".repeat(1000));
    int fixed = new EventWriter(TEXTS).length();

    EventData data = read(TEXTS, writer.begin());

    assertEquals(fixed, writer.length());
    assertEquals(0, data.longOf(TEXTS.fieldRef("number")));
    assertEquals("", data.textOf(TEXTS.fieldRef("one")));
  }

  @Test
  void the_buffer_grows_with_what_was_put_before() {
    EventWriter writer = new EventWriter(TEXTS).put(TEXTS.fieldRef("number"), 17);
    for (int length : new int[] {1, 231, 232, 239, 240, 256, 5000}) {
      writer.begin().put(TEXTS.fieldRef("number"), 17);
      String text = "y".repeat(length);
      EventData data =
          read(TEXTS, writer.put(TEXTS.fieldRef("one"), text).put(TEXTS.fieldRef("two"), "z"));
      assertEquals(17, data.longOf(TEXTS.fieldRef("number")));
      assertEquals(text, data.textOf(TEXTS.fieldRef("one")));
      assertEquals("z", data.textOf(TEXTS.fieldRef("two")));
    }
  }

  @Test
  void a_text_longer_than_64_KiB_is_cut() {
    int fixed = new EventWriter(TEXTS).length();
    EventWriter writer = new EventWriter(TEXTS).put(TEXTS.fieldRef("one"), "x".repeat(1 << 17));

    EventData data = read(TEXTS, writer);

    assertEquals(65_534 - fixed, data.textOf(TEXTS.fieldRef("one")).length());
  }

  @Test
  void a_field_of_another_kind_or_format_is_refused() {
    EventFormat format =
        EventFormat.builder("e")
            .integer("n", 4, true)
            .float64("f")
            .text("t", 4)
            .integers("many", 2, 4, true)
            .build();
    EventWriter writer = new EventWriter(format);

    assertThrows(IllegalArgumentException.class, () -> writer.put(format.fieldRef("f"), 1L));
    assertThrows(IllegalArgumentException.class, () -> writer.put(format.fieldRef("many"), 1L));
    assertThrows(IllegalArgumentException.class, () -> writer.put(format.fieldRef("n"), 1.0));
    assertThrows(IllegalArgumentException.class, () -> writer.put(format.fieldRef("n"), "1"));
    assertEquals(
        "texts.number is no field of e",
        assertThrows(IllegalArgumentException.class, () -> writer.put(TEXTS.fieldRef("number"), 1L))
            .getMessage());
  }

  @Test
  void a_format_with_content_in_its_place_is_refused() {
    EventFormat format = EventFormat.builder("e").terminatedText("name").build();

    assertEquals(
        "e.name is TERMINATED, which can't be written, allowed: FIXED, DATA_LOC",
        assertThrows(IllegalArgumentException.class, () -> new EventWriter(format)).getMessage());
  }

  @Test
  void texts_that_have_no_place_within_64_KiB_are_cut_and_then_empty() {
    int fixed = new EventWriter(TEXTS).length();
    EventWriter writer =
        new EventWriter(TEXTS)
            .put(TEXTS.fieldRef("number"), 0x4141_4141_4141_4141L)
            .put(TEXTS.fieldRef("one"), "x".repeat(1 << 17))
            .put(TEXTS.fieldRef("two"), "second")
            .put(TEXTS.fieldRef("three"), "third")
            .put(TEXTS.fieldRef("four"), "fourth");
    EventData data = read(TEXTS, writer);

    assertEquals(65_534 - fixed, data.textOf(TEXTS.fieldRef("one")).length());
    assertEquals("", data.textOf(TEXTS.fieldRef("two")));
    assertEquals("", data.textOf(TEXTS.fieldRef("three")));
    assertEquals("", data.textOf(TEXTS.fieldRef("four")), "no bytes of another field");
  }
}
