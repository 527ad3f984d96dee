package io.photophone.channels.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The example of the README; both ends are in one process here.
@Tag("C7")
final class SharedRingExampleTest {
  @TempDir Path directory;

  @Test
  void the_example_receives_what_it_sends() throws Exception {
    Path file = directory.resolve("ring");
    List<String> log = new ArrayList<>();
    // @start
    SharedRing.oneToOne(1 << 16, 1024).create(file); // 64 KiB, messages up to 1 KiB
    try (OneToOneSender sender = OneToOneSender.attach(file)) { // in one process
      sender.send("hello".getBytes(UTF_8));
    }
    try (OneToOneReceiver receiver = OneToOneReceiver.attach(file)) { // in another
      ByteBuffer buffer = ByteBuffer.allocate(receiver.maxMessage());
      boolean open = true;
      while (open) {
        switch (receiver.receive(buffer.clear())) {
          case SharedReceived.Message _ -> log.add("got %d bytes".formatted(buffer.position()));
          case SharedReceived.Lagged(long missed) -> log.add("missed " + missed); // broadcast only
          case SharedReceived.Empty _ -> log.add("nothing within the time given");
          case SharedReceived.PeerGone(long pid) -> log.add("process " + pid + " died");
          case SharedReceived.Closed _ -> open = false;
        }
      }
    }
    // @end
    assertEquals(List.of("got 5 bytes"), log);
  }
}
