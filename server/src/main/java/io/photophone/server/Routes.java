package io.photophone.server;

import io.photophone.channels.ChannelStats;
import io.photophone.model.FrameLog;
import io.photophone.server.RouteTable.Found;
import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.protocol.ProtocolStates;
import io.photophone.server.security.Access;
import io.photophone.server.security.AccessControl;
import io.photophone.server.security.OidcSignIn;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The API's paths: those of the program, those of each instrument under its name, and those of the
/// first instrument without one.
final class Routes {
  private static final String PROGRAM = "Program";
  private static final Operation CHANNELS =
      Operation.get("/api/channels", PROGRAM, "Every channel with its statistics")
          .json("all channels", Channels.class);
  private static final Operation METRICS =
      Operation.get("/metrics", PROGRAM, "Numbers for a monitoring system")
          .answering(
              new Outcome.Content(HttpStatus.OK_200, "the format of Prometheus", "text/plain"))
          .answering(
              new Outcome.Content(
                  HttpStatus.OK_200, "the format of OpenMetrics", "application/openmetrics-text"));
  private static final Operation PROTOCOLS =
      Operation.get("/api/protocols", PROGRAM, "How the Modbus server and the MQTT publisher do")
          .json("null for one that isn't configured", ProtocolsResource.Protocols.class);
  private static final Operation INSTRUMENTS =
      Operation.get("/api/instruments", PROGRAM, "All instruments")
          .json("each as at /api/instrument", Instruments.class);

  private static final Operation OPENAPI =
      Operation.get("/openapi.json", PROGRAM, "This document")
          .open(new Access.Anyone())
          .json("the document", JsonNode.class)
          .answering(
              new Outcome.Nothing(
                  HttpStatus.NOT_MODIFIED_304, "the client has it, as If-None-Match tells"));

  /// Followed by an instrument's name and the rest of its path.
  private static final String INSTRUMENT = "/api/instruments/";

  /// The methods that change nothing.
  static final Set<String> READ = Set.of(HttpMethod.GET.asString(), HttpMethod.HEAD.asString());

  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration SUPERVISION_PERIOD = Duration.ofMillis(250);
  private static final Duration SAMPLE_PERIOD = Duration.ofSeconds(1);

  private final RouteTable ofProgram = new RouteTable();
  private final RouteTable ofFirst;
  private final byte[] document;
  private final EntityTag documentTag;
  private final List<InstrumentRoutes> instruments;
  private final LiveSystem system;
  private final EventStreams streams;
  private final EventsResource events;
  private final List<Pump> pumps;
  private final List<Ticker> tickers;
  private final List<MetricSource> sources = new CopyOnWriteArrayList<>();

  /// @param instruments that run
  /// @param channels that are not the server's own
  /// @param protocols beside HTTP
  /// @param certificate null where connections aren't encrypted
  /// @param sentBytes that the server has written
  /// @param stallLimit how long a client may leave a write unread
  /// @param limits of the clients of event streams
  /// @param oidc null where no identity provider is configured
  /// @param guard of the paths
  Routes(
      List<LiveInstrument> instruments,
      ChannelList channels,
      ProtocolStates protocols,
      LiveSystem system,
      @Nullable ServerCertificate certificate,
      LongSupplier sentBytes,
      Duration stallLimit,
      StreamLimits limits,
      AccessControl control,
      @Nullable OidcSignIn oidc,
      Guard guard) {
    this.system = system;
    OpenStreams open = new OpenStreams(limits);
    pumps =
        IntStream.rangeClosed(1, Math.max(2, Runtime.getRuntime().availableProcessors()))
            .mapToObj(Pump::new)
            .toList();
    this.instruments =
        instruments.stream()
            .map(live -> new InstrumentRoutes(live, stallLimit, open, pumps))
            .toList();
    streams = new EventStreams(true, HEARTBEAT, stallLimit, open, pumps, FrameLog.NONE);
    events = new EventsResource(system, streams);
    ChannelList topics =
        () ->
            Stream.concat(
                    this.instruments.stream().flatMap(each -> each.topicStats().stream()),
                    events.topicStats().stream())
                .toList();
    ChannelList all =
        () -> Stream.concat(channels.stats().stream(), events.busStats().stream()).toList();
    this.instruments.forEach(each -> sources.addAll(each.metrics()));
    SystemResource load = load(instruments, sentBytes);
    sources.add(new ChannelMetrics(all, topics));
    sources.add(new JvmMetrics());
    sources.add(guard);
    sources.add(load);
    sources.add(events);
    tickers =
        List.of(
            new Ticker("web events", SUPERVISION_PERIOD, streams::supervise),
            new Ticker(
                "web system",
                SAMPLE_PERIOD,
                () -> {
                  load.sample();
                  events.supervise();
                }));
    bindSystem(new HealthResource(instruments, system, certificate, InstantSource.system()), load);
    ProtocolsResource ofProtocols = new ProtocolsResource(protocols);
    sources.add(ofProtocols);
    ofProgram.addJson(PROTOCOLS, _ -> ofProtocols.now());
    ofProgram.addJson(CHANNELS, _ -> Channels.of(all, topics));
    ofProgram.addPlain(METRICS, new MetricsResource(sources)::answer);
    ofProgram.addJson(INSTRUMENTS, _ -> instrumentList());
    new AuthResource(control).addTo(ofProgram);
    new OidcResource(control, oidc).addTo(ofProgram);
    ofProgram.addPlain(OPENAPI, this::writeDocument);
    document = document(ofProgram, this.instruments);
    documentTag = EntityTag.of(document);
    ofFirst =
        this.instruments.isEmpty()
            ? InstrumentRoutes.withoutSource()
            : this.instruments.getFirst().table();
  }

  /// Every operation, and what it takes and answers.
  private static byte[] document(RouteTable ofProgram, List<InstrumentRoutes> instruments) {
    String version = instruments.isEmpty() ? "unknown" : instruments.getFirst().info().version();
    return Json.bytes(
        OpenApi.document(new Glossary(), version, ofProgram.operations(), InstrumentApi.ALL));
  }

  private void writeDocument(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    response.getHeaders().put(HttpHeader.ETAG, documentTag.text());
    if (documentTag.isKnownTo(request)) {
      response.setStatus(HttpStatus.NOT_MODIFIED_304);
      callback.succeeded();
      return;
    }
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(document), callback);
  }

  private SystemResource load(List<LiveInstrument> live, LongSupplier sentBytes) {
    return new SystemResource(
        () -> live.stream().mapToDouble(each -> each.audio().stats().framesPerSecond()).sum(),
        () ->
            live.stream().mapToInt(each -> each.audio().stats().activeSubscribers()).sum()
                + instruments.stream().mapToInt(InstrumentRoutes::audioClients).sum(),
        sentBytes);
  }

  private void bindSystem(HealthResource health, SystemResource load) {
    ofProgram.addPlain(HealthResource.LIVE, health::live);
    ofProgram.addPlain(HealthResource.READY, health::ready);
    ConfigResource config = new ConfigResource(system);
    ofProgram.addJson(ConfigResource.CONFIG, _ -> config.config());
    ofProgram.addPlain(ConfigResource.RELOAD, config::reload);
    ofProgram.addJson(SystemResource.SYSTEM, _ -> load.latest());
    ofProgram.add(EventsResource.EVENTS, events::open);
  }

  /// Every channel of the program.
  private record Channels(List<ChannelStats> channels) {
    static Channels of(ChannelList... lists) {
      return new Channels(Stream.of(lists).flatMap(list -> list.stats().stream()).toList());
    }
  }

  private record Instruments(List<InstrumentInfo> instruments) {}

  private Instruments instrumentList() {
    return new Instruments(instruments.stream().map(InstrumentRoutes::info).toList());
  }

  /// What is there once.
  List<Operation> ofProgram() {
    return ofProgram.operations();
  }

  /// Tells these numbers, too.
  void addMetrics(MetricSource source) {
    sources.add(source);
  }

  @Nullable Found at(String path) {
    Found ofProgramItself = ofProgram.at(path);
    if (ofProgramItself != null) {
      return ofProgramItself;
    }
    return path.startsWith(INSTRUMENT)
        ? ofInstrument(path.substring(INSTRUMENT.length()))
        : ofFirst.at(path);
  }

  /// @param nameAndRest an instrument's name, and perhaps a path of it
  private @Nullable Found ofInstrument(String nameAndRest) {
    int slash = nameAndRest.indexOf('/');
    String name = PathTemplate.decoded(slash < 0 ? nameAndRest : nameAndRest.substring(0, slash));
    for (InstrumentRoutes instrument : instruments) {
      if (instrument.name().equals(name)) {
        return instrument
            .table()
            .at(slash < 0 ? "/api/instrument" : "/api" + nameAndRest.substring(slash));
      }
    }
    throw new Problem.Refusal(
        HttpStatus.NOT_FOUND_404,
        "there is no instrument %s, allowed: %s"
            .formatted(
                name,
                String.join(", ", instruments.stream().map(InstrumentRoutes::name).toList())));
  }

  /// Writes a value that is of this moment.
  static void writeJson(Response response, Callback callback, Object body) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(Json.bytes(body)), callback);
  }

  /// Starts the tasks behind the paths.
  void start() {
    pumps.forEach(pump -> pump.start(system.tasks()));
    instruments.forEach(each -> each.start(system.tasks()));
    events.start();
    tickers.forEach(ticker -> ticker.start(system.tasks()));
  }

  /// Tells every client why its stream ends.
  void endAll(String reason) {
    instruments.forEach(each -> each.endAll(reason));
    streams.endAll(reason);
  }

  /// Asks the tasks behind the paths to end.
  void stop() {
    instruments.forEach(InstrumentRoutes::stop);
    tickers.forEach(Ticker::stop);
    pumps.forEach(Pump::stop);
  }
}
