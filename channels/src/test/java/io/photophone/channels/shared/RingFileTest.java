package io.photophone.channels.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("C7")
final class RingFileTest {
  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("ring");
  }

  @Test
  void a_file_tells_what_it_was_made_for() {
    SharedRing shape = SharedRing.broadcast(4096, 100);
    shape.create(file);
    assertEquals(shape, SharedRing.of(file));
  }

  @ParameterizedTest
  @CsvSource({"0", "56", "65", "-64", "1073741832"})
  void a_capacity_that_is_not_allowed_is_refused_with_its_value(int capacity) {
    IllegalArgumentException refusal =
        assertThrows(IllegalArgumentException.class, () -> SharedRing.oneToOne(capacity, 0));
    assertEquals(
        "capacity of a shared ring is %d bytes, allowed: multiples of 8 in [64, 1073741824]"
            .formatted(capacity),
        refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({"64, 17, 16", "72, 17, 16", "80, 25, 24", "64, -1, 16"})
  void a_maximum_message_that_is_not_allowed_is_refused_with_its_value(
      int capacity, int maxMessage, int longest) {
    IllegalArgumentException refusal =
        assertThrows(
            IllegalArgumentException.class, () -> SharedRing.broadcast(capacity, maxMessage));
    assertEquals(
        "maximum message of a shared ring of %d bytes is %d bytes, allowed: [0, %d]"
            .formatted(capacity, maxMessage, longest),
        refusal.getMessage());
    assertEquals(longest, SharedRing.broadcast(capacity, longest).maxMessage());
  }

  @Test
  void a_file_appears_complete_and_leaves_nothing_beside_it() throws IOException {
    SharedRing.oneToOne(64, 8).create(file);
    assertEquals(RingLayout.fileBytes(64), Files.size(file));
    try (Stream<Path> files = Files.list(directory)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void nobody_but_the_owner_may_open_a_ring_and_its_locks() throws IOException {
    assumeTrue(
        directory.getFileSystem().supportedFileAttributeViews().contains("posix"),
        "skipped: no POSIX permissions here");
    SharedRing.oneToOne(64, 8).create(file);
    OneToOneSender.attach(file).close();
    for (String name : List.of("ring", "ring.sender")) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(name))));
    }
  }

  @Test
  void a_ring_that_exists_is_not_made_again() {
    SharedRing.oneToOne(64, 8).create(file);
    try (OneToOneSender sender = OneToOneSender.attach(file)) {
      sender.trySend(new byte[1]);
    }
    assertRefused("ring file %s exists already", () -> SharedRing.oneToOne(128, 8).create(file));
    assertEquals(64, SharedRing.of(file).capacity());
  }

  @Test
  void a_ring_in_a_directory_that_does_not_exist_is_refused() {
    Path nowhere = directory.resolve("nowhere").resolve("ring");
    SharedRingException refusal =
        assertThrows(SharedRingException.class, () -> SharedRing.oneToOne(64, 8).create(nowhere));
    assertTrue(
        refusal.getMessage().startsWith("ring file %s can't be made: ".formatted(nowhere)),
        refusal.getMessage());
  }

  @Test
  void a_missing_file_is_refused() {
    assertRefusedByAll("ring file %s does not exist");
  }

  @Test
  void an_empty_file_is_refused() throws IOException {
    Files.createFile(file);
    assertRefusedByAll("ring file %s is cut off: 0 bytes, a header has 768");
  }

  @Test
  void a_file_without_a_whole_header_is_refused() throws IOException {
    SharedRing.oneToOne(64, 8).create(file);
    cut(767);
    assertRefusedByAll("ring file %s is cut off: 767 bytes, a header has 768");
  }

  @Test
  void a_file_that_begins_with_something_else_is_refused() throws IOException {
    Files.write(file, new byte[1000]);
    assertRefusedByAll(
        "file %s is no ring: it begins with 0000000000000000,"
            + " allowed: 5050534852494e47 (PPSHRING)");
  }

  @Test
  void another_version_is_refused() throws IOException {
    SharedRing.oneToOne(64, 8).create(file);
    put(RingLayout.VERSION_OFFSET, ints(2));
    assertRefusedByAll("version of ring file %s is 2, allowed: 1");
  }

  @Test
  void an_unknown_kind_is_refused() throws IOException {
    SharedRing.oneToOne(64, 8).create(file);
    put(RingLayout.KIND_OFFSET, ints(3));
    assertRefusedByAll("kind of ring file %s is 3, allowed: 1 (ONE_TO_ONE), 2 (BROADCAST)");
  }

  @Test
  void the_wrong_kind_is_refused() {
    SharedRing.oneToOne(64, 8).create(file);
    String refusal = "kind of ring file %s is 1 (ONE_TO_ONE), allowed here: 2 (BROADCAST)";
    assertRefused(refusal, () -> BroadcastSender.attach(file));
    assertRefused(refusal, () -> BroadcastReceiver.join(file, From.OLDEST));
    Path broadcast = file;
    file = directory.resolve("other");
    SharedRing.broadcast(64, 8).create(file);
    refusal = "kind of ring file %s is 2 (BROADCAST), allowed here: 1 (ONE_TO_ONE)";
    assertRefused(refusal, () -> OneToOneSender.attach(file));
    assertRefused(refusal, () -> OneToOneReceiver.attach(file));
    file = broadcast;
  }

  @Test
  void a_file_that_was_cut_off_is_refused() throws IOException {
    SharedRing.oneToOne(128, 8).create(file);
    cut(895);
    assertRefusedByAll("ring file %s has 895 bytes, but its capacity of 128 needs 896");
  }

  @Test
  void a_capacity_that_contradicts_the_size_is_refused() throws IOException {
    SharedRing.oneToOne(128, 8).create(file);
    put(RingLayout.CAPACITY_OFFSET, longs(64));
    assertRefusedByAll("ring file %s has 896 bytes, but its capacity of 64 needs 832");
  }

  @ParameterizedTest
  @CsvSource({"0", "-8", "9223372036854775800", "4294967360"})
  void a_capacity_beyond_all_rings_is_refused(long capacity) throws IOException {
    SharedRing.oneToOne(64, 8).create(file);
    put(RingLayout.CAPACITY_OFFSET, longs(capacity));
    assertRefusedByAll(
        "capacity of ring file %s is " + capacity + " bytes, allowed: [64, 1073741824]");
  }

  @Test
  void a_maximum_message_that_contradicts_the_capacity_is_refused() throws IOException {
    SharedRing.oneToOne(64, 8).create(file);
    put(RingLayout.MAX_MESSAGE_OFFSET, ints(17));
    assertRefusedByAll(
        "ring file %s: maximum message of a shared ring of 64 bytes is 17 bytes,"
            + " allowed: [0, 16]");
  }

  @Test
  void a_broken_position_in_the_header_is_refused_and_the_role_given_back() throws IOException {
    SharedRing.oneToOne(64, 8).create(file);
    put(RingLayout.SENDER_POSITION, longs(-8));
    String refusal =
        "ring file %s is broken: the position at offset 128 is -8,"
            + " allowed: multiples of 8 from 0";
    assertRefused(refusal, () -> OneToOneSender.attach(file));
    put(RingLayout.SENDER_POSITION, longs(0));
    OneToOneSender.attach(file).close();
  }

  @Test
  void a_receiver_of_a_broadcast_ring_needs_no_right_to_write() throws IOException {
    SharedRing.broadcast(64, 8).create(file);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
    byte[] before = Files.readAllBytes(file);
    try (BroadcastReceiver receiver = BroadcastReceiver.join(file, From.OLDEST)) {
      assertEquals("empty", Bytes.told(receiver));
    }
    assertEquals(ByteBuffer.wrap(before), ByteBuffer.wrap(Files.readAllBytes(file)));
  }

  private void assertRefusedByAll(String message) {
    assertRefused(message, () -> SharedRing.of(file));
    assertRefused(message, () -> OneToOneSender.attach(file));
    assertRefused(message, () -> OneToOneReceiver.attach(file));
    assertRefused(message, () -> BroadcastSender.attach(file));
    assertRefused(message, () -> BroadcastReceiver.join(file, From.OLDEST));
  }

  private void assertRefused(String message, Runnable opening) {
    SharedRingException refusal = assertThrows(SharedRingException.class, opening::run);
    assertEquals(message.formatted(file), refusal.getMessage());
  }

  private void cut(long size) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private void put(int offset, ByteBuffer bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(bytes, offset);
    }
  }

  private static ByteBuffer ints(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, value);
  }

  private static ByteBuffer longs(long value) {
    return ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value);
  }
}
