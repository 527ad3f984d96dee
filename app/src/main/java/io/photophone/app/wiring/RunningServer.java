package io.photophone.app.wiring;

import io.photophone.acquisition.source.AudioSource;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.channels.ChannelStats;
import io.photophone.server.ChannelList;
import io.photophone.server.LiveInstrument;
import io.photophone.server.PhotophoneServer;
import io.photophone.server.protocol.PublishedInstrument;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that `serve` runs: the locked data directory, the threads that measure, the
/// instruments and the web server.
public final class RunningServer implements AutoCloseable {
  private final DataDirectory data;
  private final AnalysisWorkers workers;
  private final List<Instrument> instruments;
  private final Protocols protocols;
  private final PhotophoneServer web;
  private final URI address;

  private RunningServer(
      DataDirectory data,
      AnalysisWorkers workers,
      List<Instrument> instruments,
      Protocols protocols,
      PhotophoneServer web,
      URI address) {
    this.data = data;
    this.workers = workers;
    this.instruments = instruments;
    this.protocols = protocols;
    this.web = web;
    this.address = address;
  }

  /// Starts all of it, or nothing.
  ///
  /// @throws IOException if the data directory, its calibrations, the source, a port or the
  ///   broker's password can't be had
  /// @throws IllegalArgumentException if the source's rate doesn't allow the measurement
  public static RunningServer start(PhotophoneConfig config) throws IOException {
    DataDirectory data = DataDirectory.open(config.data());
    AnalysisWorkers workers = AnalysisWorkers.ofProcessors();
    List<Instrument> instruments = new ArrayList<>();
    Protocols protocols = new Protocols();
    PhotophoneServer web = null;
    URI address = null;
    try {
      List<LiveInstrument> live = new ArrayList<>();
      List<PublishedInstrument> published = new ArrayList<>();
      for (InstrumentConfig each : config.instruments()) {
        AudioSource.Opener opener = Parts.opener(each.source());
        if (opener != null) {
          Instrument instrument =
              new Instrument(
                  opener,
                  Parts.speed(each.source()),
                  Parts.withCalibration(each),
                  Parts.calibrator(config.data(), each),
                  Parts.environment(each.environment()),
                  workers,
                  data.path());
          instruments.add(instrument);
          LiveInstrument started = instrument.start();
          live.add(started);
          published.add(Protocols.published(started, Parts.gases(each)));
        }
      }
      protocols.start(config.protocols(), published);
      web =
          new PhotophoneServer(
              config.server().host(),
              config.server().port(),
              live,
              channels(workers, instruments),
              protocols.states(),
              config.streams());
      address = web.start();
      return new RunningServer(data, workers, instruments, protocols, web, address);
    } finally {
      if (address == null) {
        release(data, workers, instruments, protocols, web);
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
    release(data, workers, instruments, protocols, web);
  }

  private static ChannelList channels(AnalysisWorkers workers, List<Instrument> instruments) {
    if (instruments.isEmpty()) {
      return List::of;
    }
    return () -> {
      List<ChannelStats> all = new ArrayList<>();
      instruments.forEach(instrument -> all.addAll(instrument.stats()));
      all.add(workers.channel().stats());
      return all;
    };
  }

  private static void release(
      DataDirectory data,
      AnalysisWorkers workers,
      List<Instrument> instruments,
      Protocols protocols,
      @Nullable PhotophoneServer web)
      throws IOException {
    try (data;
        workers) {
      if (web != null) {
        web.close();
      }
      protocols.close();
      instruments.forEach(Instrument::close);
    }
  }
}
