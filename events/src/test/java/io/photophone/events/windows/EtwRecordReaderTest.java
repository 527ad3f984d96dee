package io.photophone.events.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.Event;
import io.photophone.events.EventDataException;
import io.photophone.events.FieldRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V17")
final class EtwRecordReaderTest {
  private static final byte[] SID =
      new Blob().u8(1).u8(2).zeros(5).u8(5).u32(32).u32(544).toBytes();

  private final EtwRecordReader reader = new EtwRecordReader(new QpcClock(10_000_000, 7));
  private final List<String> seen = new ArrayList<>();

  private Event texts(EtwEvent kind, String... fields) {
    Event event = reader.add(kind);
    List<FieldRef> refs = Arrays.stream(fields).map(event.format()::fieldRef).toList();
    event.addCallback(data -> refs.forEach(ref -> seen.add(data.textOf(ref))));
    return event;
  }

  @Test
  void a_context_switch_has_time_processor_and_its_threads() {
    Event event = reader.add(KernelEvents.CONTEXT_SWITCH);
    FieldRef newThread = event.format().fieldRef("new_thread_id");
    FieldRef oldThread = event.format().fieldRef("old_thread_id");
    FieldRef reason = event.format().fieldRef("old_thread_wait_reason");
    FieldRef wait = event.format().fieldRef("new_thread_wait_time");
    event.addCallback(data ->
        seen.add(
            "%d %d %d %d at %d by %d/%d on %d"
                .formatted(
                    data.longOf(newThread),
                    data.longOf(oldThread),
                    data.longOf(reason),
                    data.longOf(wait),
                    data.timeNanos(),
                    data.pid(),
                    data.tid(),
                    data.cpu())));
    byte[] data =
        new Blob().u32(0xFFFF_FFFEL).u32(4).zeros(4).u8(-1).zeros(3).u32(99).u32(0).toBytes();
    TestRecord.classic(TestRecord.THREAD, 36, 4)
        .data(data)
        .ticks(25_000_000)
        .threads(-1, -1)
        .to(reader);
    TestRecord.classic(TestRecord.THREAD, 36, 2)
        .data(data)
        .ticks(-10_000_000)
        .threads(5, 6)
        .processorIndex(300)
        .to(reader);
    assertEquals(
        List.of(
            "4294967294 4 -1 99 at 2500000007 by -1/-1 on 3",
            "4294967294 4 -1 99 at -999999993 by 5/6 on 300"),
        seen);
    assertEquals(2, reader.records());
    assertTrue(reader.errors().isEmpty());
  }

  @Test
  void a_process_start_has_its_user_and_both_kinds_of_text() {
    Event event = texts(KernelEvents.PROCESS_START, "image_file_name", "command_line");
    FieldRef user = event.format().fieldRef("user_sid");
    FieldRef parent = event.format().fieldRef("parent_id");
    List<byte[]> users = new ArrayList<>();
    event.addCallback(data -> {
      users.add(data.bytesOf(user));
      seen.add("parent " + data.longOf(parent) + " pid " + data.pid());
    });
    Blob fixed = new Blob().u64(1).u32(40).u32(41).u32(0).u32(0).u64(0).u32(0);
    Blob withUser = new Blob().raw(fixed.toBytes()).u64(8).u64(0).raw(SID);
    TestRecord.classic(TestRecord.PROCESS, 1, 4)
        .data(withUser.text("java.exe").utf16("java -jar ä€😀").utf16("").utf16("").toBytes())
        .to(reader);
    Blob withoutUser = new Blob().raw(fixed.toBytes()).u32(0);
    TestRecord.classic(TestRecord.PROCESS, 1, 4)
        .data(withoutUser.text("System").utf16("").utf16("").utf16("").toBytes())
        .to(reader);
    assertEquals(
        List.of("java.exe", "java -jar ä€😀", "parent 41 pid 11", "System", "", "parent 41 pid 11"),
        seen);
    assertArrayEquals(SID, users.get(0));
    assertEquals(0, users.get(1).length);
  }

  @Test
  void an_image_has_its_path() {
    texts(KernelEvents.IMAGE_LOAD, "file_name");
    Blob data = new Blob().u64(1).u64(2).u32(3).u32(4).u32(5).u32(0).u64(6).zeros(16);
    TestRecord.classic(TestRecord.IMAGE, 10, 3)
        .data(data.utf16("\\Device\\Ω.dll").toBytes())
        .to(reader);
    assertEquals(List.of("\\Device\\Ω.dll"), seen);
  }

  @Test
  void the_format_of_the_version_goes_before_that_of_any() {
    Event any = reader.add(KernelEvents.THREAD_START);
    Event named = reader.add(KernelEvents.THREAD_START_NAMED);
    any.addCallback(_ -> seen.add("any"));
    named.addCallback(_ -> seen.add("named"));
    byte[] data = new Blob().zeros(72).utf16("worker").toBytes();
    TestRecord.classic(TestRecord.THREAD, 1, 3).data(data).to(reader);
    TestRecord.classic(TestRecord.THREAD, 1, 4).data(data).to(reader);
    TestRecord.classic(TestRecord.THREAD, 1, 5).data(data).to(reader);
    assertEquals(List.of("any", "named", "any"), seen);
    assertSame(any, reader.add(KernelEvents.THREAD_START));
  }

  @Test
  void ids_and_opcodes_are_not_confused() {
    EtwFormat format = EtwFormat.builder("id").integer("x", 4, true).build();
    reader
        .add(EtwEvent.ofManifest(TestRecord.THREAD, 36, 4, format))
        .addCallback(_ -> seen.add("id"));
    TestRecord.contextSwitch(1, 2).to(reader);
    assertEquals(List.of(), seen);
    assertEquals(1, reader.unknown());
    TestRecord.manifest(TestRecord.THREAD, 36, 4).to(reader);
    assertEquals(List.of("id"), seen);
  }

  @Test
  void many_events_are_told_apart() {
    EtwFormat format = EtwFormat.builder("x").integer("x", 4, true).build();
    for (int id = 0; id < 1000; id++) {
      String name = "event " + id;
      reader
          .add(EtwEvent.ofManifest(TestRecord.OWN, id, 0, format))
          .addCallback(_ -> seen.add(name));
    }
    for (int id = 999; id >= 0; id--) {
      TestRecord.manifest(TestRecord.OWN, id, 0).to(reader);
      assertEquals("event " + id, seen.getLast());
    }
    assertEquals(1000, seen.size());
  }

  @Test
  void the_call_stack_is_read_where_the_record_has_one() {
    Event event = reader.add(KernelEvents.CONTEXT_SWITCH);
    event.addCallback(data -> {
      for (int i = 0; i < data.longsOf(reader.stack()); i++) {
        seen.add(Long.toHexString(data.longOf(reader.stack(), i)));
      }
      seen.add("end");
    });
    byte[] stack = new Blob().u64(77).u64(0x1234).u64(-1).toBytes();
    TestRecord.contextSwitch(1, 2).item(1, new byte[3]).item(6, stack).to(reader);
    TestRecord.contextSwitch(1, 2).to(reader);
    assertEquals(List.of("1234", "ffffffffffffffff", "end", "end"), seen);
  }

  @Test
  void the_call_stack_of_an_event_that_is_written_anew_is_there_too() {
    Event event = reader.add(KernelEvents.PROCESS_START_V3);
    event.addCallback(data -> seen.add(Long.toHexString(data.longOf(reader.stack(), 0))));
    TestRecord.classic(TestRecord.PROCESS, 1, 3)
        .data(new Blob().zeros(32).u32(0).text("").utf16("").toBytes())
        .item(6, new Blob().u64(0).u64(0xABC).toBytes())
        .to(reader);
    assertEquals(List.of("abc"), seen);
  }

  @Test
  void a_record_cut_anywhere_runs_no_callback_and_is_counted() {
    reader.add(KernelEvents.CONTEXT_SWITCH).addCallback(_ -> seen.add("ran"));
    byte[] record = TestRecord.contextSwitch(1, 2).item(6, new byte[16]).toBytes();
    for (int length = 0; length < record.length; length++) {
      TestRecord.to(reader, Arrays.copyOf(record, length));
    }
    TestRecord.to(reader, Arrays.copyOf(record, record.length + 1));
    assertEquals(List.of(), seen);
    assertEquals(record.length + 1, reader.damaged());
    assertEquals(record.length + 1, reader.errors().total());
    TestRecord.to(reader, record);
    assertEquals(List.of("ran"), seen);
  }

  @Test
  void lying_lengths_and_counts_are_refused() {
    reader.add(KernelEvents.CONTEXT_SWITCH).addCallback(_ -> seen.add("ran"));
    byte[] record = TestRecord.contextSwitch(1, 2).item(6, new byte[16]).toBytes();
    for (int at : new int[] {84, 85, 86, 87, 88 + 24 + 2, 88 + 24 + 3}) {
      byte[] lying = record.clone();
      lying[at] ^= (byte) 0x81;
      TestRecord.to(reader, lying);
    }
    assertEquals(6, reader.damaged());
    assertEquals(List.of(), seen);
  }

  @Test
  void user_data_shorter_than_its_format_is_told_by_field() {
    texts(KernelEvents.IMAGE_LOAD, "file_name");
    Blob data = new Blob().zeros(56).raw(new byte[] {'a', 0, 'b'});
    TestRecord.classic(TestRecord.IMAGE, 10, 3).data(data.toBytes()).to(reader);
    assertEquals(List.of(), seen);
    assertEquals(
        "Image/Load.file_name needs bytes 56 to 61, the event has 59",
        reader.errors().first().getFirst().cause().getMessage());
  }

  @Test
  void a_user_that_claims_more_than_there_is_is_refused() {
    reader.add(KernelEvents.PROCESS_START_V3).addCallback(_ -> seen.add("ran"));
    byte[] sid = SID.clone();
    sid[1] = (byte) 200;
    byte[] data = new Blob().zeros(32).u64(8).u64(0).raw(sid).text("x").utf16("").toBytes();
    TestRecord.classic(TestRecord.PROCESS, 1, 3).data(data).to(reader);
    assertEquals(1, reader.damaged());
    Throwable cause = reader.errors().first().getFirst().cause();
    assertEquals("user_sid", ((EventDataException) cause).field());
    assertEquals(List.of(), seen);
  }

  @Test
  void a_failing_callback_does_not_stop_the_source() {
    Event event = reader.add(KernelEvents.CONTEXT_SWITCH);
    event.addCallback(_ -> {
      throw new IllegalStateException("first");
    });
    event.addCallback(_ -> seen.add("second"));
    TestRecord.contextSwitch(1, 2).to(reader);
    TestRecord.contextSwitch(1, 2).to(reader);
    assertEquals(List.of("second", "second"), seen);
    assertEquals(2, reader.errors().total());
    assertEquals(0, reader.damaged());
  }
}
