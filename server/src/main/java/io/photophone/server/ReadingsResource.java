package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Received;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// `/api/readings/…`: the latest readings and the topic of readings.
final class ReadingsResource {
  private final BroadcastChannel<Streamed<Reading>> readings;
  private final Topic topic;
  private final AtomicLong nextId = new AtomicLong();

  ReadingsResource(BroadcastChannel<Streamed<Reading>> readings) {
    this.readings = readings;
    this.topic = new Topic("readings", readings.capacity(), Resume.OLDEST, true);
  }

  Topic topic() {
    return topic;
  }

  Event event(Reading reading) {
    byte[] json = Json.bytes(Json.fields(reading));
    return Event.of(nextId.getAndIncrement(), "reading", _ -> json);
  }

  /// How many readings are retained at most.
  int retained() {
    return readings.capacity();
  }

  /// The newest reading's named fields; null before the first.
  @Nullable Object latest() {
    List<Map<String, @Nullable Object>> newest = recent(2).readings();
    return newest.isEmpty() ? null : newest.getLast();
  }

  /// The newest readings, oldest first.
  ///
  /// @param readings the named fields of each
  record Recent(List<Map<String, @Nullable Object>> readings) {}

  /// The newest readings that are retained, at most as many as asked for.
  Recent recent(int limit) {
    List<Map<String, @Nullable Object>> recent = new ArrayList<>();
    long from = Math.max(0, readings.sent() - limit);
    try (BroadcastChannel.Receiver<Streamed<Reading>> receiver =
        readings.subscribeAt("recent readings", Resume.OLDEST, from)) {
      while (true) {
        switch (receiver.poll()) {
          case Received.Message<Streamed<Reading>> message -> {
            if (message.value() instanceof Streamed.Item<Reading>(Reading reading)) {
              recent.add(Json.fields(reading));
            }
          }
          case Received.Lagged<Streamed<Reading>> _ -> {}
          case Received.Empty<Streamed<Reading>> _, Received.Closed<Streamed<Reading>> _ -> {
            return new Recent(recent);
          }
        }
      }
    }
  }
}
