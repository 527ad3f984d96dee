package io.photophone.server;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.daemon.DaemonCommand;
import io.photophone.acquisition.daemon.DaemonStats;
import io.photophone.acquisition.environment.ConstantEnvironment;
import io.photophone.acquisition.environment.EnvironmentState;
import io.photophone.acquisition.source.SimulatedSource;
import io.photophone.acquisition.stream.SharedAudioStream;
import io.photophone.acquisition.stream.StreamClock;
import io.photophone.acquisition.stream.StreamingConfig;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.Channel;
import io.photophone.channels.ChannelOptions;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.LatencyTracking;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmStatus;
import io.photophone.model.AudioFrame;
import io.photophone.model.CaptureTime;
import io.photophone.model.Environment;
import io.photophone.model.FrameStep;
import io.photophone.model.NodeOutput;
import io.photophone.model.NodeTiming;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.Spectrum;
import io.photophone.model.Stability;
import io.photophone.model.Streamed;
import io.photophone.server.connection.ServerCertificate;
import io.photophone.server.connection.WebConfig;
import io.photophone.server.connection.WebLimits;
import io.photophone.server.protocol.ProtocolStates;
import io.photophone.server.security.AccessControl;
import io.photophone.server.security.Cheap;
import io.photophone.server.security.OidcSignIn;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A real server on a free port, over streams that a test publishes to.
final class LiveServer implements AutoCloseable {
  static final int RATE_HZ = 48_000;

  /// Samples of a transform; the axis has 129 frequencies, 187.5 Hz apart.
  static final int WINDOW = 256;

  static final int BINS = WINDOW / 2 + 1;
  static final double STEP_HZ = (double) RATE_HZ / WINDOW;
  static final int BUFFER_FRAMES = 10;
  static final int RETAINED_READINGS = 5;

  /// Without heartbeats, so that nothing comes but what a test publishes.
  static final StreamingConfig QUIET =
      new StreamingConfig(30, BUFFER_FRAMES, Duration.ofSeconds(5), false, WINDOW);

  /// Tests ask again and again until something is so.
  static final WebLimits LIMITS =
      new WebLimits(
          16 * 1024,
          10_000,
          10_000,
          1_000_000,
          1_000_000,
          Duration.ofSeconds(30),
          Duration.ofSeconds(30),
          Duration.ofMinutes(1));

  static final StreamLimits STREAMS = new StreamLimits(2000, 2000, true);

  /// On a free port.
  static final WebConfig CONFIG = WebConfig.at("127.0.0.1", 0).withLimits(LIMITS);

  private static final JsonMapper JSON = JsonMapper.shared();

  final AtomicReference<AcquisitionState> acquisition =
      new AtomicReference<>(
          new AcquisitionState(AcquisitionState.Phase.RUNNING, "a cable was loose", 1, 2, 3));
  final AtomicReference<EnvironmentState> environment =
      new AtomicReference<>(ConstantEnvironment.UNKNOWN.state());
  final SharedAudioStream audio;
  final SharedAudioStream.Publisher publisher;
  final BroadcastChannel<Streamed<Spectrum>> spectra;
  final BroadcastChannel<Streamed<Reading>> readings =
      new BroadcastChannel<>(
          ChannelOptions.of("cell-1/readings", RETAINED_READINGS).latency(LatencyTracking.FULL));
  final BroadcastChannel<Streamed<NodeOutput>> outputs = new BroadcastChannel<>("cell-1/nodes", 16);
  final BroadcastChannel<Streamed<AlarmEvent>> alarmEvents =
      new BroadcastChannel<>("cell-1/alarms", RETAINED_READINGS);
  final List<Channel> others = new CopyOnWriteArrayList<>();
  final FakeSystem system = new FakeSystem();
  final PhotophoneServer server;
  final URI address;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private LiveServer(StreamingConfig streaming, WebConfig config, long framesBefore)
      throws IOException {
    this(streaming, config, null, framesBefore, null, List.of(), Cheap.unguarded(), null, STREAMS);
  }

  /// @param certificate null for connections that aren't encrypted
  /// @param simulation null for a source that isn't simulated
  /// @param further instruments behind the first
  private LiveServer(
      StreamingConfig streaming,
      WebConfig config,
      ServerCertificate certificate,
      long framesBefore,
      SimulatedSource simulation,
      List<LiveInstrument> further,
      AccessControl access,
      OidcSignIn oidc,
      StreamLimits streams)
      throws IOException {
    this.simulation = simulation;
    audio =
        new SharedAudioStream("cell-1/frames", streaming.bufferFrames(48_000), StreamClock.SYSTEM);
    publisher = audio.attach("a test");
    spectra = new BroadcastChannel<>("cell-1/spectra", streaming.bufferFrames(48_000));
    List<LiveInstrument> instruments = new ArrayList<>(List.of(instrument(streaming)));
    instruments.addAll(further);
    server =
        new PhotophoneServer(
            config,
            certificate,
            instruments,
            this::channels,
            ProtocolStates.NONE,
            access,
            oidc,
            system.live(),
            streams);
    publish(0, framesBefore);
    address = server.start();
  }

  private List<ChannelStats> channels() {
    List<ChannelStats> all = new ArrayList<>();
    all.add(audio.channelStats());
    all.add(spectra.stats());
    all.add(readings.stats());
    others.forEach(channel -> all.add(channel.stats()));
    return all;
  }

  static LiveServer start() throws IOException {
    return start(QUIET);
  }

  static LiveServer start(StreamingConfig streaming) throws IOException {
    return new LiveServer(streaming, CONFIG, 0);
  }

  static LiveServer start(StreamingConfig streaming, Duration stallLimit) throws IOException {
    return new LiveServer(streaming, CONFIG.withLimits(LIMITS.withStallTimeout(stallLimit)), 0);
  }

  static LiveServer start(StreamLimits streams) throws IOException {
    return new LiveServer(
        QUIET, CONFIG, null, 0, null, List.of(), Cheap.unguarded(), null, streams);
  }

  static LiveServer start(WebConfig config) throws IOException {
    return new LiveServer(QUIET, config, 0);
  }

  static LiveServer startEncrypted(WebConfig config, ServerCertificate certificate)
      throws IOException {
    return new LiveServer(
        QUIET, config, certificate, 0, null, List.of(), Cheap.unguarded(), null, STREAMS);
  }

  static LiveServer startSimulated(SimulatedSource simulation) throws IOException {
    return new LiveServer(
        QUIET, CONFIG, null, 0, simulation, List.of(), Cheap.unguarded(), null, STREAMS);
  }

  /// A server of `cell-1` and these.
  static LiveServer startWith(List<FakeInstrument> further) throws IOException {
    return new LiveServer(
        QUIET,
        CONFIG,
        null,
        0,
        null,
        further.stream().map(FakeInstrument::live).toList(),
        Cheap.unguarded(),
        null,
        STREAMS);
  }

  static LiveServer startWithProvider(AccessControl access, OidcSignIn oidc) throws IOException {
    return new LiveServer(QUIET, CONFIG, null, 0, null, List.of(), access, oidc, STREAMS);
  }

  /// A server that asks for who is there.
  static LiveServer startGuarded(AccessControl access) throws IOException {
    return new LiveServer(QUIET, CONFIG, null, 0, null, List.of(), access, null, STREAMS);
  }

  static LiveServer startOn(int port) throws IOException {
    return new LiveServer(QUIET, WebConfig.at("127.0.0.1", port), 0);
  }

  /// A server that starts when so many frames are already published, so that it misses those beyond
  /// the buffer.
  static LiveServer startAfter(long frames) throws IOException {
    return new LiveServer(QUIET, CONFIG, frames);
  }

  volatile double targetFps = 30;

  /// What a command is answered with; a test may set another.
  volatile BiFunction<DaemonCommand, Duration, CompletableFuture<DaemonStats>> daemon =
      (_, _) -> CompletableFuture.completedFuture(daemonStats());

  /// What carries a command for the calibration out; a test may set another.
  volatile Consumer<CalibrationCommand> calibration = _ -> {};

  final FakeSweeps sweeps = new FakeSweeps();
  private final SimulatedSource simulation;

  /// What readings tell together; a test may set another.
  volatile Function<List<Reading>, Stability> stability =
      _ -> {
        throw new IllegalArgumentException("no test has said what they tell");
      };

  /// Where the alarms stand; a test may set others.
  volatile List<AlarmStatus> alarms = List.of();

  /// Whether an acknowledgement is taken; a test may set another.
  volatile BiPredicate<String, String> acknowledge = (_, _) -> false;

  DaemonStats daemonStats() {
    return new DaemonStats(acquisition.get(), audio.stats(), targetFps, 7);
  }

  private LiveInstrument instrument(StreamingConfig streaming) {
    return new LiveInstrument(
        "cell-1",
        () ->
            new InstrumentInfo(
                "cell-1",
                "NH3",
                "ppm",
                1234.5,
                1,
                new InstrumentInfo.Source("simulated cell", true, false),
                RATE_HZ,
                streaming.targetFps(),
                null,
                "0.1.0"),
        streaming,
        audio,
        (step, frame, amount) -> steps.add(new Step(step, frame, amount)),
        acquisition::get,
        () -> targetFps,
        (command, limit) -> daemon.apply(command, limit),
        simulation,
        sweeps,
        spectra,
        readings,
        new LiveAnalysis(
            () -> JSON.readTree("[{\"name\": \"signal\"}]"),
            () -> timings,
            text -> replace.apply(text),
            nodes -> tapped = nodes,
            outputs),
        environment::get,
        given -> stability.apply(given),
        new LiveAlarms(() -> alarms, alarmEvents, (alarm, who) -> acknowledge.test(alarm, who)),
        new LiveCalibration(
            () -> JSON.createObjectNode().put("instrument", "cell-1"),
            () -> JSON.createObjectNode().put("state", "idle"),
            command -> calibration.accept(command)));
  }

  /// What the server did with frames.
  final Queue<Step> steps = new ConcurrentLinkedQueue<>();

  record Step(FrameStep step, long frame, long amount) {}

  /// What the server wants to hear of.
  volatile Set<String> tapped = Set.of();

  volatile List<NodeTiming> timings =
      List.of(
          new NodeTiming("signal", "channel", 4, 8000, 5000),
          new NodeTiming("gas", "concentration", 0, 0, 0));

  /// What another graph is answered with; a test may set another.
  volatile Function<String, CompletableFuture<Void>> replace =
      _ -> CompletableFuture.completedFuture(null);

  /// Four samples whose values tell the frame's number.
  static AudioFrame frame(long number) {
    return frame(
        number, new float[] {number, 0.5f, -1, 0.25f}, new float[] {-number, 0, 1, 0.125f});
  }

  static AudioFrame frame(long number, float[] channelA, float[] channelB) {
    return new AudioFrame(
        channelA,
        channelB,
        RATE_HZ,
        number,
        number * channelA.length,
        new CaptureTime(1_700_000_000_123_456_789L + number, number));
  }

  /// About 24 kB of JSON, as of a frame of 1600 samples.
  static AudioFrame largeFrame(long number) {
    float[] channel = new float[1600];
    for (int i = 0; i < channel.length; i++) {
      channel[i] = (float) Math.sin(i * 0.37);
    }
    return frame(number, channel, channel);
  }

  /// Bin k of A has magnitude k, of B 1000 + k; phases likewise, divided by 1000.
  static Spectrum spectrum(long number) {
    float[] magnitudeA = new float[BINS];
    float[] magnitudeB = new float[BINS];
    float[] phaseA = new float[BINS];
    float[] phaseB = new float[BINS];
    for (int k = 0; k < BINS; k++) {
      magnitudeA[k] = k;
      magnitudeB[k] = 1000 + k;
      phaseA[k] = k / 1000f;
      phaseB[k] = 1 + k / 1000f;
    }
    return new Spectrum(
        magnitudeA,
        magnitudeB,
        phaseA,
        phaseB,
        STEP_HZ,
        "hann",
        RATE_HZ,
        number,
        new CaptureTime(1_700_000_000_000_000_000L, 0));
  }

  static Reading reading(long number) {
    return new Reading(
        "cell-1",
        "NH3",
        number * RATE_HZ,
        (number + 1) * RATE_HZ,
        RATE_HZ,
        Instant.parse("2026-01-01T00:00:00Z"),
        1234.5,
        new Phasor(3, 4, 0.5),
        Double.NaN,
        Environment.UNKNOWN,
        null,
        null,
        Set.of());
  }

  void publish(long number) {
    publisher.publish(frame(number));
  }

  /// Publishes frames from one number to before another.
  void publish(long from, long to) {
    for (long number = from; number < to; number++) {
      publish(number);
    }
  }

  void publishSpectrum(long number) {
    spectra.send(new Streamed.Item<>(spectrum(number)));
  }

  void publishReading(long number) {
    readings.send(new Streamed.Item<>(reading(number)));
  }

  void publishOutput(NodeOutput output) {
    outputs.send(new Streamed.Item<>(output));
  }

  void publishAlarm(AlarmEvent event) {
    alarmEvents.send(new Streamed.Item<>(event));
  }

  HttpResponse<byte[]> get(String pathAndQuery, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(pathAndQuery)).timeout(Duration.ofSeconds(10));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  HttpResponse<byte[]> post(String path, String json, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.resolve(path))
            .timeout(Duration.ofSeconds(10))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofByteArray());
  }

  JsonNode json(String pathAndQuery) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = get(pathAndQuery);
    if (response.statusCode() != 200) {
      throw new AssertionError(pathAndQuery + " answers " + response.statusCode());
    }
    return JSON.readTree(response.body());
  }

  int openStreams() throws IOException, InterruptedException {
    return json("/api/audio/stream/stats").get("open_streams").asInt();
  }

  /// Asks until it is so; the test's time limit ends a wait in vain.
  void awaitOpenStreams(int count) throws IOException, InterruptedException {
    while (openStreams() != count) {
      Thread.onSpinWait();
    }
  }

  /// A connection without a request on it yet.
  Socket connect() throws IOException {
    Socket socket = new Socket(socketAddress().getAddress(), address.getPort());
    socket.setSoTimeout(10_000);
    return socket;
  }

  /// What comes back for a request that is sent as it stands.
  RawResponse raw(String request) throws IOException {
    try (Socket socket = connect()) {
      return RawResponse.to(request, socket);
    }
  }

  Events events(String pathAndQuery, String... headerLines) throws IOException {
    return Events.open(connect(), pathAndQuery, headerLines);
  }

  InetSocketAddress socketAddress() {
    return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), address.getPort());
  }

  @Override
  public void close() {
    http.shutdownNow();
    server.close();
    system.close();
  }
}
