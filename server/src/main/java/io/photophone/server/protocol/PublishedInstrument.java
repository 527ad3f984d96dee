package io.photophone.server.protocol;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.channels.BroadcastChannel;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmStatus;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/// What the protocols tell of a running instrument.
///
/// @param gases that it measures, the one that people look at first in front
/// @param framesPerSecond that the acquisition delivers at present
/// @param alarms of all gases, in the order of their rules
public record PublishedInstrument(
    String name,
    List<String> gases,
    Supplier<AcquisitionState> acquisition,
    DoubleSupplier framesPerSecond,
    BroadcastChannel<Streamed<Reading>> readings,
    Supplier<List<AlarmStatus>> alarms,
    BroadcastChannel<Streamed<AlarmEvent>> alarmEvents) {

  public PublishedInstrument {
    gases = List.copyOf(gases);
  }
}
