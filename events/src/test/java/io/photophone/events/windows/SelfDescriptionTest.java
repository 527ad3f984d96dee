package io.photophone.events.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.EventCallback;
import io.photophone.events.EventField;
import io.photophone.events.EventFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Events of TraceLogging, which bring their own format.
@Tag("V17")
final class SelfDescriptionTest {
  private static final int FIXED = 0x20;
  private static final int SAID = 0x40;
  private static final int OUT = 0x80;

  private final EtwRecordReader reader = new EtwRecordReader(new QpcClock(1000, 0));
  private final List<String> seen = new ArrayList<>();

  private static Blob description(String event) {
    return new Blob().u8(0).text(event);
  }

  /// What a callback makes of fields of the only event.
  private interface Reading {
    EventCallback of(EventFormat format);
  }

  private void read(Blob description, Blob data, Reading reading) {
    reader.onSelfDescribing((provider, event) -> {
      assertEquals(TestRecord.OWN, provider);
      event.addCallback(reading.of(event.format()));
    });
    TestRecord.selfDescribing(description.sized()).data(data.toBytes()).to(reader);
    assertEquals(0, reader.errors().total(), () -> reader.errors().first().toString());
  }

  private static String problem(byte[] description) {
    EtwRecordReader reader = new EtwRecordReader(new QpcClock(1, 0));
    TestRecord.selfDescribing(description).to(reader);
    assertEquals(1, reader.damaged());
    return String.valueOf(reader.errors().first().getFirst().cause().getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, true", "4, 1, false", "5, 2, true", "6, 2, false", "7, 4, true", "8, 4, false",
    "9, 8, true", "10, 8, false", "13, 4, true", "16, 8, false", "17, 8, false", "20, 4, false",
    "21, 8, false",
  })
  void integers_have_the_size_and_sign_of_their_in_type(int type, int size, boolean signed) {
    Blob description = description("e").text("a").u8(4).text("b").u8(type);
    read(
        description,
        new Blob().u8(1).integer(-2, size),
        format -> {
          EventField field = format.fieldRef("b").field();
          assertEquals(signed, field.signed());
          assertEquals(size, field.size());
          return data -> seen.add("" + data.longOf(format.fieldRef("b")));
        });
    long unsigned = size == 8 ? -2 : (1L << (size * 8)) - 2;
    assertEquals(List.of("" + (signed ? -2 : unsigned)), seen);
  }

  @Test
  void every_kind_of_text_is_read() {
    Blob description =
        description("texts")
            .text("wide")
            .u8(1)
            .text("narrow")
            .u8(2)
            .text("counted_wide")
            .u8(22)
            .text("counted")
            .u8(23)
            .text("after")
            .u8(8);
    Blob data =
        new Blob()
            .utf16("wíde")
            .text("narrów")
            .countedUtf16("cöunted wide")
            .countedText("")
            .u32(0xCAFE);
    read(
        description,
        data,
        format ->
            event -> {
              for (String name : List.of("wide", "narrow", "counted_wide", "counted")) {
                seen.add(event.textOf(format.fieldRef(name)));
              }
              seen.add(Long.toHexString(event.longOf(format.fieldRef("after"))));
            });
    assertEquals(List.of("wíde", "narrów", "cöunted wide", "", "cafe"), seen);
  }

  @Test
  void numbers_guids_identifiers_and_bytes_are_read() {
    Blob description =
        description("others")
            .text("float")
            .u8(11)
            .text("double")
            .u8(12)
            .text("guid")
            .u8(15)
            .text("sid")
            .u8(19)
            .text("binary")
            .u8(14)
            .text("nothing")
            .u8(0)
            .text("after")
            .u8(4);
    byte[] sid = new Blob().u8(1).u8(1).zeros(6).u32(18).toBytes();
    Blob data =
        new Blob()
            .u32(Float.floatToIntBits(1.5f))
            .u64(Double.doubleToLongBits(-2.25))
            .guid(TestRecord.OWN)
            .raw(sid)
            .u16(3)
            .raw(new byte[] {7, 8, 9})
            .u8(200);
    read(
        description,
        data,
        format ->
            event -> {
              seen.add("" + event.doubleOf(format.fieldRef("float")));
              seen.add("" + event.doubleOf(format.fieldRef("double")));
              assertArrayEquals(
                  new Blob().guid(TestRecord.OWN).toBytes(),
                  event.bytesOf(format.fieldRef("guid")));
              assertArrayEquals(sid, event.bytesOf(format.fieldRef("sid")));
              seen.add(Arrays.toString(event.bytesOf(format.fieldRef("binary"))));
              seen.add("" + event.longOf(format.fieldRef("after")));
            });
    assertEquals(List.of("1.5", "-2.25", "[7, 8, 9]", "200"), seen);
  }

  @Test
  void fields_of_structures_bear_the_structures_name() {
    Blob description =
        description("nested")
            .text("outer")
            .u8(24 | OUT)
            .u8(2)
            .text("inner")
            .u8(24 | OUT)
            .u8(1)
            .text("x")
            .u8(8)
            .text("y")
            .u8(8)
            .text("z")
            .u8(8);
    read(
        description,
        new Blob().u32(1).u32(2).u32(3),
        format -> {
          format.fields().forEach(field -> seen.add(field.name()));
          return event -> format.refs().forEach(ref -> seen.add("" + event.longOf(ref)));
        });
    assertEquals(List.of("outer.inner.x", "outer.y", "z", "1", "2", "3"), seen);
  }

  @Test
  void arrays_of_integers_stay_integers() {
    Blob description =
        description("arrays")
            .text("said")
            .u8(6 | SAID)
            .text("fixed")
            .u8(7 | FIXED | OUT)
            .u8(3)
            .u16(2)
            .text("after")
            .u8(4);
    Blob data = new Blob().u16(3).u16(10).u16(20).u16(65535).u32(-5).u32(6).u8(9);
    read(
        description,
        data,
        format ->
            event -> {
              for (int i = 0; i < 3; i++) {
                seen.add("" + event.longOf(format.fieldRef("said"), i));
              }
              seen.add("" + event.longOf(format.fieldRef("fixed"), 0));
              seen.add("" + event.longOf(format.fieldRef("fixed"), 1));
              seen.add("" + event.longOf(format.fieldRef("after")));
            });
    assertEquals(List.of("10", "20", "65535", "-5", "6", "9"), seen);
  }

  @Test
  void arrays_of_other_things_are_bytes_and_what_follows_is_found() {
    Blob description =
        description("arrays")
            .text("texts")
            .u8(2 | SAID)
            .text("pairs")
            .u8(24 | SAID | OUT)
            .u8(2)
            .text("name")
            .u8(22)
            .text("value")
            .u8(4)
            .text("floats")
            .u8(11 | SAID)
            .text("after")
            .u8(2);
    Blob data =
        new Blob()
            .u16(2)
            .text("a")
            .text("bc")
            .u16(2)
            .countedUtf16("k")
            .u8(1)
            .countedUtf16("")
            .u8(2)
            .u16(1)
            .u32(0)
            .text("end");
    read(
        description,
        data,
        format ->
            event -> {
              seen.add(Arrays.toString(event.bytesOf(format.fieldRef("texts"))));
              seen.add("" + event.bytesOf(format.fieldRef("pairs")).length);
              seen.add("" + event.bytesOf(format.fieldRef("floats")).length);
              seen.add(event.textOf(format.fieldRef("after")));
            });
    assertEquals(List.of("[97, 0, 98, 99, 0]", "8", "4", "end"), seen);
  }

  @Test
  void tags_are_passed_over() {
    Blob description =
        new Blob()
            .u8(0x81)
            .u8(0x82)
            .u8(3)
            .text("tagged")
            .text("x")
            .u8(8 | OUT)
            .u8(5 | OUT)
            .u8(0x80)
            .u8(1)
            .text("y")
            .u8(8);
    read(
        description,
        new Blob().u32(1).u32(2),
        format -> event -> seen.add(format.name() + event.longOf(format.fieldRef("y"))));
    assertEquals(List.of("tagged2"), seen);
  }

  @Test
  void two_fields_of_one_name_are_both_there() {
    read(
        description("e").text("x").u8(4).text("x").u8(4).text("").u8(4),
        new Blob().u8(1).u8(2).u8(3),
        format -> {
          format.fields().forEach(field -> seen.add(field.name()));
          return _ -> {};
        });
    assertEquals(List.of("x", "x#2", "field3"), seen);
  }

  @Test
  void a_description_is_read_once_and_told_once() {
    reader.onSelfDescribing((_, event) -> {
      seen.add("told of " + event.name());
      event.addCallback(data -> seen.add("" + data.longOf(event.format().fieldRef("x"))));
    });
    byte[] one = description("one").text("x").u8(4).sized();
    byte[] two = description("two").text("x").u8(4).sized();
    TestRecord.selfDescribing(one).data(new byte[] {1}).to(reader);
    TestRecord.selfDescribing(two).data(new byte[] {2}).to(reader);
    TestRecord.selfDescribing(one).data(new byte[] {3}).to(reader);
    assertEquals(List.of("told of one", "1", "told of two", "2", "3"), seen);
    assertEquals(0, reader.unknown());
  }

  @Test
  void a_provider_with_ever_new_descriptions_does_not_fill_the_memory() {
    reader.onSelfDescribing((_, event) -> seen.add(event.name()));
    for (int i = 0; i < SchemaTable.MOST + 10; i++) {
      TestRecord.selfDescribing(description("e" + i).sized()).to(reader);
    }
    assertEquals(SchemaTable.MOST, seen.size());
    assertEquals(10, reader.unknown());
  }

  @Test
  void damaged_descriptions_name_the_byte() {
    byte[] good = description("event").text("field").u8(7).sized();
    assertTrue(problem(new byte[1]).startsWith("byte 0 "), problem(new byte[1]));
    byte[] lying = good.clone();
    lying[0]++;
    assertEquals("byte 0 of an event's own format: size is 17, allowed: 16", problem(lying));
    byte[] endless = description("event").raw(new byte[] {'f'}).sized();
    assertEquals(
        "byte 10 of an event's own format: field name needs 1 bytes, there are 0",
        problem(endless));
    assertEquals(
        "byte 9 of an event's own format: field x has in-type 31",
        problem(description("event").text("x").u8(31).sized()));
    assertEquals(
        "byte 9 of an event's own format: field x has a form of its provider's own",
        problem(description("event").text("x").u8(FIXED | SAID | 4).sized()));
    assertEquals(
        "byte 12 of an event's own format: number of elements needs 2 bytes, there are 1",
        problem(description("event").text("x").u8(FIXED | 4).u8(0).sized()));
  }

  @Test
  void deep_and_endless_structures_are_refused() {
    Blob deep = description("deep");
    for (int i = 0; i < 20; i++) {
      deep.text("s").u8(24 | OUT).u8(1);
    }
    assertTrue(problem(deep.sized()).contains("structures more than 8 deep"));
    Blob wide = description("wide");
    for (int i = 0; i < 501; i++) {
      wide.text("f").u8(4);
    }
    assertTrue(problem(wide.sized()).contains("more than 500 fields"));
  }

  @Test
  void repeated_nothing_ends() {
    Blob description =
        description("e").text("a").u8(24 | SAID | OUT).u8(1).text("b").u8(FIXED).u16(0xFFFF);
    read(
        description,
        new Blob().u16(0xFFFF),
        format -> event -> seen.add("" + event.bytesOf(format.fieldRef("a")).length));
    assertEquals(List.of("0"), seen);
  }
}
