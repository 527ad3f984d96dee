package io.photophone.app.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

final class RepeatLimitTest {
  private static final Instant START = Instant.parse("2030-01-31T12:00:00Z");

  private final List<String> written = new ArrayList<>();
  private final RepeatLimit limit =
      new RepeatLimit(
          new Handler() {
            @Override
            public void publish(LogRecord entry) {
              written.add(new SimpleFormatter().formatMessage(entry));
            }

            @Override
            public void flush() {}

            @Override
            public void close() {
              written.add("closed");
            }
          });

  @Test
  void the_same_again_and_again_is_written_a_few_times_and_counted_beyond() {
    for (int i = 0; i < 1000; i++) {
      log(START.plusMillis(i), "refused {0}", i);
    }
    assertEquals(RepeatLimit.MOST_OF_A_KIND, written.size());
    log(START.plus(RepeatLimit.WINDOW), "another", 0);
    assertEquals("980 entries like those before were left out", written.get(20));
    assertEquals("another", written.get(21));
  }

  @Test
  void of_ever_new_entries_only_so_many_are_written() {
    for (int i = 0; i < 10_000; i++) {
      log(START.plusMillis(i % 9000), "refused " + i, 0);
    }
    assertTrue(written.size() <= RepeatLimit.MOST_OF_ALL);
  }

  @Test
  void what_comes_now_and_then_is_all_written() {
    for (int i = 0; i < 1000; i++) {
      log(START.plus(Duration.ofSeconds(i)), "a reading came late", 0);
    }
    assertEquals(1000, written.size());
  }

  @Test
  void what_was_left_out_is_told_at_the_end() {
    for (int i = 0; i < 25; i++) {
      log(START, "refused", 0);
    }
    limit.close();
    assertEquals(
        List.of("5 entries like those before were left out", "closed"), written.subList(20, 22));
  }

  private void log(Instant at, String message, Object parameter) {
    LogRecord entry = new LogRecord(Level.WARNING, message);
    entry.setLoggerName("test");
    entry.setParameters(new Object[] {parameter});
    entry.setInstant(at);
    limit.publish(entry);
  }
}
