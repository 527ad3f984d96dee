package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.photophone.channels.ChannelStats;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// The API's paths: those of the program, those of each instrument under its name, and those of the
/// first instrument without one.
final class Routes {
  private static final String CHANNELS = "/api/channels";
  private static final String METRICS = "/metrics";
  private static final String INSTRUMENTS = "/api/instruments";

  /// Followed by an instrument's name and the rest of its path.
  private static final String INSTRUMENT = INSTRUMENTS + "/";

  /// The methods that change nothing.
  static final Set<String> READ = Set.of(HttpMethod.GET.asString(), HttpMethod.HEAD.asString());

  private final Map<String, Route> ofProgram;
  private final List<InstrumentRoutes> instruments;
  private final List<Pump> pumps;

  /// Answers requests of a path.
  ///
  /// @param parameters names of the query parameters that it knows
  record Route(Set<String> methods, Set<String> parameters, Answer answer) {
    /// One without parameters that changes nothing.
    static Route reading(Plain answer) {
      return new Route(
          READ,
          Set.of(),
          (query, request, response, callback) -> answer.answer(request, response, callback));
    }

    /// One that answers with a value as JSON, or with 204 if there is none.
    static Route json(Set<String> parameters, Function<Query, @Nullable Object> value) {
      return new Route(
          READ,
          parameters,
          (query, request, response, callback) -> {
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

    /// The same that takes orders, too.
    Route andPost() {
      return and(HttpMethod.POST);
    }

    /// The same whose value can be replaced, too.
    Route andPut() {
      return and(HttpMethod.PUT);
    }

    private Route and(HttpMethod method) {
      Set<String> more = new TreeSet<>(methods);
      more.add(method.asString());
      return new Route(more, parameters, answer);
    }
  }

  /// Writes the response and completes the callback, now or later.
  interface Answer {
    void answer(Query query, Request request, Response response, Callback callback);
  }

  /// The same where there are no parameters.
  interface Plain {
    void answer(Request request, Response response, Callback callback);
  }

  /// @param instruments that run
  /// @param channels that are not the server's own
  /// @param limits of the clients of event streams
  Routes(List<LiveInstrument> instruments, ChannelList channels, StreamLimits limits) {
    OpenStreams all = new OpenStreams(limits);
    this.pumps =
        IntStream.rangeClosed(1, Math.max(2, Runtime.getRuntime().availableProcessors()))
            .mapToObj(Pump::new)
            .toList();
    this.instruments =
        instruments.stream().map(live -> new InstrumentRoutes(live, all, pumps)).toList();
    ChannelList topics =
        () -> this.instruments.stream().flatMap(each -> each.topicStats().stream()).toList();
    List<MetricSource> sources = new ArrayList<>();
    this.instruments.forEach(each -> sources.addAll(each.metrics()));
    sources.add(new ChannelMetrics(channels, topics));
    sources.add(new JvmMetrics());
    ofProgram = new HashMap<>();
    ofProgram.put(CHANNELS, Route.json(Set.of(), query -> Channels.of(channels, topics)));
    ofProgram.put(METRICS, Route.reading(new MetricsResource(sources)::answer));
    ofProgram.put(INSTRUMENTS, Route.json(Set.of(), query -> instrumentList()));
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

  @Nullable Route at(String path) {
    Route ofProgramItself = ofProgram.get(path);
    if (ofProgramItself != null) {
      return ofProgramItself;
    }
    if (path.startsWith(INSTRUMENT)) {
      return ofInstrument(path.substring(INSTRUMENT.length()));
    }
    return instruments.isEmpty()
        ? InstrumentRoutes.withoutSource(path)
        : instruments.getFirst().at(path);
  }

  /// @param nameAndRest an instrument's name, and perhaps a path of it
  private @Nullable Route ofInstrument(String nameAndRest) {
    int slash = nameAndRest.indexOf('/');
    String name = decoded(slash < 0 ? nameAndRest : nameAndRest.substring(0, slash));
    for (InstrumentRoutes instrument : instruments) {
      if (instrument.name().equals(name)) {
        return instrument.at(slash < 0 ? "/api/instrument" : "/api" + nameAndRest.substring(slash));
      }
    }
    throw new Problem.Refusal(
        HttpStatus.NOT_FOUND_404,
        "there is no instrument %s, allowed: %s"
            .formatted(
                name,
                String.join(", ", instruments.stream().map(InstrumentRoutes::name).toList())));
  }

  /// A part of a path without its percent encoding.
  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), UTF_8);
  }

  /// Writes a value that is of this moment.
  static void writeJson(Response response, Callback callback, Object body) {
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.write(true, ByteBuffer.wrap(Json.bytes(body)), callback);
  }

  /// Starts the threads behind the paths.
  void start() {
    pumps.forEach(Pump::start);
    instruments.forEach(InstrumentRoutes::start);
  }

  /// Tells every client why its stream ends.
  void endAll(String reason) {
    instruments.forEach(each -> each.endAll(reason));
  }

  /// Ends the threads behind the paths and waits for them.
  void stop() throws InterruptedException {
    for (InstrumentRoutes each : instruments) {
      each.stop();
    }
    for (Pump each : pumps) {
      each.stop();
    }
  }
}
