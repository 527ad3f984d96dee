package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("V3")
final class EventDataTest {

  private static ByteOrder order(String name) {
    return name.equals("big") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
  }

  @ParameterizedTest
  @ValueSource(strings = {"big", "little"})
  void integers_and_numbers_of_both_byte_orders_are_read(String name) {
    EventFormat format =
        EventFormat.builder("e")
            .order(order(name))
            .integer("u1", 1, false)
            .integer("s1", 1, true)
            .integer("u2", 2, false)
            .integer("s2", 2, true)
            .integer("u4", 4, false)
            .integer("s4", 4, true)
            .integer("s8", 8, true)
            .float64("f8")
            .float32("f4")
            .integers("many", 2, 2, false)
            .build();
    ByteBuffer bytes = ByteBuffer.allocate(64).order(order(name)).position(3);
    bytes.put((byte) -2).put((byte) -2).putShort((short) -2).putShort((short) -2);
    bytes.putInt(-2).putInt(-2).putLong(-2).putDouble(1.25).putFloat(-0.5f);
    bytes.putShort((short) 1).putShort((short) 0xFFFE);
    int length = bytes.position() - 3;
    EventData data =
        new EventData().moveTo(format, MemorySegment.ofArray(bytes.array()), 3, length);
    assertEquals(0xFE, data.longOf(format.fieldRef("u1")));
    assertEquals(-2, data.longOf(format.fieldRef("s1")));
    assertEquals(0xFFFE, data.longOf(format.fieldRef("u2")));
    assertEquals(-2, data.longOf(format.fieldRef("s2")));
    assertEquals(0xFFFF_FFFEL, data.longOf(format.fieldRef("u4")));
    assertEquals(-2, data.longOf(format.fieldRef("s4")));
    assertEquals(-2, data.longOf(format.fieldRef("s8")));
    assertEquals(1.25, data.doubleOf(format.fieldRef("f8")));
    assertEquals(-0.5, data.doubleOf(format.fieldRef("f4")));
    assertEquals(0xFFFE, data.longOf(format.fieldRef("many"), 1));
    assertThrows(EventDataException.class, () -> data.longOf(format.fieldRef("many"), 2));
    assertThrows(EventDataException.class, () -> data.longOf(format.fieldRef("many"), -1));
  }

  @Test
  void a_reference_of_another_format_is_refused_though_it_is_alike() {
    EventFormat one = EventFormat.builder("one").integer("x", 4, true).build();
    EventFormat other = EventFormat.builder("other").integer("x", 4, true).build();
    EventData data = new EventData().moveTo(one, MemorySegment.ofArray(new byte[4]), 0, 4);
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> data.longOf(other.fieldRef("x")));
    assertEquals("other.x is no field of one", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> data.bytesOf(other.fieldRef("x")));
  }

  @Test
  void a_field_of_another_kind_is_refused() {
    EventFormat format =
        EventFormat.builder("e").integer("n", 4, true).text("t", 4).float64("f").build();
    EventData data = new EventData().moveTo(format, MemorySegment.ofArray(new byte[16]), 0, 16);
    assertThrows(IllegalArgumentException.class, () -> data.textOf(format.fieldRef("n")));
    assertThrows(IllegalArgumentException.class, () -> data.longOf(format.fieldRef("t")));
    assertThrows(IllegalArgumentException.class, () -> data.longOf(format.fieldRef("f")));
    assertThrows(IllegalArgumentException.class, () -> data.doubleOf(format.fieldRef("n")));
  }

  @Test
  void an_element_of_what_holds_no_integers_is_refused() {
    EventFormat format = EventFormat.builder("e").float64("x").text("t", 8).build();
    EventData data =
        new EventData()
            .moveTo(format, MemorySegment.ofArray(new long[2]), 0, format.fields().size() * 8);
    for (String field : List.of("x", "t")) {
      IllegalArgumentException refused =
          assertThrows(
              IllegalArgumentException.class, () -> data.longOf(format.fieldRef(field), 0));
      assertTrue(
          String.valueOf(refused.getMessage()).endsWith("not integers"), refused::getMessage);
    }
  }

  @Test
  void an_event_too_short_for_a_field_names_it_though_the_segment_goes_on() {
    EventFormat format =
        EventFormat.builder("e").integer("a", 4, true).integer("b", 4, true).build();
    EventData data = new EventData().moveTo(format, MemorySegment.ofArray(new byte[64]), 8, 7);
    assertEquals(0, data.longOf(format.fieldRef("a")));
    EventDataException e =
        assertThrows(EventDataException.class, () -> data.longOf(format.fieldRef("b")));
    assertEquals("e.b needs bytes 4 to 8, the event has 7", e.getMessage());
  }

  @Test
  void a_view_outside_of_its_segment_is_refused() {
    EventFormat format = EventFormat.builder("e").integer("a", 4, true).build();
    MemorySegment bytes = MemorySegment.ofArray(new byte[8]);
    EventData data = new EventData();
    assertThrows(IndexOutOfBoundsException.class, () -> data.moveTo(format, bytes, 5, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> data.moveTo(format, bytes, -1, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> data.moveTo(format, bytes, 0, -1));
    assertThrows(IndexOutOfBoundsException.class, () -> data.moveTo(format, bytes, 0, 8, 5, 4));
    data.moveTo(format, bytes, 4, 4);
  }

  @Test
  @Tag("V9")
  void a_part_that_the_record_lacks_or_cuts_off_is_refused() {
    EventFormat format = EventFormat.builder("e").integer("a", 4, true).build();
    EventData data = new EventData().moveTo(format, MemorySegment.ofArray(new byte[32]), 0, 20);
    DataField part = new DataField("chain");
    assertThrows(EventDataException.class, () -> data.longOf(part, 0));
    part.set(8, 16);
    assertEquals(2, data.longsOf(part));
    assertEquals(0, data.longOf(part, 0));
    assertThrows(EventDataException.class, () -> data.longOf(part, 1));
    part.clear();
    assertEquals(0, data.longsOf(part));
    assertThrows(EventDataException.class, () -> data.longOf(part, 0));
  }
}
