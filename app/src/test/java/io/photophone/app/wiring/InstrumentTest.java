package io.photophone.app.wiring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.acquisition.daemon.DaemonCommand;
import io.photophone.acquisition.environment.ConstantEnvironment;
import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.source.SourceRead;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.analysis.alarm.AlarmRule;
import io.photophone.analysis.calibration.Calibration;
import io.photophone.app.config.EnvironmentConfig;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.model.Spectrum;
import io.photophone.model.Streamed;
import io.photophone.server.LiveInstrument;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class InstrumentTest {
  private static final int RATE_HZ = 48_000;

  @TempDir private Path folder;

  /// Samples of one reading.
  private static final int WINDOW = RATE_HZ;

  @Test
  @Tag("B9")
  void no_reading_joins_what_came_before_a_new_start_to_what_came_after() throws Exception {
    try (AnalysisWorkers workers = new AnalysisWorkers(2);
        Instrument instrument = over(workers, WINDOW + WINDOW / 2)) {
      LiveInstrument live = instrument.start();
      Receiver<Streamed<Reading>> readings = live.readings().subscribeAt("test", Resume.OLDEST, 0);
      List<Reading> first = untilEnd(readings);
      assertEquals(List.of(0L), first.stream().map(Reading::fromSample).toList());
      assertFalse(first.getFirst().flags().contains(ReadingFlag.GAP));

      live.commands().apply(new DaemonCommand.Start(), Duration.ofSeconds(20)).get();
      List<Reading> second = untilEnd(readings);
      assertEquals(
          List.of((long) WINDOW, 2L * WINDOW), second.stream().map(Reading::fromSample).toList());
      assertTrue(second.getFirst().flags().contains(ReadingFlag.GAP), "half of it was missing");
      assertFalse(second.getLast().flags().contains(ReadingFlag.GAP));
    }
  }

  @Test
  void whichever_worker_measures_no_reading_and_no_spectrum_is_lost() throws Exception {
    int windows = 3;
    try (AnalysisWorkers workers = new AnalysisWorkers(4);
        Instrument instrument = over(workers, windows * WINDOW)) {
      LiveInstrument live = instrument.start();
      List<Reading> readings = untilEnd(live.readings().subscribeAt("test", Resume.OLDEST, 0));
      assertEquals(windows, readings.size());
      for (Reading reading : readings) {
        assertFalse(reading.flags().contains(ReadingFlag.GAP), reading::toString);
      }
      List<Spectrum> spectra = untilEnd(live.spectra().subscribeAt("test", Resume.OLDEST, 0));
      List<Long> numbers = spectra.stream().map(Spectrum::frameNumber).toList();
      long firstFull = StreamingConfig.DEFAULT.spectralWindow() / 1600;
      assertEquals(LongStream.range(firstFull, windows * 30L).boxed().toList(), numbers);
    }
  }

  @Test
  @Tag("M5")
  void a_source_that_is_started_anew_has_the_phase_that_it_had() throws Exception {
    int length = 2 * WINDOW + 7;
    try (AnalysisWorkers workers = new AnalysisWorkers(1);
        Instrument instrument = over(workers, length)) {
      LiveInstrument live = instrument.start();
      Receiver<Streamed<Reading>> readings = live.readings().subscribeAt("test", Resume.OLDEST, 0);
      double before = untilEnd(readings).getLast().phasor().phaseDeg();
      live.commands().apply(new DaemonCommand.Start(), Duration.ofSeconds(20)).get();
      Reading after = untilEnd(readings).getLast();
      assertEquals(-90, before, 1e-3, "a sine's");
      assertEquals(-90, after.phasor().phaseDeg(), 1e-3);
    }
  }

  @Test
  @Tag("M12")
  void a_source_that_comes_back_at_another_rate_is_measured_at_that_rate() throws Exception {
    assertEquals(List.of(RATE_HZ, 44_100), ratesOfReadings(RATE_HZ, 44_100));
  }

  @Test
  @Tag("M12")
  void at_a_rate_that_does_not_carry_the_modulation_nothing_is_measured_until_another_comes()
      throws Exception {
    assertEquals(List.of(RATE_HZ, RATE_HZ), ratesOfReadings(RATE_HZ, 4000, 3000, RATE_HZ));
  }

  /// Sample rates of the readings of a source that has another rate at each start, two seconds
  /// long.
  private List<Integer> ratesOfReadings(int... ratesHz) throws Exception {
    AtomicInteger starts = new AtomicInteger();
    AudioSource.Opener opener =
        () -> {
          int rateHz = ratesHz[starts.getAndIncrement()];
          return new Tone(2 * rateHz, rateHz);
        };
    List<Integer> rates = new ArrayList<>();
    try (AnalysisWorkers workers = new AnalysisWorkers(1);
        Instrument instrument = over(workers, opener, InstrumentConfig.DEFAULT)) {
      LiveInstrument live = instrument.start();
      Receiver<Streamed<Reading>> readings = live.readings().subscribeAt("test", Resume.OLDEST, 0);
      for (int i = 0; i < ratesHz.length; i++) {
        if (i > 0) {
          live.commands().apply(new DaemonCommand.Start(), Duration.ofSeconds(20)).get();
        }
        List<Reading> whole =
            untilEnd(readings).stream()
                .filter(reading -> !reading.has(ReadingFlag.GAP))
                .filter(reading -> !reading.has(ReadingFlag.SETTLING))
                .toList();
        for (Reading reading : whole) {
          assertEquals(0.2, reading.phasor().amplitude(), 1e-6);
          rates.add(reading.sampleRateHz());
        }
      }
    }
    return rates;
  }

  /// The newest replaces one that waits, and whoever asked for that is told.
  @Test
  @Tag("E5")
  void of_many_graphs_asked_for_at_once_the_last_is_put_in_place_and_none_is_lost_silently()
      throws Exception {
    try (AnalysisWorkers workers = new AnalysisWorkers(1);
        Instrument instrument = over(workers, 2 * WINDOW)) {
      LiveInstrument live = instrument.start();
      List<CompletableFuture<Void>> asked = new ArrayList<>();
      for (int i = 1; i <= 50; i++) {
        asked.add(
            live.analysis()
                .replace()
                .apply("[{name: n%d, type: level, of: [frames], interval_s: 1}]".formatted(i)));
      }
      asked.getLast().get();
      for (CompletableFuture<Void> each : asked) {
        if (each.isCompletedExceptionally()) {
          assertEquals("another came after it", each.exceptionNow().getMessage());
        } else {
          assertTrue(each.isDone());
        }
      }
      assertEquals("n50", live.analysis().nodes().get().get(0).get("name").asString());
    }
  }

  @Test
  @Tag("M9")
  void when_the_source_has_ended_the_missing_readings_raise_an_alarm() throws Exception {
    try (AnalysisWorkers workers = new AnalysisWorkers(2);
        Instrument instrument =
            over(
                workers,
                WINDOW,
                new InstrumentConfig(
                    InstrumentConfig.DEFAULT.source(),
                    StreamingConfig.DEFAULT,
                    InstrumentConfig.DEFAULT.measurement(),
                    new Calibration("a", ConcentrationUnit.PPM, 1, 0, -90, 0, 100, null),
                    null,
                    new EnvironmentConfig.None(),
                    List.of(
                        new AlarmRule.NoReading(
                            "silent", "gas", Duration.ofMillis(1100), false))))) {
      LiveInstrument live = instrument.start();
      Receiver<Streamed<AlarmEvent>> events =
          live.alarms().events().subscribeAt("test", Resume.OLDEST, 0);
      untilEnd(live.readings().subscribeAt("test", Resume.OLDEST, 0));
      if (!(events.receive() instanceof Received.Message<Streamed<AlarmEvent>> message
          && message.value() instanceof Streamed.Item<AlarmEvent>(AlarmEvent event))) {
        throw new AssertionError("no event");
      }
      assertEquals(AlarmState.RAISED, event.to());
      assertNotNull(event.value(), "there was a reading before");
      assertEquals(AlarmState.RAISED, live.alarms().statuses().get().getFirst().state());
    }
  }

  private Instrument over(AnalysisWorkers workers, int samples) throws IOException {
    return over(workers, samples, InstrumentConfig.DEFAULT);
  }

  private Instrument over(AnalysisWorkers workers, int samples, InstrumentConfig config)
      throws IOException {
    return over(workers, () -> new Tone(samples, RATE_HZ), config);
  }

  private Instrument over(
      AnalysisWorkers workers, AudioSource.Opener opener, InstrumentConfig config)
      throws IOException {
    return new Instrument(
        opener,
        0,
        config,
        Parts.calibrator(folder, config),
        ConstantEnvironment.UNKNOWN,
        FakeServices.with(workers, folder));
  }

  private static <T> List<T> untilEnd(Receiver<Streamed<T>> receiver) throws InterruptedException {
    List<T> items = new ArrayList<>();
    while (true) {
      if (!(receiver.receive() instanceof Received.Message<Streamed<T>> message)) {
        throw new AssertionError("not a message, after " + items.size());
      }
      switch (message.value()) {
        case Streamed.Item<T>(T item) -> items.add(item);
        case Streamed.End<T> _ -> {
          return items;
        }
      }
    }
  }

  /// A recording of the modulation, of so many samples.
  private static final class Tone implements AudioSource {
    private final int length;
    private final int rateHz;
    private int at;

    Tone(int length, int rateHz) {
      this.length = length;
      this.rateHz = rateHz;
    }

    @Override
    public SourceRead read(int sampleCount) {
      int count = Math.min(sampleCount, length - at);
      if (count == 0) {
        return new SourceRead.End();
      }
      float[] a = new float[count];
      float[] b = new float[count];
      for (int i = 0; i < count; i++, at++) {
        a[i] = (float) (0.1 * Math.sin(2 * Math.PI * 2000 * at / rateHz));
        b[i] = -a[i];
      }
      return new SourceRead.Samples(a, b, 0, OptionalLong.empty());
    }

    @Override
    public String name() {
      return "tone";
    }

    @Override
    public int sampleRateHz() {
      return rateHz;
    }

    @Override
    public boolean live() {
      return false;
    }

    @Override
    public boolean simulated() {
      return true;
    }

    @Override
    public void close() {}
  }
}
