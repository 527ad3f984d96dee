package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `/api/readings/…`: the latest readings and the topic of readings. Contract: A20.
final class ReadingsResource {
  private final BroadcastChannel<Streamed<Reading>> readings;
  private final Topic topic;
  private long nextId;

  ReadingsResource(BroadcastChannel<Streamed<Reading>> readings) {
    this.readings = readings;
    this.topic = Topic.ofAll("readings", readings.capacity());
  }

  Topic topic() {
    return topic;
  }

  /// The next reading as an event; called by one thread.
  Event event(Reading reading) {
    return Event.of(nextId++, "reading", _ -> Json.bytes(Json.fields(reading)));
  }

  /// How many readings are retained at most.
  int retained() {
    return readings.capacity();
  }

  /// The newest reading's named fields; null before the first.
  @Nullable Object latest() {
    List<Map<String, @Nullable Object>> newest = recent(1).readings();
    return newest.isEmpty() ? null : newest.getFirst();
  }

  /// The newest readings, oldest first.
  ///
  /// @param readings the named fields of each
  record Recent(List<Map<String, @Nullable Object>> readings) {}

  /// The newest readings that are retained, at most as many as asked for.
  Recent recent(int limit) {
    ArrayDeque<Reading> recent = new ArrayDeque<>();
    try (Receiver<Streamed<Reading>> receiver =
        readings.subscribeAt("recent readings", Resume.OLDEST, 0)) {
      while (true) {
        switch (receiver.poll()) {
          case Received.Message<Streamed<Reading>> message -> {
            if (message.value() instanceof Streamed.Item<Reading>(Reading reading)) {
              recent.add(reading);
            }
            if (recent.size() > limit) {
              recent.remove();
            }
          }
          case Received.Lagged<Streamed<Reading>> _ -> {}
          case Received.Empty<Streamed<Reading>> _, Received.Closed<Streamed<Reading>> _ -> {
            return new Recent(recent.stream().map(Json::fields).toList());
          }
        }
      }
    }
  }
}
