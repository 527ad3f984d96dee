package io.photophone.server;

import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.ChannelStats;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// The API's paths, and what runs behind them: the topics and the threads that feed them. Contract:
/// A20, A21, A22, A23, A27.
final class Routes {
  private static final String INSTRUMENT = "/api/instrument";
  private static final String STREAM = "/api/stream";
  private static final String AUDIO_STATS = "/api/audio/stream/stats";
  private static final String AUDIO_LATEST = "/api/audio/stream/latest";
  private static final String AUDIO = "/api/audio/stream/audio";
  private static final String SPECTRAL = "/api/audio/stream/spectral";
  private static final String READINGS_LATEST = "/api/readings/latest";
  private static final String READINGS_RECENT = "/api/readings/recent";
  private static final String READINGS = "/api/readings/stream";
  private static final String CALIBRATIONS = "/api/calibrations";
  private static final String CALIBRATION = "/api/calibration";
  private static final String CHANNELS = "/api/channels";
  private static final String METRICS = "/metrics";
  private static final String ACQUISITION = "/api/acquisition";

  /// The methods that change nothing.
  static final Set<String> READ = Set.of(HttpMethod.GET.asString(), HttpMethod.HEAD.asString());

  private static final Set<String> READ_AND_ORDER =
      Set.of(HttpMethod.GET.asString(), HttpMethod.HEAD.asString(), HttpMethod.POST.asString());

  /// Those that have nothing to say without a source, as [#ACQUISITION] hasn't.
  private static final List<String> PATHS =
      List.of(
          INSTRUMENT,
          STREAM,
          AUDIO_STATS,
          AUDIO_LATEST,
          AUDIO,
          SPECTRAL,
          READINGS_LATEST,
          READINGS_RECENT,
          READINGS,
          CALIBRATIONS);

  /// What the channels call the web's consumers.
  private static final String FEED = "web";

  private static final int DEFAULT_RECENT = 1000;
  private static final Duration STATS_PERIOD = Duration.ofSeconds(1);
  private static final Duration SUPERVISION_PERIOD = Duration.ofMillis(250);
  private static final Event.View PLAIN = new Event.View(false, Event.Part.ALL);
  private static final Event.View NAMED = new Event.View(true, Event.Part.ALL);

  private final Map<String, Route> routes;
  private final List<Feed> feeds;
  private final List<Ticker> tickers;

  /// Answers requests of a path.
  ///
  /// @param parameters names of the query parameters that it knows
  record Route(Set<String> methods, Set<String> parameters, Answer answer) {
    /// Changes nothing.
    Route(Set<String> parameters, Answer answer) {
      this(READ, parameters, answer);
    }
  }

  /// Writes the response and completes the callback, now or later.
  interface Answer {
    void answer(Query query, Request request, Response response, Callback callback);
  }

  private Routes(Map<String, Route> routes, List<Feed> feeds, List<Ticker> tickers) {
    this.routes = routes;
    this.feeds = feeds;
    this.tickers = tickers;
  }

  /// The same paths without a source: those of the source say why they have nothing.
  static Routes withoutSource(ChannelList channels) {
    Answer unavailable =
        (_, _, _, _) -> {
          throw new Problem.Refusal(
              HttpStatus.SERVICE_UNAVAILABLE_503,
              "no source is configured: set source.type in the configuration, or start with"
                  + " --source");
        };
    Route reads = new Route(Set.of("from_hz", "to_hz", "phases", "limit", "topics"), unavailable);
    Map<String, Route> routes = new HashMap<>(ofProgram(channels, List::of, List.of()));
    PATHS.forEach(path -> routes.put(path, reads));
    routes.put(ACQUISITION, new Route(READ_AND_ORDER, Set.of(), unavailable));
    routes.put(CALIBRATION, new Route(READ_AND_ORDER, Set.of(), unavailable));
    return new Routes(routes, List.of(), List.of());
  }

  /// What is told of the program itself, with a source or without.
  ///
  /// @param topics the channels whose receivers are clients
  /// @param sources of metrics, beside the channels
  private static Map<String, Route> ofProgram(
      ChannelList channels, ChannelList topics, List<MetricSource> sources) {
    List<MetricSource> all = new ArrayList<>(sources);
    all.add(new ChannelMetrics(channels, topics));
    all.add(new JvmMetrics());
    MetricsResource metrics = new MetricsResource(all);
    return Map.of(
        CHANNELS,
        json(Set.of(), _ -> Channels.of(channels, topics)),
        METRICS,
        new Route(
            Set.of(),
            (_, request, response, callback) -> metrics.answer(request, response, callback)));
  }

  /// Every channel of the program.
  private record Channels(List<ChannelStats> channels) {
    static Channels of(ChannelList... lists) {
      return new Channels(Stream.of(lists).flatMap(list -> list.stats().stream()).toList());
    }
  }

  /// The paths of a running instrument.
  static Routes of(LiveInstrument instrument, EventStreams streams, ChannelList channels) {
    String name = instrument.info().instrument();
    AudioResource audio = new AudioResource(instrument, streams);
    ReadingsResource readings = new ReadingsResource(name, instrument.readings());
    Topic stats = Topic.ofNewest(name, "stats", 1, 1);
    Map<String, Topic> topics = new TreeMap<>();
    topics.put("audio", audio.audio());
    topics.put("readings", readings.topic());
    topics.put("spectral", audio.spectral());
    topics.put("stats", stats);
    Map<String, Route> routes =
        new HashMap<>(
            ofProgram(
                channels,
                () -> topics.values().stream().map(Topic::channelStats).toList(),
                List.of(audio, readings)));
    AcquisitionResource acquisition = new AcquisitionResource(instrument.commands());
    routes.put(
        ACQUISITION,
        new Route(
            READ_AND_ORDER,
            Set.of(),
            (_, request, response, callback) -> acquisition.answer(request, response, callback)));
    CalibrationResource calibration = new CalibrationResource(instrument.calibration());
    routes.put(
        CALIBRATION,
        new Route(
            READ_AND_ORDER,
            Set.of(),
            (_, request, response, callback) -> calibration.answer(request, response, callback)));
    routes.put(CALIBRATIONS, json(Set.of(), _ -> instrument.calibration().history().get()));
    routes.putAll(
        Map.of(
            INSTRUMENT, json(Set.of(), _ -> instrument.info()),
            STREAM, manyTopics(topics, audio, streams),
            AUDIO_STATS, json(Set.of(), _ -> audio.stats()),
            AUDIO_LATEST,
                new Route(
                    Set.of(),
                    (_, request, response, callback) -> audio.latest(request, response, callback)),
            AUDIO, oneTopic(audio.audio(), streams),
            SPECTRAL, spectral(audio, streams),
            READINGS_LATEST, json(Set.of(), _ -> readings.latest()),
            READINGS_RECENT,
                json(
                    Set.of("limit"),
                    query ->
                        readings.recent(
                            query.whole("limit", DEFAULT_RECENT, 1, readings.retained()))),
            READINGS, oneTopic(readings.topic(), streams)));
    return new Routes(
        routes,
        feeds(instrument, audio, readings),
        List.of(
            new Ticker("web heartbeats", SUPERVISION_PERIOD, streams::supervise),
            new Ticker("web stats", STATS_PERIOD, () -> stats.publish(audio.statsEvent()))));
  }

  /// Each begins with what is retained: a short recording may have ended before the server started.
  private static List<Feed> feeds(
      LiveInstrument instrument, AudioResource audio, ReadingsResource readings) {
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
            readings::event));
  }

  @Nullable Route at(String path) {
    return routes.get(path);
  }

  private static Route oneTopic(Topic topic, EventStreams streams) {
    return new Route(
        Set.of(),
        (_, request, response, callback) ->
            streams.open(request, response, callback, List.of(topic), List.of(), PLAIN));
  }

  private static Route spectral(AudioResource audio, EventStreams streams) {
    return new Route(
        Set.of("from_hz", "to_hz", "phases"),
        (query, request, response, callback) -> {
          Event.Band band = audio.band(query);
          streams.open(
              request,
              response,
              callback,
              List.of(audio.spectral()),
              List.of(audio.axis(band)),
              new Event.View(false, new Event.Part(band, query.flag("phases"))));
        });
  }

  private static Route manyTopics(
      Map<String, Topic> topics, AudioResource audio, EventStreams streams) {
    return new Route(
        Set.of("topics"),
        (query, request, response, callback) -> {
          List<String> names = query.words("topics", List.copyOf(topics.keySet()));
          streams.open(
              request,
              response,
              callback,
              names.stream().map(topics::get).toList(),
              names.contains("spectral") ? List.of(audio.axis(Event.Band.ALL)) : List.of(),
              NAMED);
        });
  }

  /// Answers with a value as JSON, or with 204 if there is none.
  private static Route json(Set<String> parameters, Function<Query, @Nullable Object> value) {
    return new Route(
        parameters,
        (query, _, response, callback) -> {
          Object body = value.apply(query);
          response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
          if (body == null) {
            response.setStatus(HttpStatus.NO_CONTENT_204);
            callback.succeeded();
            return;
          }
          writeJson(response, callback, body);
        });
  }

  /// Writes a value that is of this moment.
  static void writeJson(Response response, Callback callback, Object body) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(Json.bytes(body)), callback);
  }

  /// Starts the threads behind the paths.
  void start() {
    feeds.forEach(Feed::start);
    tickers.forEach(Ticker::start);
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
