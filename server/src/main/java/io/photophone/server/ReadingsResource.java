package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.model.Streamed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// `/api/readings/…`: the latest readings and the topic of readings. Contract: A20.
final class ReadingsResource implements MetricSource {
  private final BroadcastChannel<Streamed<Reading>> readings;
  private final String instrument;
  private final Topic topic;
  private final LongAdder count = new LongAdder();
  private final Map<ReadingFlag, LongAdder> flagged = new EnumMap<>(ReadingFlag.class);
  private long nextId;

  ReadingsResource(String instrument, BroadcastChannel<Streamed<Reading>> readings) {
    this.readings = readings;
    this.instrument = instrument;
    this.topic = Topic.ofAll(instrument, "readings", readings.capacity());
    for (ReadingFlag flag : ReadingFlag.values()) {
      flagged.put(flag, new LongAdder());
    }
  }

  Topic topic() {
    return topic;
  }

  /// The next reading as an event; called by one thread.
  Event event(Reading reading) {
    count.increment();
    flagged.forEach((flag, times) -> times.add(reading.has(flag) ? 1 : 0));
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
    List<Reading> retained = new ArrayList<>();
    for (Streamed<Reading> each : readings.retained()) {
      if (each instanceof Streamed.Item<Reading>(Reading reading)) {
        retained.add(reading);
      }
    }
    List<Reading> newest = retained.subList(Math.max(0, retained.size() - limit), retained.size());
    return new Recent(newest.stream().map(Json::fields).toList());
  }

  @Override
  public void addTo(Metrics metrics) {
    metrics.counter(
        "photophone_readings", "Readings measured.", count.sum(), "instrument", instrument);
    flagged.forEach((flag, times) ->
        metrics.counter(
            "photophone_readings_flagged",
            "Readings with this flag; one reading may have several.",
            times.sum(),
            "instrument",
            instrument,
            "flag",
            flag.wireName()));
  }
}
