package io.photophone.app.wiring;

import io.photophone.acquisition.source.AudioSource;
import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.acquisition.supervision.TaskSupervisor.Shutdown;
import io.photophone.app.config.ConfigException;
import io.photophone.app.config.ConfigSource;
import io.photophone.app.config.InstrumentConfig;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.EventBus;
import io.photophone.model.FrameLog;
import io.photophone.model.SystemEvent;
import io.photophone.server.ChannelList;
import io.photophone.server.LiveInstrument;
import io.photophone.server.LiveSystem;
import io.photophone.server.PhotophoneServer;
import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.protocol.PublishedInstrument;
import io.photophone.server.security.AccessControl;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Everything that `serve` runs: the locked data directory, the tasks and their supervisor, the
/// threads that measure, the instruments and the web server. Contract: B2, B7, E7.
public final class RunningServer implements AutoCloseable {
  /// Folder of the data directory in which a certificate is kept that the server makes itself.
  private static final String SECURITY = "security";

  /// Events that a listener may be behind in a topic before it misses some.
  private static final int EVENTS = 1000;

  private final DataDirectory data;
  private final Services services;
  private final List<Instrument> instruments = new ArrayList<>();
  private final Protocols protocols = new Protocols();

  /// From the start on, as are the others below.
  private @Nullable PhotophoneServer web;

  private @Nullable URI address;
  private @Nullable ConfigReload reload;
  private @Nullable AccessControl access;
  private @Nullable ServerCertificate certificate;

  private RunningServer(DataDirectory data, Services services) {
    this.data = data;
    this.services = services;
  }

  /// Starts all of it, or nothing.
  ///
  /// @param source where the configuration is read, now and when it is to be read again
  /// @param logs of the process
  /// @throws IOException if the data directory, its calibrations, the log, the source, a port or
  ///   the broker's password can't be had
  /// @throws IllegalArgumentException if the source's rate doesn't allow the measurement
  public static RunningServer start(ConfigSource source, Logs logs)
      throws IOException, ConfigException {
    PhotophoneConfig config = source.read();
    logs.configure(config.logging());
    DataDirectory data = DataDirectory.open(config.data());
    RunningServer server =
        new RunningServer(
            data,
            new Services(
                AnalysisWorkers.ofProcessors(),
                new TaskSupervisor(),
                new EventBus<>("events", EVENTS),
                config.recovery(),
                _ -> FrameLog.NONE,
                data.path()));
    boolean started = false;
    try {
      server.startAll(source, config, logs);
      started = true;
      return server;
    } finally {
      if (!started) {
        server.close();
      }
    }
  }

  private void startAll(ConfigSource source, PhotophoneConfig config, Logs logs)
      throws IOException {
    AccessControl control = Parts.access(config);
    access = control;
    certificate = ServerCertificate.open(config.server(), config.data().resolve(SECURITY));
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
                services);
        instruments.add(instrument);
        LiveInstrument running = instrument.start();
        live.add(running);
        published.add(Protocols.published(running, Parts.gases(each)));
      }
    }
    protocols.start(config.protocols(), published);
    ConfigReload reloading = new ConfigReload(source, config, logs, instruments, services.events());
    reload = reloading;
    PhotophoneServer server =
        new PhotophoneServer(
            config.server(),
            certificate,
            live,
            channels(services.workers(), instruments),
            protocols.states(),
            control,
            Parts.oidc(config.security()),
            new LiveSystem(
                services.tasks(),
                services.events(),
                data.path(),
                () -> reloading.current().shown(),
                reloading::reload),
            config.streams());
    web = server;
    URI started = server.start();
    control.serverIsAt(started.toString());
    address = started;
  }

  /// Where the page is.
  public URI address() {
    URI known = address;
    if (known == null) {
      throw new IllegalStateException("not started");
    }
    return known;
  }

  /// What the server shows on encrypted connections; null where they aren't.
  public @Nullable ServerCertificate certificate() {
    return certificate;
  }

  /// A way in for the owner of the data directory, once; null as soon as there are users.
  public @Nullable URI signInLink() throws IOException {
    AccessControl known = access;
    if (known == null) {
      throw new IllegalStateException("not started");
    }
    return known.users().isEmpty() ? Parts.signInLink(known, address()) : null;
  }

  /// Completed with the reason when a critical task has failed.
  public CompletableFuture<String> failure() {
    return services.tasks().failure();
  }

  /// Reads the configuration again as the owner of the process wants, which goes into the audit.
  ///
  /// @return paths of the settings that changed
  /// @throws LiveSystem.Refused if nothing is put in force
  public List<String> reload() throws LiveSystem.Refused {
    ConfigReload known = reload;
    AccessControl control = access;
    if (known == null || control == null) {
      throw new IllegalStateException("not started");
    }
    String result = "failed";
    try {
      List<String> changed = known.reload();
      result = "done";
      return changed;
    } catch (LiveSystem.Refused e) {
      result = "refused";
      throw e;
    } finally {
      control.noteCommand("reload the configuration", result);
    }
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

  /// Tells the clients, stops the source, and lets go of the data directory, within
  /// [TaskSupervisor#STOP_LIMIT] where the source lets go.
  @Override
  public void close() throws IOException {
    long began = System.nanoTime();
    try (data;
        AccessControl _ = access;
        AnalysisWorkers _ = services.workers();
        EventBus<SystemEvent> _ = services.events()) {
      PhotophoneServer server = web;
      if (server != null) {
        server.close();
      }
      protocols.close();
      instruments.forEach(Instrument::close);
      Duration left = TaskSupervisor.STOP_LIMIT.minusNanos(System.nanoTime() - began);
      Shutdown _ = services.tasks().shutdown(left.isNegative() ? Duration.ZERO : left);
    }
  }
}
