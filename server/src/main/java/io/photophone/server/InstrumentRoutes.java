package io.photophone.server;

import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.ChannelStats;
import io.photophone.server.Routes.Route;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/// The paths of one instrument, and what runs behind them: its topics and the threads that feed
/// them. Contract: A20, A21, A22, A23, A27.
final class InstrumentRoutes {
  private static final String INSTRUMENT = "/api/instrument";
  private static final String STREAM = "/api/stream";
  private static final String AUDIO_STATS = "/api/audio/stream/stats";
  private static final String AUDIO_LATEST = "/api/audio/stream/latest";
  private static final String AUDIO = "/api/audio/stream/audio";
  private static final String WEB_SOCKET = "/api/audio/stream/ws";
  private static final String SPECTRAL = "/api/audio/stream/spectral";
  private static final String READINGS_LATEST = "/api/readings/latest";
  private static final String READINGS_RECENT = "/api/readings/recent";
  private static final String READINGS = "/api/readings/stream";
  private static final String ENVIRONMENT = "/api/environment";
  private static final String READINGS_ALLAN = "/api/readings/allan";
  private static final String ALARMS = "/api/alarms";
  private static final String ALARMS_EVENTS = "/api/alarms/events";
  private static final String ALARMS_STREAM = "/api/alarms/stream";
  private static final String ACQUISITION = "/api/acquisition";
  private static final String SIMULATION = "/api/simulation";
  private static final String SWEEPS = "/api/sweeps";
  private static final String SWEEPS_LATEST = "/api/sweeps/latest";
  private static final String ANALYSIS = "/api/analysis";
  private static final String CALIBRATIONS = "/api/calibrations";
  private static final String CALIBRATION = "/api/calibration";
  private static final String NODES = "/api/streams";

  /// Followed by a node's name.
  private static final String NODE = NODES + "/";

  /// Those that only answer.
  private static final List<String> READ =
      List.of(
          INSTRUMENT,
          STREAM,
          AUDIO_STATS,
          AUDIO_LATEST,
          AUDIO,
          SPECTRAL,
          WEB_SOCKET,
          READINGS_LATEST,
          READINGS_RECENT,
          READINGS,
          CALIBRATIONS,
          ENVIRONMENT,
          SWEEPS_LATEST,
          READINGS_ALLAN,
          ALARMS_EVENTS,
          ALARMS_STREAM,
          NODES);

  /// Over HTTP/2 a WebSocket is asked for by CONNECT: RFC 8441.
  private static final Set<String> WEB_SOCKET_METHODS = Set.of("GET", "CONNECT");

  /// What the channels call the web's consumers.
  private static final String FEED = "web";

  private static final int DEFAULT_RECENT = 1000;
  private static final Duration STATS_PERIOD = Duration.ofSeconds(1);
  private static final Duration SUPERVISION_PERIOD = Duration.ofMillis(250);

  private final String name;
  private final Supplier<InstrumentInfo> info;
  private final EventStreams streams;
  private final Map<String, Topic> topics = new TreeMap<>();
  private final NodesResource nodes;
  private final Map<String, Route> routes = new HashMap<>();
  private final List<MetricSource> metrics;
  private final List<Feed> feeds;
  private final List<Ticker> tickers;

  /// The paths of a running instrument.
  ///
  /// @param all streams of the server
  /// @param pumps that write to the clients
  InstrumentRoutes(LiveInstrument instrument, OpenStreams all, List<Pump> pumps) {
    name = instrument.name();
    info = instrument.info();
    streams =
        new EventStreams(
            instrument.streaming().heartbeats(),
            instrument.streaming().sseTimeout(),
            all,
            pumps);
    AudioResource audio = new AudioResource(instrument, streams);
    ReadingsResource readings = new ReadingsResource(instrument);
    AlarmsResource alarms = new AlarmsResource(name, instrument.alarms());
    AnalysisResource analysis = new AnalysisResource(name, instrument.analysis());
    nodes = new NodesResource(name, instrument.analysis(), instrument.acquisition());
    Topic stats = Topic.ofNewest(name, "stats", 1, 1);
    topics.put("alarms", alarms.topic());
    topics.put("audio", audio.audio());
    topics.put("readings", readings.topic());
    topics.put("spectral", audio.spectral());
    topics.put("stats", stats);
    EnvironmentResource environment = new EnvironmentResource(name, instrument.environment());
    metrics = List.of(audio, readings, analysis, environment, alarms);
    AcquisitionResource acquisition = new AcquisitionResource(instrument.commands());
    routes.put(ACQUISITION, Route.reading(acquisition::answer).andPost());
    CalibrationResource calibration = new CalibrationResource(instrument.calibration());
    routes.put(CALIBRATION, Route.reading(calibration::answer).andPost());
    routes.put(
        CALIBRATIONS, Route.json(Set.of(), query -> instrument.calibration().history().get()));
    SweepsResource sweeps = new SweepsResource(instrument.sweeps());
    routes.put(
        SIMULATION,
        Route.reading(new SimulationResource(instrument.simulation())::answer).andPost());
    routes.put(SWEEPS, Route.reading(sweeps::answer).andPost());
    routes.put(
        SWEEPS_LATEST, Route.reading((_, response, callback) -> sweeps.latest(response, callback)));
    routes.put(ANALYSIS, Route.reading(analysis::answer).andPut());
    routes.put(INSTRUMENT, Route.json(Set.of(), query -> info.get()));
    StreamQueries queries = new StreamQueries(topics, audio);
    routes.put(STREAM, stream(StreamQueries.MANY, queries::many));
    routes.put(AUDIO_STATS, Route.json(Set.of(), query -> audio.stats()));
    routes.put(AUDIO_LATEST, new Route(Routes.READ, Set.of("format"), audio::latest));
    routes.put(AUDIO, stream(StreamQueries.AUDIO, queries::audio));
    routes.put(SPECTRAL, stream(StreamQueries.SPECTRAL, queries::spectral));
    routes.put(WEB_SOCKET, webSocket(new WebSocketResource(all, streams), queries));
    routes.put(READINGS_LATEST, Route.json(Set.of(), query -> readings.latest()));
    routes.put(
        READINGS_RECENT,
        Route.json(
            Set.of("limit"),
            query ->
                readings.recent(query.whole("limit", DEFAULT_RECENT, 1, readings.retained()))));
    routes.put(ENVIRONMENT, Route.json(Set.of(), query -> environment.now()));
    routes.put(READINGS, oneTopic(readings.topic()));
    routes.put(READINGS_ALLAN, Route.json(Set.of("gas", "seconds"), readings::stability));
    routes.put(ALARMS, Route.reading(alarms::answer).andPost());
    routes.put(
        ALARMS_EVENTS,
        Route.json(
            Set.of("limit"),
            query -> alarms.events(query.whole("limit", alarms.retained(), 1, alarms.retained()))));
    routes.put(ALARMS_STREAM, oneTopic(alarms.topic()));
    routes.put(NODES, Route.json(Set.of(), query -> nodes.list()));
    feeds = feeds(instrument, audio, readings, nodes, alarms);
    tickers =
        List.of(
            new Ticker("web heartbeats", SUPERVISION_PERIOD, streams::supervise),
            new Ticker(
                "web stats",
                STATS_PERIOD,
                () -> {
                  stats.publish(audio.statsEvent());
                  nodes.supervise();
                }));
  }

  /// The same paths where there is no source: they say why they have nothing.
  static @Nullable Route withoutSource(String path) {
    Route unavailable =
        new Route(
            Routes.READ,
            Set.of(
                "from_hz",
                "to_hz",
                "phases",
                "resolution",
                "format",
                "limit",
                "topics",
                "gas",
                "seconds"),
            (query, request, response, callback) -> {
              throw new Problem.Refusal(
                  HttpStatus.SERVICE_UNAVAILABLE_503,
                  "no source is configured: set source.type in the configuration, or start with"
                      + " --source");
            });
    return switch (path) {
      case ACQUISITION, CALIBRATION, ALARMS, SIMULATION, SWEEPS -> unavailable.andPost();
      case ANALYSIS -> unavailable.andPut();
      default -> READ.contains(path) || path.startsWith(NODE) ? unavailable : null;
    };
  }

  /// Each begins with what is retained: a short recording may have ended before the server started.
  private static List<Feed> feeds(
      LiveInstrument instrument,
      AudioResource audio,
      ReadingsResource readings,
      NodesResource nodes,
      AlarmsResource alarms) {
    return List.of(
        Feed.ofAudio(
            instrument.audio().subscribeFromLatest(FEED, Resume.OLDEST),
            audio.audio(),
            audio::event),
        Feed.of(
            instrument.spectra().subscribeAt(FEED, Resume.OLDEST, 0),
            audio.spectral(),
            audio::event),
        Feed.of(
            instrument.readings().subscribeAt(FEED, Resume.OLDEST, 0),
            readings.topic(),
            readings::event),
        Feed.ofNodes(instrument.analysis().outputs().subscribeAt(FEED, Resume.OLDEST, 0), nodes),
        Feed.of(
            instrument.alarms().events().subscribeAt(FEED, Resume.OLDEST, 0),
            alarms.topic(),
            alarms::event));
  }

  String name() {
    return name;
  }

  InstrumentInfo info() {
    return info.get();
  }

  @Nullable Route at(String path) {
    return path.startsWith(NODE) ? node(path.substring(NODE.length())) : routes.get(path);
  }

  private Route node(String name) {
    return Route.reading((request, response, callback) ->
        streams.open(request, response, callback, Subscription.to(nodes.topic(name))));
  }

  private Route oneTopic(Topic topic) {
    return stream(Set.of(), query -> Subscription.to(topic));
  }

  private Route stream(Set<String> parameters, Function<Query, Subscription> subscription) {
    return new Route(
        Routes.READ,
        parameters,
        (query, request, response, callback) ->
            streams.open(request, response, callback, subscription.apply(query)));
  }

  private static Route webSocket(WebSocketResource sockets, StreamQueries queries) {
    return new Route(
        WEB_SOCKET_METHODS,
        StreamQueries.WEB_SOCKET,
        (query, request, response, callback) ->
            sockets.open(
                request, response, callback, queries.webSocket(query), queries.format(query)));
  }

  /// The channels whose receivers are clients.
  List<ChannelStats> topicStats() {
    return Stream.concat(
            topics.values().stream().map(Topic::channelStats), nodes.channels().stream())
        .toList();
  }

  List<MetricSource> metrics() {
    return metrics;
  }

  /// Starts the threads behind the paths.
  void start() {
    feeds.forEach(Feed::start);
    tickers.forEach(Ticker::start);
  }

  /// Tells every client why its stream ends.
  void endAll(String reason) {
    streams.endAll(reason);
  }

  /// Ends the threads behind the paths and waits for them.
  void stop() throws InterruptedException {
    for (Feed feed : feeds) {
      feed.stop();
    }
    for (Ticker ticker : tickers) {
      ticker.stop();
    }
  }
}
