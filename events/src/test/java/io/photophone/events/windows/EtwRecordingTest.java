package io.photophone.events.windows;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("V17")
final class EtwRecordingTest {
  private static final QpcClock CLOCK = new QpcClock(10_000_000, -5);

  @TempDir Path directory;
  private Path file;

  private final List<byte[]> read = new ArrayList<>();

  @BeforeEach
  void name() {
    file = directory.resolve("events.etwrec");
  }

  private void keep(MemorySegment segment, long offset, int length) {
    read.add(segment.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
  }

  private void record(byte[]... records) throws IOException {
    try (EtwRecorder recorder = EtwRecorder.create(file, CLOCK)) {
      for (byte[] record : records) {
        TestRecord.to(recorder, record);
      }
    }
  }

  private static byte[] numbered(int number, int size) {
    return TestRecord.contextSwitch(number, size).item(1, new byte[size]).toBytes();
  }

  @Test
  void what_was_recorded_is_read_in_order_with_its_clock() throws IOException {
    byte[][] records = new byte[300][];
    for (int i = 0; i < records.length; i++) {
      records[i] = numbered(i, i * 37 % 4000);
    }
    record(records);
    try (EtwRecording recording = EtwRecording.open(file)) {
      assertEquals(CLOCK, recording.clock());
      assertEquals(0, recording.readData(this::keep, 0));
      assertEquals(7, recording.readData(this::keep, 7));
      assertEquals(293, recording.readData(this::keep, 1000));
      assertEquals(0, recording.readData(this::keep, 1000));
    }
    assertEquals(records.length, read.size());
    for (int i = 0; i < records.length; i++) {
      assertArrayEquals(records[i], read.get(i));
    }
  }

  @Test
  void a_record_larger_than_the_buffers_is_whole() throws IOException {
    byte[] large =
        TestRecord.contextSwitch(1, 2).item(1, new byte[65535]).item(2, new byte[65535]).toBytes();
    Arrays.fill(large, 200, 130_000, (byte) 5);
    record(numbered(1, 0), large, numbered(2, 0));
    try (EtwRecording recording = EtwRecording.open(file)) {
      assertEquals(3, recording.readData(this::keep, 10));
    }
    assertArrayEquals(large, read.get(1));
    assertArrayEquals(numbered(2, 0), read.get(2));
  }

  @Test
  void a_recording_cut_off_gives_its_whole_records_and_then_says_where() throws IOException {
    record(numbered(1, 0), numbered(2, 0));
    byte[] whole = Files.readAllBytes(file);
    int second = 24 + 4 + numbered(1, 0).length;
    for (int length = second + 1; length < whole.length; length++) {
      Files.write(file, Arrays.copyOf(whole, length));
      read.clear();
      try (EtwRecording recording = EtwRecording.open(file)) {
        EOFException e = assertThrows(EOFException.class, () -> recording.readData(this::keep, 10));
        assertTrue(e.getMessage().contains("record at byte " + second), e.getMessage());
        assertTrue(e.getMessage().endsWith("the file ends at byte " + length), e.getMessage());
      }
      assertEquals(1, read.size());
    }
  }

  @Test
  void a_length_that_cannot_be_is_refused() throws IOException {
    record(numbered(1, 0));
    byte[] lying = Files.readAllBytes(file);
    for (int high : new int[] {0x80, 0x7F}) {
      lying[27] = (byte) high;
      Files.write(file, lying);
      try (EtwRecording recording = EtwRecording.open(file)) {
        IOException e = assertThrows(IOException.class, () -> recording.readData(this::keep, 1));
        assertTrue(e.getMessage().contains("byte 24 has length"), e.getMessage());
      }
    }
    assertEquals(List.of(), read);
  }

  @Test
  void other_files_are_refused() throws IOException {
    Files.write(file, new byte[23]);
    assertThrows(IOException.class, () -> EtwRecording.open(file));
    record2();
    byte[] bytes = Files.readAllBytes(file);
    byte[] version = bytes.clone();
    version[6] = 2;
    assertRefused(version, "version 2, allowed: 1");
    byte[] magic = bytes.clone();
    magic[5] = 1;
    assertRefused(magic, "no recording of ETW events");
    byte[] clock = bytes.clone();
    Arrays.fill(clock, 8, 16, (byte) 0);
    assertRefused(clock, "frequency is 0 Hz");
  }

  private void record2() throws IOException {
    Files.delete(file);
    record(numbered(1, 0));
  }

  private void assertRefused(byte[] bytes, String why) throws IOException {
    Files.write(file, bytes);
    IOException e = assertThrows(IOException.class, () -> EtwRecording.open(file));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void a_recording_is_not_written_over() throws IOException {
    record(numbered(1, 0));
    assertThrows(FileAlreadyExistsException.class, () -> EtwRecorder.create(file, CLOCK));
  }

  @Test
  void a_clock_keeps_to_the_nanosecond_for_years() {
    QpcClock clock = new QpcClock(10_000_000, 0);
    assertEquals(3_000_000_000_000_000_100L, clock.nanos(30_000_000_000_000_001L));
    QpcClock odd = new QpcClock(3_579_545, 0);
    assertEquals(1_000_000_000L, odd.nanos(3_579_545));
    assertEquals(279, odd.nanos(1));
    assertEquals(77, QpcClock.at(3_000_000_000L, 123_456_789, 77).nanos(123_456_789));
    assertThrows(IllegalArgumentException.class, () -> new QpcClock(0, 0));
  }
}
