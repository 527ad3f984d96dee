package io.photophone.events.linux;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The layouts, and what is said where the kernel has no user_events.
@Tag("V15")
class UserEventsFileTest {
  @TempDir private Path folder;

  private static ByteBuffer bytes(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.nativeOrder());
  }

  @Test
  void a_registration_is_laid_out_as_the_kernel_reads_it() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment enabled = arena.allocate(4, 4);
      MemorySegment name = arena.allocateFrom("frame u64 number");
      MemorySegment asked = arena.allocate(28, 8).fill((byte) -1);
      UserEventsLayout.register(asked, enabled, name);
      byte[] expected =
          bytes(28)
              .putInt(28)
              .put((byte) 0)
              .put((byte) 4)
              .putShort((short) 0)
              .putLong(enabled.address())
              .putLong(name.address())
              .putInt(0)
              .array();
      assertArrayEquals(expected, asked.toArray(ValueLayout.JAVA_BYTE));
      asked.set(ValueLayout.JAVA_INT_UNALIGNED, 24, 43);
      assertEquals(43, UserEventsLayout.writeIndex(asked));
    }
  }

  @Test
  void the_end_of_a_registration_is_laid_out_as_the_kernel_reads_it() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment enabled = arena.allocate(4, 4);
      MemorySegment asked = arena.allocate(16, 8).fill((byte) -1);
      UserEventsLayout.unregister(asked, enabled);
      byte[] expected = bytes(16).putInt(16).putInt(0).putLong(enabled.address()).array();
      assertArrayEquals(expected, asked.toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void the_requests_are_numbered_by_direction_size_of_a_pointer_letter_and_place() {
    long pointer = 8L << 16 | (long) '*' << 8;
    assertEquals(3L << 30 | pointer, UserEventsLayout.REGISTER);
    assertEquals(1L << 30 | pointer | 2, UserEventsLayout.UNREGISTER);
  }

  @Test
  void a_kernel_without_user_events_is_named_with_what_it_needs() throws IOException {
    Files.createDirectory(folder.resolve("events"));
    String message =
        assertThrows(PerfException.class, () -> UserEventsFile.find(List.of(folder), "6.18.0"))
            .getMessage();
    assertTrue(message.contains(folder.toString()), message);
    assertTrue(message.contains("6.18.0"), message);
    assertTrue(message.contains("Linux 6.4 and CONFIG_USER_EVENTS=y"), message);
  }

  @Test
  void where_tracefs_is_not_mounted_the_command_is_told() {
    String message =
        assertThrows(PerfException.class, () -> UserEventsFile.find(List.of(folder), "6.18.0"))
            .getMessage();
    assertTrue(message.contains(Tracefs.WHY_MISSING), message);
    assertTrue(message.contains(Tracefs.command()), message);
  }

  @Test
  void the_file_is_found_where_it_is() throws IOException {
    Path file = Files.createFile(folder.resolve("user_events_data"));
    assertEquals(file, UserEventsFile.find(List.of(folder.resolve("none"), folder), "6.18.0"));
  }

  @Test
  void a_file_that_may_not_be_written_is_named_with_the_command() {
    Path file = Path.of("/tracing/user_events_data");
    assertEquals(
        "/tracing/user_events_data can't be opened: access denied: sudo chmod a+x /tracing && sudo"
            + " chmod a+rw /tracing/user_events_data (errno 13)",
        UserEventsFile.refused(file, 13).getMessage());
    assertEquals(
        "/tracing/user_events_data can't be opened: unexpected (errno 5)",
        UserEventsFile.refused(file, 5).getMessage());
  }

  @Test
  void a_name_with_other_fields_is_told_from_a_wrong_description() {
    assertEquals(
        "user event not registered: another event of that name has other fields (errno 98): a u8 b",
        UserEventsFile.whyNotRegistered("a u8 b", 98));
    assertEquals(
        "user event not registered: the kernel can't read the description (errno 22): a u8",
        UserEventsFile.whyNotRegistered("a u8", 22));
  }

  @Test
  void here_it_opens_or_says_why_not() {
    Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "this isn't Linux");
    try (UserEventsFile _ = UserEventsFile.open()) {
      System.out.println("this kernel has user_events");
    } catch (PerfException e) {
      assertTrue(
          e.getMessage().contains("user_events") || e.getMessage().contains("native"),
          e.getMessage());
      System.out.println(e.getMessage());
    }
  }

  @Test
  void native_memory_is_written_to_a_file_that_was_opened() throws IOException {
    Assumptions.assumeTrue(System.getProperty("os.name").equals("Linux"), "this isn't Linux");
    Path file = Files.createFile(folder.resolve("file"));
    NativeCalls calls = NativeCalls.open();
    int descriptor = calls.openForWriting(file);
    assertTrue(descriptor >= 0, "errno " + -descriptor);
    try (Arena arena = Arena.ofConfined()) {
      assertEquals(3, calls.write(descriptor, arena.allocateFrom("abc").asSlice(0, 3)));
      assertEquals(-1, calls.write(-1, arena.allocate(3)));
    } finally {
      calls.close(descriptor);
    }
    assertEquals("abc", Files.readString(file));
    assertEquals(-2, calls.openForWriting(folder.resolve("none")));
  }
}
