package io.photophone.app.wiring;

import io.photophone.acquisition.source.AudioSource;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.channels.ChannelStats;
import io.photophone.server.ChannelList;
import io.photophone.server.LiveInstrument;
import io.photophone.server.PhotophoneServer;
import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.protocol.PublishedInstrument;
import io.photophone.server.security.AccessControl;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that `serve` runs: the locked data directory, the threads that measure, the
/// instruments and the web server.
public final class RunningServer implements AutoCloseable {
  /// Folder of the data directory in which a certificate is kept that the server makes itself.
  private static final String SECURITY = "security";

  private final DataDirectory data;
  private final AnalysisWorkers workers;
  private final List<Instrument> instruments;
  private final Protocols protocols;
  private final PhotophoneServer web;
  private final AccessControl access;
  private final @Nullable ServerCertificate certificate;
  private final URI address;

  private RunningServer(
      DataDirectory data,
      AnalysisWorkers workers,
      List<Instrument> instruments,
      Protocols protocols,
      PhotophoneServer web,
      AccessControl access,
      @Nullable ServerCertificate certificate,
      URI address) {
    this.access = access;
    this.data = data;
    this.workers = workers;
    this.instruments = instruments;
    this.protocols = protocols;
    this.web = web;
    this.certificate = certificate;
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
    AccessControl access = null;
    try {
      access = Parts.access(config);
      ServerCertificate certificate =
          ServerCertificate.open(config.server(), config.data().resolve(SECURITY));
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
              config.server(),
              certificate,
              live,
              channels(workers, instruments),
              protocols.states(),
              access,
              Parts.oidc(config.security()),
              config.streams());
      URI started = web.start();
      access.serverIsAt(started.toString());
      address = started;
      return new RunningServer(
          data, workers, instruments, protocols, web, access, certificate, address);
    } finally {
      if (address == null) {
        release(data, workers, instruments, protocols, web, access);
      }
    }
  }

  /// Where the page is.
  public URI address() {
    return address;
  }

  /// What the server shows on encrypted connections; null where they aren't.
  public @Nullable ServerCertificate certificate() {
    return certificate;
  }

  /// A way in for the owner of the data directory, once; null as soon as there are users.
  public @Nullable URI signInLink() throws IOException {
    return access.users().isEmpty() ? Parts.signInLink(access, address) : null;
  }

  /// Stops the source, tells the clients, and lets go of the data directory.
  @Override
  public void close() throws IOException {
    release(data, workers, instruments, protocols, web, access);
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
      @Nullable PhotophoneServer web,
      @Nullable AccessControl access)
      throws IOException {
    try (data;
        workers;
        access) {
      if (web != null) {
        web.close();
      }
      protocols.close();
      instruments.forEach(Instrument::close);
    }
  }
}
