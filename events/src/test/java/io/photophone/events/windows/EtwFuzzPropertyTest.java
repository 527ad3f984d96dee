package io.photophone.events.windows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.events.Event;
import io.photophone.events.EventCallback;
import io.photophone.events.EventData;
import io.photophone.events.EventDataException;
import io.photophone.events.FieldKind;
import io.photophone.events.FieldRef;
import io.photophone.events.FormatException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Records damaged at random: none ends the source or is read outside its bounds, and each is
/// counted once.
@Tag("V17")
final class EtwFuzzPropertyTest {
  private static final int RECORDS = 300_000;

  private long called;
  private long failedReads;

  /// Reads all that the event has, as a curious callback would.
  private EventCallback readingAll(EtwRecordReader reader, Event event) {
    List<FieldRef> refs = event.format().refs();
    return data -> {
      called++;
      for (FieldRef ref : refs) {
        try {
          readOne(data, ref);
        } catch (EventDataException e) {
          failedReads++;
          assertTrue(e.getMessage().contains(ref.field().name().isEmpty() ? "" : "needs bytes"));
        }
      }
      for (int i = 0; i < data.longsOf(reader.stack()); i++) {
        data.longOf(reader.stack(), i);
      }
    };
  }

  private static void readOne(EventData data, FieldRef ref) {
    data.bytesOf(ref);
    FieldKind kind = ref.field().kind();
    switch (kind) {
      case INTEGER -> data.longOf(ref);
      case FLOAT -> data.doubleOf(ref);
      case TEXT, TEXT_UTF16 -> data.textOf(ref);
      case INTEGERS, BYTES -> {}
    }
  }

  private static List<byte[]> seeds() {
    byte[] sid = new Blob().u8(1).u8(2).zeros(6).u32(32).u32(544).toBytes();
    byte[] process =
        new Blob()
            .zeros(36)
            .u64(8)
            .u64(0)
            .raw(sid)
            .text("java.exe")
            .utf16("java -jar")
            .utf16("")
            .utf16("app")
            .toBytes();
    byte[] description =
        new Blob()
            .u8(0)
            .text("event")
            .text("a")
            .u8(8 | 0x40)
            .text("b")
            .u8(1)
            .text("s")
            .u8(24 | 0xC0)
            .u8(2)
            .text("n")
            .u8(22)
            .text("v")
            .u8(19)
            .text("c")
            .u8(23)
            .sized();
    byte[] own =
        new Blob()
            .u16(2)
            .u32(1)
            .u32(2)
            .utf16("wide")
            .u16(1)
            .countedUtf16("key")
            .raw(sid)
            .countedText("end")
            .toBytes();
    return List.of(
        TestRecord.contextSwitch(1, 2).item(6, new byte[40]).toBytes(),
        TestRecord.classic(TestRecord.PROCESS, 1, 4).data(process).item(6, new byte[24]).toBytes(),
        TestRecord.classic(TestRecord.IMAGE, 10, 3)
            .data(new Blob().zeros(56).utf16("a.dll").toBytes())
            .toBytes(),
        TestRecord.selfDescribing(description).data(own).toBytes());
  }

  private static byte[] damaged(byte[] record, Random random) {
    byte[] damaged = record.clone();
    int from = random.nextBoolean() ? 0 : Math.min(84, damaged.length);
    for (int i = random.nextInt(4); i > 0; i--) {
      damaged[from + random.nextInt(damaged.length - from)] = (byte) random.nextInt();
    }
    return random.nextInt(8) == 0
        ? Arrays.copyOf(damaged, random.nextInt(damaged.length + 9))
        : damaged;
  }

  @Test
  void damaged_records_are_counted_and_never_read_outside() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<byte[]> seeds = seeds();
    EtwRecordReader reader = null;
    long damaged = 0;
    long records = 0;
    for (int i = 0; i < RECORDS; i++) {
      // A new one now and then, since only so many descriptions are kept.
      if (reader == null || i % 10_000 == 0) {
        damaged += reader == null ? 0 : reader.damaged();
        records += reader == null ? 0 : reader.records();
        reader = newReader();
      }
      TestRecord.to(reader, damaged(seeds.get(random.nextInt(seeds.size())), random));
      reader
          .errors()
          .first()
          .forEach(failure ->
              assertTrue(
                  failure.cause() instanceof EventDataException
                      || failure.cause() instanceof FormatException,
                  () -> "seed " + seed + ": " + failure));
      reader.errors().clear();
    }
    assertEquals(RECORDS - 10_000, records);
    assertTrue(damaged > RECORDS / 20, "damaged " + damaged + ", seed " + seed);
    assertTrue(called > RECORDS / 5, "called " + called + ", seed " + seed);
    assertTrue(failedReads > 100, "failed reads " + failedReads + ", seed " + seed);
  }

  private EtwRecordReader newReader() {
    EtwRecordReader reader = new EtwRecordReader(new QpcClock(10_000_000, 0));
    for (EtwEvent kind :
        List.of(KernelEvents.CONTEXT_SWITCH, KernelEvents.PROCESS_START, KernelEvents.IMAGE_LOAD)) {
      Event event = reader.add(kind);
      event.addCallback(readingAll(reader, event));
    }
    reader.onSelfDescribing((_, event) -> event.addCallback(readingAll(reader, event)));
    return reader;
  }
}
