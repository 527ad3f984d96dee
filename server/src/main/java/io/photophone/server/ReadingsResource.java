package io.photophone.server;

import io.photophone.channels.BroadcastChannel;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.model.Stability;
import io.photophone.model.Streamed;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/// `/api/readings/…`: the latest readings, what they tell together, and the topic of readings.
/// Contract: A20, M9.
final class ReadingsResource implements MetricSource {
  private final BroadcastChannel<Streamed<Reading>> readings;
  private final Function<List<Reading>, Stability> stability;
  private final String instrument;
  private final Supplier<InstrumentInfo> info;
  private final Topic topic;
  private final LongAdder count = new LongAdder();
  private final Map<ReadingFlag, LongAdder> flagged = new EnumMap<>(ReadingFlag.class);
  private long nextId;

  ReadingsResource(LiveInstrument live) {
    this.readings = live.readings();
    this.stability = live.stability();
    this.instrument = live.name();
    this.info = live.info();
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
    return Event.of(nextId++, "reading", _ -> Json.bytes(reading));
  }

  /// How many readings are retained at most.
  int retained() {
    return readings.capacity();
  }

  /// The newest reading; null before the first.
  @Nullable Reading latest() {
    List<Reading> newest = recent(1).readings();
    return newest.isEmpty() ? null : newest.getFirst();
  }

  /// The newest readings, oldest first.
  record Recent(List<Reading> readings) {}

  /// The newest readings that are retained, at most as many as asked for.
  Recent recent(int limit) {
    List<Reading> all = retainedReadings();
    return new Recent(List.copyOf(all.subList(Math.max(0, all.size() - limit), all.size())));
  }

  /// What the newest readings of a gas tell about its noise and drift.
  Stability stability(Query query) {
    List<Reading> all = retainedReadings();
    String gas = info.get().gas();
    Set<String> gases = new TreeSet<>(Set.of(gas));
    all.forEach(reading -> gases.add(reading.gas()));
    String chosen = query.word(InstrumentApi.GAS, gas, gases);
    double seconds = query.number(InstrumentApi.SECONDS);
    long from =
        all.isEmpty()
            ? 0
            : all.getLast().toSample() - Math.round(seconds * all.getLast().sampleRateHz());
    try {
      return stability.apply(
          all.stream()
              .filter(reading -> reading.gas().equals(chosen) && reading.fromSample() >= from)
              .toList());
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  private List<Reading> retainedReadings() {
    List<Reading> retained = new ArrayList<>();
    for (Streamed<Reading> each : readings.retained()) {
      if (each instanceof Streamed.Item<Reading>(Reading reading)) {
        retained.add(reading);
      }
    }
    return retained;
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
