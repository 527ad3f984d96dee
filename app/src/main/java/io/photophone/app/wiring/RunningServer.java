package io.photophone.app.wiring;

import io.photophone.acquisition.source.AudioSource;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.channels.ChannelStats;
import io.photophone.server.ChannelList;
import io.photophone.server.LiveInstrument;
import io.photophone.server.PhotophoneServer;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that `serve` runs: the locked data directory, the threads that measure, the
/// instrument and the web server.
public final class RunningServer implements AutoCloseable {
  private final DataDirectory data;
  private final AnalysisWorkers workers;
  private final @Nullable Instrument instrument;
  private final PhotophoneServer web;
  private final URI address;

  private RunningServer(
      DataDirectory data,
      AnalysisWorkers workers,
      @Nullable Instrument instrument,
      PhotophoneServer web,
      URI address) {
    this.data = data;
    this.workers = workers;
    this.instrument = instrument;
    this.web = web;
    this.address = address;
  }

  /// Starts all of it, or nothing.
  ///
  /// @throws IOException if the data directory, the source or the port can't be had
  /// @throws IllegalArgumentException if the source's rate doesn't allow the measurement
  public static RunningServer start(PhotophoneConfig config) throws IOException {
    DataDirectory data = DataDirectory.open(config.data());
    AnalysisWorkers workers = AnalysisWorkers.ofProcessors();
    Instrument instrument = null;
    PhotophoneServer web = null;
    URI address = null;
    try {
      LiveInstrument live = null;
      AudioSource.Opener opener = Parts.opener(config.source());
      if (opener != null) {
        instrument =
            new Instrument(
                opener,
                Parts.speed(config.source()),
                config.streaming(),
                config.measurement(),
                Parts.calibrator(config),
                workers);
        live = instrument.start();
      }
      ChannelList channels = channels(workers, instrument);
      web = new PhotophoneServer(config.server().host(), config.server().port(), live, channels);
      address = web.start();
      return new RunningServer(data, workers, instrument, web, address);
    } finally {
      if (address == null) {
        release(data, workers, instrument, web);
      }
    }
  }

  /// Where the page is.
  public URI address() {
    return address;
  }

  /// Stops the source, tells the clients, and lets go of the data directory.
  @Override
  public void close() throws IOException {
    release(data, workers, instrument, web);
  }

  private static ChannelList channels(AnalysisWorkers workers, @Nullable Instrument instrument) {
    if (instrument == null) {
      return List::of;
    }
    return () -> {
      List<ChannelStats> all = new ArrayList<>(instrument.stats());
      all.add(workers.channel().stats());
      return all;
    };
  }

  private static void release(
      DataDirectory data,
      AnalysisWorkers workers,
      @Nullable Instrument instrument,
      @Nullable PhotophoneServer web)
      throws IOException {
    try (data;
        workers;
        instrument) {
      if (web != null) {
        web.close();
      }
    }
  }
}
