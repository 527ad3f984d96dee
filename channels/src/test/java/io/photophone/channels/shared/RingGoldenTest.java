package io.photophone.channels.shared;

import static io.photophone.channels.shared.Bytes.all;
import static io.photophone.channels.shared.Bytes.bytes;
import static io.photophone.channels.shared.Bytes.told;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pins the bytes of version 1. If one of these fails, the version has to change.
@Tag("C7")
final class RingGoldenTest {
  private static final Path GOLDEN = Path.of("src/test/resources/io/photophone/channels/shared");

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("ring");
  }

  /// A lap with padding, a message that was received, one that is pending, and an end.
  @Test
  void the_bytes_of_a_one_to_one_ring_are_those_of_version_1() throws IOException {
    SharedRing.oneToOne(88, 24).create(file);
    RingMemory ring = RingFile.map(file, SharedRing.Kind.ONE_TO_ONE, MapMode.READ_WRITE);
    OneToOneSender sender = new OneToOneSender(ring, Role.unshared(ring, RingLayout.SENDER_LINE));
    OneToOneReceiver receiver =
        new OneToOneReceiver(ring, Role.unshared(ring, RingLayout.RECEIVER_LINE));
    sender.trySend(bytes("first, received"));
    sender.trySend(bytes("second"));
    assertEquals("first, received", told(receiver));
    assertEquals("second", told(receiver));
    sender.trySend(bytes("third, behind padding"));
    sender.close();
    assertEquals(golden("one-to-one-v1.hex"), hex(Files.readAllBytes(file)));
  }

  @Test
  void the_bytes_of_a_broadcast_ring_are_those_of_version_1() throws IOException {
    SharedRing.broadcast(96, 24).create(file);
    RingMemory ring = RingFile.map(file, SharedRing.Kind.BROADCAST, MapMode.READ_WRITE);
    BroadcastSender sender = new BroadcastSender(ring, Role.unshared(ring, RingLayout.SENDER_LINE));
    for (String message : List.of("one", "two", "three", "four", "the fifth message")) {
      sender.send(bytes(message));
    }
    assertEquals(golden("broadcast-v1.hex"), hex(Files.readAllBytes(file)));
  }

  @Test
  void a_one_to_one_ring_of_version_1_can_be_received() throws IOException {
    Files.write(file, HexFormat.of().parseHex(golden("one-to-one-v1.hex").replaceAll("\\s", "")));
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) {
      assertEquals(List.of("third, behind padding", "closed"), all(receiver));
    }
  }

  @Test
  void a_broadcast_ring_of_version_1_can_be_received() throws IOException {
    Files.write(file, HexFormat.of().parseHex(golden("broadcast-v1.hex").replaceAll("\\s", "")));
    try (BroadcastReceiver receiver = BroadcastReceiver.join(file, From.OLDEST)) {
      assertEquals(List.of("three", "four", "the fifth message", "empty"), all(receiver));
    }
  }

  private static String golden(String name) throws IOException {
    return Files.readString(GOLDEN.resolve(name), US_ASCII);
  }

  /// Eight bytes a line.
  private static String hex(byte[] bytes) {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < bytes.length; i += 8) {
      lines.append(HexFormat.of().formatHex(bytes, i, i + 8)).append('\n');
    }
    return lines.toString();
  }
}
