package io.photophone.events;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("V2")
final class EventFormatTest {
  private static final String SWITCHED =
      """
      name: switched
      ID: 314
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;
      \tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;
      \tfield:__data_loc char[] name;\toffset:28;\tsize:4;\tsigned:0;
      \tfield:__rel_loc u8[] raw;\toffset:32;\tsize:4;\tsigned:0;
      \tfield:unsigned long args[6];\toffset:40;\tsize:48;\tsigned:0;
      \tfield:const char * file;\toffset:88;\tsize:8;\tsigned:0;
      \tfield:unsigned char address[6];\toffset:96;\tsize:6;\tsigned:0;

      print fmt: "field:nothing;", REC->prev_comm
      """;

  private static void assertField(
      EventFormat format, String name, FieldKind kind, FieldLocation location, int offset) {
    EventField field = format.fieldRef(name).field();
    assertEquals(kind, field.kind(), name);
    assertEquals(location, field.location(), name);
    assertEquals(offset, field.offset(), name);
  }

  @Test
  void a_format_file_tells_kind_place_size_and_sign_of_each_field() {
    EventFormat format = EventFormat.parse(SWITCHED, ByteOrder.LITTLE_ENDIAN);

    assertEquals("switched", format.name());
    assertEquals(314, format.id());
    assertEquals(8, format.fields().size());
    assertField(format, "common_type", FieldKind.INTEGER, FieldLocation.FIXED, 0);
    assertField(format, "prev_comm", FieldKind.TEXT, FieldLocation.FIXED, 8);
    assertField(format, "prev_pid", FieldKind.INTEGER, FieldLocation.FIXED, 24);
    assertField(format, "name", FieldKind.TEXT, FieldLocation.DATA_LOC, 28);
    assertField(format, "raw", FieldKind.BYTES, FieldLocation.REL_LOC, 32);
    assertField(format, "args", FieldKind.INTEGERS, FieldLocation.FIXED, 40);
    assertField(format, "address", FieldKind.BYTES, FieldLocation.FIXED, 96);
    assertField(format, "file", FieldKind.INTEGER, FieldLocation.FIXED, 88);
    assertTrue(format.fieldRef("prev_pid").field().signed());
    assertFalse(format.fieldRef("common_type").field().signed());
    assertEquals(8, format.fieldRef("args").field().elementSize());
    assertEquals("pid_t", format.fieldRef("prev_pid").field().type());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "offset:24 | offset:x | line 6 of the format: offset is no whole number: x",
        "size:4;\tsigned:1 | size:;\tsigned:1 | line 6 of the format: size is no whole number:",
        "offset:24 | offset:-1 | line 6 of the format: field prev_pid is at offset -1 with size 4",
        "offset:24 | offset:2147483647 | line 6 of the format: field prev_pid is at offset",
        "ID: 314 | ID: many | line 2 of the format: ID is no whole number: many",
        "format: | nonsense | line 3 of the format: neither a name, an ID nor a field: nonsense",
        "field:pid_t prev_pid; | field:; | line 6 of the format: no type and name:",
        "offset:28;\tsize:4 | offset:28;\tsize:8 | line 7 of the format: field name has a location",
        "name: switched | name: | the format has no name",
        "pid_t prev_pid | pid_t common_type | switched has two fields common_type"
      })
  void a_damaged_format_is_told_with_its_line_and_value(
      String found, String damaged, String message) {
    String text = SWITCHED.replaceFirst(java.util.regex.Pattern.quote(found), damaged);

    FormatException e =
        assertThrows(FormatException.class, () -> EventFormat.parse(text, ByteOrder.LITTLE_ENDIAN));

    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
  }

  @Test
  void a_format_without_fields_is_refused() {
    assertThrows(
        FormatException.class,
        () -> EventFormat.parse("name: none\nID: 1\n", ByteOrder.LITTLE_ENDIAN));
  }

  @Test
  void fields_follow_each_other_and_begin_anew_behind_a_variable_one() {
    EventFormat format =
        EventFormat.builder("built")
            .id(7)
            .integer("a", 4, false)
            .skip(2)
            .terminatedText("name")
            .skip(1)
            .integer("b", 2, true)
            .build();

    assertEquals(7, format.id());
    assertEquals(List.of(0, 6, 1), format.fields().stream().map(EventField::offset).toList());
    assertTrue(format.fieldRef("name").field().location().isVariable());
    assertFalse(format.fieldRef("b").isFixed());
  }

  @Test
  void a_reference_is_the_same_each_time_and_an_unknown_name_is_told_with_the_known_ones() {
    EventFormat format =
        EventFormat.builder("e").integer("a", 4, false).integer("b", 4, false).build();

    assertSame(format.fieldRef("b"), format.fieldRef("b"));
    assertEquals(1, format.fieldRef("b").index());
    assertFalse(format.has("c"));
    assertEquals(
        "e has no field c, but: a, b",
        assertThrows(IllegalArgumentException.class, () -> format.fieldRef("c")).getMessage());
  }

  @Test
  void what_cannot_be_a_field_is_refused() {
    assertThrows(
        FormatException.class, () -> EventFormat.builder("e").integer("n", 3, true).build());
    assertThrows(FormatException.class, () -> EventFormat.builder("e").integer(" ", 4, true));
    assertThrows(
        FormatException.class, () -> EventFormat.builder("e").prefixed("p", FieldKind.TEXT, 8));
    assertThrows(
        FormatException.class, () -> EventFormat.builder("e").skip(-1).integer("n", 4, true));
    assertThrows(FormatException.class, () -> EventFormat.builder(" ").build());
  }

  @Test
  void a_format_has_at_most_1000_fields() {
    EventFormat.Builder most = EventFormat.builder("most");
    for (int i = 0; i < 1000; i++) {
      most.integer("f" + i, 1, false);
    }
    assertEquals(1000, most.build().fields().size());
    most.integer("more", 1, false);

    assertEquals(
        "most has 1001 fields, allowed: 1000",
        assertThrows(FormatException.class, most::build).getMessage());
  }
}
