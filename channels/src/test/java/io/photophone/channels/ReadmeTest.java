package io.photophone.channels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.channels.BroadcastChannel.Resume;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Keeps the example of the README true.
@Tag("C4")
final class ReadmeTest {
  private static final Path SOURCE =
      Path.of("src/test/java/io/photophone/channels/ReadmeTest.java");

  @Test
  void the_example_does_what_the_readme_says() throws Exception {
    List<String> log = new ArrayList<>();
    // @start
    BroadcastChannel<String> news = new BroadcastChannel<>("news", 2);
    Receiver<String> reader = news.subscribe("reader", Resume.OLDEST);
    for (String headline : List.of("one", "two", "three")) {
      news.send(headline); // never waits
    }
    news.close();

    boolean open = true;
    while (open) {
      switch (reader.receive()) {
        case Received.Message<String> message -> log.add(message.value());
        case Received.Lagged<String>(long missed) -> log.add("missed " + missed);
        case Received.Empty<String> _ -> log.add("nothing within the time given");
        case Received.Closed<String> _ -> open = false;
      }
    }
    // @end
    assertEquals(List.of("missed 1", "two", "three"), log);
  }

  @Test
  void the_readme_shows_the_example_that_was_tested() throws Exception {
    String source = Files.readString(SOURCE);
    String example =
        source.substring(source.indexOf("// @start\n") + 10, source.indexOf("    // @end"));
    assertTrue(
        Files.readString(Path.of("README.md"))
            .contains("```java\n" + example.stripTrailing().stripIndent()),
        "README.md of channels shows another example than this test's");
  }
}
