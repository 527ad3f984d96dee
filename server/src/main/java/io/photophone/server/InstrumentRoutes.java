package io.photophone.server;

import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.ChannelStats;
import io.photophone.server.RouteTable.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpStatus;

/// The paths of one instrument, and what runs behind them: its topics and the threads that feed
/// them. Contract: A20, A21, A22, A23, A27.
final class InstrumentRoutes {
  /// What the channels call the web's consumers.
  private static final String FEED = "web";

  private static final Duration STATS_PERIOD = Duration.ofSeconds(1);
  private static final Duration SUPERVISION_PERIOD = Duration.ofMillis(250);

  private final String name;
  private final Supplier<InstrumentInfo> info;
  private final EventStreams streams;
  private final Map<String, Topic> topics = new TreeMap<>();
  private final NodesResource nodes;
  private final RouteTable table = new RouteTable();
  private final List<MetricSource> metrics;
  private final List<Feed> feeds;
  private final List<Ticker> tickers;

  /// The paths of a running instrument.
  ///
  /// @param stallLimit how long a client may leave a write unread
  /// @param all streams of the server
  /// @param pumps that write to the clients
  InstrumentRoutes(
      LiveInstrument instrument, Duration stallLimit, OpenStreams all, List<Pump> pumps) {
    name = instrument.name();
    info = instrument.info();
    streams =
        new EventStreams(
            instrument.streaming().heartbeats(),
            instrument.streaming().sseTimeout(),
            stallLimit,
            all,
            pumps,
            instrument.frames());
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
    bindStreams(new StreamQueries(topics, audio), new WebSocketResource(all, streams));
    bindMeasurement(instrument, audio, readings);
    bindControl(instrument, alarms, analysis, environment);
    feeds = feeds(instrument, audio, readings, nodes, alarms);
    tickers =
        List.of(
            new Ticker("web heartbeats of " + name, SUPERVISION_PERIOD, streams::supervise),
            new Ticker(
                "web stats of " + name,
                STATS_PERIOD,
                () -> {
                  stats.publish(audio.statsEvent());
                  nodes.supervise();
                }));
  }

  private void bindStreams(StreamQueries queries, WebSocketResource sockets) {
    table.add(InstrumentApi.STREAM, stream(queries::many));
    table.add(InstrumentApi.AUDIO_STREAM, stream(queries::audio));
    table.add(InstrumentApi.SPECTRAL, stream(queries::spectral));
    table.add(
        InstrumentApi.WEB_SOCKET,
        (query, request, response, callback) ->
            sockets.open(
                request, response, callback, queries.webSocket(query), queries.format(query)));
    table.add(
        InstrumentApi.NODE_STREAM,
        stream(query -> Subscription.to(nodes.topic(query.segment(InstrumentApi.NODE)))));
  }

  private void bindMeasurement(
      LiveInstrument instrument, AudioResource audio, ReadingsResource readings) {
    table.addJson(InstrumentApi.INSTRUMENT, _ -> info.get());
    table.addJson(InstrumentApi.AUDIO_STATS, _ -> audio.stats());
    table.add(InstrumentApi.AUDIO_LATEST, audio::latest);
    table.addJson(InstrumentApi.READINGS_LATEST, _ -> readings.latest());
    table.addJson(
        InstrumentApi.READINGS_RECENT,
        query -> readings.recent(query.whole(InstrumentApi.LIMIT, readings.retained())));
    table.addJson(InstrumentApi.READINGS_ALLAN, readings::stability);
    table.add(InstrumentApi.READINGS_STREAM, stream(_ -> Subscription.to(readings.topic())));
    table.addJson(InstrumentApi.STREAMS, _ -> nodes.list());
    CalibrationResource calibration = new CalibrationResource(instrument.calibration());
    table.addJson(InstrumentApi.GET_CALIBRATION, _ -> calibration.state());
    table.addPlain(InstrumentApi.POST_CALIBRATION, calibration::answer);
    table.addJson(InstrumentApi.CALIBRATIONS, _ -> calibration.history());
  }

  private void bindControl(
      LiveInstrument instrument,
      AlarmsResource alarms,
      AnalysisResource analysis,
      EnvironmentResource environment) {
    AcquisitionResource acquisition = new AcquisitionResource(instrument.commands());
    table.addPlain(InstrumentApi.GET_ACQUISITION, acquisition::tell);
    table.addPlain(InstrumentApi.POST_ACQUISITION, acquisition::carryOut);
    SimulationResource simulation = new SimulationResource(instrument.simulation());
    table.addJson(InstrumentApi.GET_SIMULATION, _ -> simulation.state());
    table.addPlain(InstrumentApi.POST_SIMULATION, simulation::carryOut);
    SweepsResource sweeps = new SweepsResource(instrument.sweeps());
    table.addJson(InstrumentApi.GET_SWEEPS, _ -> sweeps.progress());
    table.addPlain(InstrumentApi.POST_SWEEPS, sweeps::answer);
    table.addPlain(
        InstrumentApi.SWEEPS_LATEST, (_, response, callback) -> sweeps.latest(response, callback));
    table.addJson(InstrumentApi.GET_ALARMS, _ -> alarms.standing());
    table.addPlain(InstrumentApi.POST_ALARMS, alarms::answer);
    table.addJson(
        InstrumentApi.ALARMS_EVENTS,
        query -> alarms.events(query.whole(InstrumentApi.LIMIT, alarms.retained())));
    table.add(InstrumentApi.ALARMS_STREAM, stream(_ -> Subscription.to(alarms.topic())));
    table.addJson(InstrumentApi.GET_ANALYSIS, _ -> analysis.graph());
    table.addPlain(InstrumentApi.PUT_ANALYSIS, analysis::replace);
    table.addJson(InstrumentApi.ENVIRONMENT, _ -> environment.now());
  }

  /// The same paths where there is no source: they say why they have nothing.
  static RouteTable withoutSource() {
    RouteTable table = new RouteTable();
    for (Operation operation : InstrumentApi.ALL) {
      table.addPlain(
          operation,
          (_, _, _) -> {
            throw new Problem.Refusal(
                HttpStatus.SERVICE_UNAVAILABLE_503,
                "no source is configured: set source.type in the configuration, or start with"
                    + " --source");
          });
    }
    return table;
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
            audio::event,
            instrument.frames()),
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

  RouteTable table() {
    return table;
  }

  private Answer stream(Function<Query, Subscription> subscription) {
    return (query, request, response, callback) ->
        streams.open(request, response, callback, subscription.apply(query));
  }

  /// The channels whose receivers are clients.
  List<ChannelStats> topicStats() {
    return Stream.concat(
            topics.values().stream().map(Topic::channelStats), nodes.channels().stream())
        .toList();
  }

  /// Clients that listen to the frames.
  int audioClients() {
    Topic audio = topics.get("audio");
    return audio == null ? 0 : audio.subscriberCount();
  }

  List<MetricSource> metrics() {
    return metrics;
  }

  /// Starts the tasks behind the paths.
  void start(TaskSupervisor tasks) {
    feeds.forEach(feed -> tasks.start(feed.task(name)));
    tickers.forEach(ticker -> ticker.start(tasks));
  }

  /// Tells every client why its stream ends.
  void endAll(String reason) {
    streams.endAll(reason);
  }

  /// Asks the tasks behind the paths to end.
  void stop() {
    feeds.forEach(Feed::stop);
    tickers.forEach(Ticker::stop);
  }
}
