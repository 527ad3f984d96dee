package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.photophone.events.FieldRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V11")
@Tag("V13")
class RecordedSourceTest {
  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void a_file_of_two_rings() throws IOException {
    file = folder.resolve("session.phperf");
    try (RecordingSink sink = new RecordingSink(file, Records.setups(), Records.ids(), 2)) {
      sink.block(0, joined(Records.comm(10, 1, 1, "a"), point(40)), MemorySegment.NULL);
      sink.block(1, joined(point(20)), joined(point(30)));
      sink.block(0, joined(point(50)), MemorySegment.NULL);
      sink.block(1, joined(point(45), point(60)), MemorySegment.NULL);
    }
  }

  private static byte[] point(long time) {
    return Records.point(time, 1, 2, 0, time * 10, "n" + time);
  }

  private static MemorySegment joined(byte[]... records) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(records).forEach(all::writeBytes);
    return MemorySegment.ofArray(all.toByteArray());
  }

  private static List<String> read(RecordedSource source, boolean damaged) {
    List<String> seen = new ArrayList<>();
    FieldRef number = source.events().event("test:point").format().fieldRef("number");
    FieldRef name = source.events().event("test:point").format().fieldRef("name");
    source
        .events()
        .event("test:point")
        .addCallback(data -> seen.add(data.longOf(number) + data.textOf(name)));
    if (damaged) {
      seen.add(assertThrows(IOException.class, source::read).getMessage());
    } else {
      try {
        source.read();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
    return seen;
  }

  @Test
  void what_was_recorded_is_read_in_the_order_of_time_over_all_rings_and_blocks()
      throws IOException {
    try (RecordedSource source = RecordedSource.open(file)) {
      assertEquals(
          List.of("200n20", "300n30", "400n40", "450n45", "500n50", "600n60"), read(source, false));
      assertEquals(7, source.statistics().read());
      assertEquals(0, source.statistics().outOfOrder());
      assertEquals(0, source.readData((_, _, _) -> {}, 10));
    }
  }

  @Test
  void a_cut_file_gives_what_is_intact_and_then_an_error_with_the_offset() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 8));
    try (RecordedSource source = RecordedSource.open(file)) {
      List<String> seen = read(source, true);
      assertEquals(
          List.of("200n20", "300n30", "400n40", "500n50"), seen.subList(0, seen.size() - 1));
      int block = whole.length - 8 - 2 * point(45).length;
      assertTrue(seen.getLast().contains("offset " + block + ":"), seen.getLast());
      assertEquals(0, source.read(), "the error is told once");
    }
  }

  @Test
  void a_header_cut_anywhere_is_refused() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    int header =
        MemorySegment.ofArray(whole).get(java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED, 12);
    for (int length = 0; length < header; length += 7) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
      IOException e = assertThrows(IOException.class, () -> RecordedSource.open(cut));
      assertTrue(e.getMessage().contains("cut"), e.getMessage());
    }
  }

  @Test
  void another_version_and_another_order_of_bytes_are_named() throws IOException {
    byte[] whole = Files.readAllBytes(file);
    whole[8] = 2;
    Path version = Files.write(folder.resolve("version"), whole);
    assertTrue(
        assertThrows(IOException.class, () -> RecordedSource.open(version))
            .getMessage()
            .contains("version 2, allowed: 1"));
    whole[8] = 0;
    whole[11] = 1;
    Path order = Files.write(folder.resolve("order"), whole);
    assertTrue(
        assertThrows(IOException.class, () -> RecordedSource.open(order))
            .getMessage()
            .contains("order"));
  }

  @Test
  void files_with_random_damage_end_in_records_or_an_error() throws IOException {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    byte[] whole = Files.readAllBytes(file);
    for (int i = 0; i < 200; i++) {
      byte[] damaged = whole.clone();
      for (int n = random.nextInt(4); n >= 0; n--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      Path path = Files.write(folder.resolve("damaged"), damaged);
      try (RecordedSource source = RecordedSource.open(path)) {
        long read = source.read();
        assertTrue(read <= 7);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("damaged"), e.getMessage());
      }
    }
  }

  @Test
  void reading_allocates_nothing_for_a_record() throws IOException {
    int records = 40_000;
    try (RecordingSink sink = new RecordingSink(file, Records.setups(), Records.ids(), 2)) {
      byte[][] some = new byte[1000][];
      for (int block = 0; block < records / 1000; block++) {
        for (int i = 0; i < some.length; i++) {
          long time = (block / 2) * 1000L + i;
          some[i] = i % 3 == 0 ? Records.cpuSample(time, 1, 16, 40) : point(time);
        }
        sink.block(block % 2, joined(some), MemorySegment.NULL);
      }
    }
    assertTrue(allocatedByReading(records) < 20_000, "first run");
  }

  private long allocatedByReading(int records) throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (RecordedSource source = RecordedSource.open(file)) {
      PerfEvents events = source.events();
      long[] sum = new long[1];
      FieldRef number = events.event("test:point").format().fieldRef("number");
      events.event("test:point").addCallback(data -> sum[0] += data.longOf(number));
      FieldRef ip = events.event("cpu_sample").format().fieldRef("ip");
      events
          .event("cpu_sample")
          .addCallback(data -> sum[0] += data.longOf(ip) + data.longOf(events.callChain(), 7));
      source.readData(events, records / 2);
      long before = threads.getCurrentThreadAllocatedBytes();
      int read = source.readData(events, records);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertEquals(records / 2, read);
      assertTrue(sum[0] != 0);
      System.out.println(allocated + " bytes for " + read + " records");
      return allocated;
    }
  }
}
