package io.photophone.server.protocol;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.channels.BroadcastChannel;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.AlarmStatus;
import io.photophone.model.Concentration;
import io.photophone.model.ConcentrationUnit;
import io.photophone.model.Environment;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.model.ResonanceTrack;
import io.photophone.model.Streamed;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// An instrument whose readings, alarms and phase a test sets.
final class FakeCell {
  static final Instant START = Instant.parse("2030-01-31T12:00:00Z");

  final String name;
  final List<String> gases;
  final BroadcastChannel<Streamed<Reading>> readings;
  final BroadcastChannel<Streamed<AlarmEvent>> events;
  final List<AlarmStatus> alarms = new CopyOnWriteArrayList<>();
  volatile Phase phase = Phase.RUNNING;
  private int sent;

  FakeCell(String name, String... gases) {
    this.name = name;
    this.gases = List.of(gases);
    readings = new BroadcastChannel<>(name + "/readings", 100_000);
    events = new BroadcastChannel<>(name + "/alarms", 100);
  }

  PublishedInstrument published() {
    return new PublishedInstrument(
        name,
        gases,
        () -> new AcquisitionState(phase, null, 0, 0, 0),
        () -> 30,
        readings,
        () -> List.copyOf(alarms),
        events);
  }

  /// All numbers of the reading follow from the value, so that a mixture of two shows.
  void send(String gas, double value, ReadingFlag... flags) {
    send(reading(gas, value, flags));
  }

  void send(Reading reading) {
    readings.send(new Streamed.Item<>(reading));
  }

  Reading reading(String gas, double value, ReadingFlag... flags) {
    return reading(
        gas, value, new Concentration(value, 2 * value, ConcentrationUnit.PPB, "c"), flags);
  }

  Reading reading(
      String gas, double value, @Nullable Concentration concentration, ReadingFlag... flags) {
    long from = 48_000L * sent++;
    return new Reading(
        name,
        gas,
        from,
        from + 48_000,
        48_000,
        START.plusSeconds(sent),
        4 * value,
        new Phasor(0, 8 * value, 16 * value),
        32 * value,
        new Environment(25, 0.1, 1013.25, 1),
        new ResonanceTrack(64 * value, 1, 80, 1),
        concentration,
        Set.of(flags));
  }

  static AlarmStatus alarm(String gas, String name, AlarmState state) {
    return new AlarmStatus(
        name, gas, "above 50 ppb", true, state, START, null, null, null, null, null);
  }
}
