package io.photophone.server.protocol;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.hivemq.client.mqtt.MqttClient;
import com.hivemq.client.mqtt.MqttClientSslConfig;
import com.hivemq.client.mqtt.datatypes.MqttQos;
import com.hivemq.client.mqtt.exceptions.MqttEncodeException;
import com.hivemq.client.mqtt.mqtt5.Mqtt5AsyncClient;
import com.hivemq.client.mqtt.mqtt5.Mqtt5ClientBuilder;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubAckException;
import com.hivemq.client.mqtt.mqtt5.exceptions.Mqtt5PubRecException;
import com.hivemq.client.mqtt.mqtt5.message.connect.Mqtt5Connect;
import com.hivemq.client.mqtt.mqtt5.message.connect.connack.Mqtt5ConnAck;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PayloadFormatIndicator;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5Publish;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishBuilder;
import com.hivemq.client.mqtt.mqtt5.message.publish.Mqtt5PublishResult;
import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// Readings, alarms and states for an MQTT 5 broker.
///
/// One thread connects and publishes; it waits for the broker, and nothing waits for it. What comes
/// while the broker can't be reached waits in a bounded [Outbox]. A message whose connection broke
/// before the broker had acknowledged it is sent again, so that a subscriber may see one twice
/// unless the quality of service is 0.
///
/// The session ends with its connection, so that the broker sends the will at once. The states of
/// the program and of its instruments are sent anew with each connection, for a broker that forgot
/// them.
public final class MqttPublisher implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(MqttPublisher.class.getName());

  private static final byte[] ONLINE = "online".getBytes(US_ASCII);
  private static final byte[] OFFLINE = "offline".getBytes(US_ASCII);
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /// How often states are looked at, and how late a lost connection is noticed when nothing is
  /// sent.
  private static final Duration TICK = Duration.ofSeconds(1);

  private static final Duration ACKNOWLEDGE_LIMIT = Duration.ofSeconds(30);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(1);
  private static final int KEEP_ALIVE_S = 10;

  /// How many messages are under way at once.
  private static final int BATCH = 64;

  private final MqttSettings settings;
  private final Function<Object, byte[]> json;
  private final Pauses pauses;
  private final MqttTopics topics;
  private final Outbox outbox;
  private final Mqtt5AsyncClient client;
  private final Mqtt5Connect connect;
  private final List<PublishedInstrument> instruments;
  private final List<Subscription<?>> subscriptions = new ArrayList<>();
  private final Semaphore work = new Semaphore(0);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final LongAdder connects = new LongAdder();
  private final LongAdder published = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder missed = new LongAdder();
  private final Thread thread;

  /// The states that the broker has, by topic; of the publishing thread.
  private final Map<String, byte[]> known = new HashMap<>();

  /// Written by the publishing thread.
  private volatile @Nullable String lastError;

  /// How long to wait after failures in a row.
  record Pauses(Duration first, Duration longest) {
    static final Pauses DEFAULT = new Pauses(Duration.ofSeconds(1), Duration.ofSeconds(30));

    /// Doubled with each failure, and cut at random by up to a half, so that programs that lost one
    /// broker at once don't come back at once.
    Duration after(int failures) {
      long nanos = first.toNanos() << Math.min(failures - 1, 20);
      nanos = Math.min(nanos, longest.toNanos());
      return Duration.ofNanos(ThreadLocalRandom.current().nextLong(nanos / 2, nanos + 1));
    }
  }

  /// What `/state` tells of an instrument; it changes seldom.
  record State(String phase, @Nullable String error, List<StandingAlarm> alarms) {}

  /// An alarm of it.
  record StandingAlarm(
      String alarm, String gas, String state, Instant since, @Nullable String acknowledgedBy) {}

  private MqttPublisher(
      MqttSettings settings,
      List<PublishedInstrument> instruments,
      Function<Object, byte[]> json,
      Pauses pauses,
      LongSupplier nanoTime)
      throws IOException {
    this.settings = settings;
    this.json = json;
    this.pauses = pauses;
    this.topics = new MqttTopics(settings.topicPrefix());
    this.instruments = List.copyOf(instruments);
    this.outbox = new Outbox(settings.bufferMessages(), settings.bufferTime(), nanoTime);
    this.client = client(settings);
    this.connect =
        Mqtt5Connect.builder()
            .cleanStart(true)
            .sessionExpiryInterval(0)
            .keepAlive(KEEP_ALIVE_S)
            .willPublish(status(OFFLINE).asWill().build())
            .build();
    this.thread = Thread.ofPlatform().daemon().name("mqtt publisher").unstarted(this::run);
  }

  /// Begins to publish, now or as soon as the broker can be reached.
  ///
  /// @param json writes a value as the API does
  /// @throws IOException if the password or the certificates can't be read
  public static MqttPublisher start(
      MqttSettings settings, List<PublishedInstrument> instruments, Function<Object, byte[]> json)
      throws IOException {
    return start(settings, instruments, json, Pauses.DEFAULT, System::nanoTime);
  }

  static MqttPublisher start(
      MqttSettings settings,
      List<PublishedInstrument> instruments,
      Function<Object, byte[]> json,
      Pauses pauses,
      LongSupplier nanoTime)
      throws IOException {
    MqttPublisher publisher = new MqttPublisher(settings, instruments, json, pauses, nanoTime);
    publisher.subscribe();
    publisher.thread.start();
    return publisher;
  }

  private static Mqtt5AsyncClient client(MqttSettings settings) throws IOException {
    Mqtt5ClientBuilder builder =
        MqttClient.builder()
            .useMqttVersion5()
            .identifier(settings.clientId())
            .executorConfig()
            .nettyExecutor(task -> Thread.ofPlatform().daemon().name("mqtt network").start(task))
            .nettyThreads(1)
            .applyExecutorConfig()
            .transportConfig()
            .serverHost(settings.host())
            .serverPort(settings.port())
            .socketConnectTimeout(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .mqttConnectTimeout(CONNECT_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
            .applyTransportConfig();
    if (settings.isTls()) {
      builder = builder.sslConfig(tls(settings.ca()));
    }
    String username = settings.username();
    if (username != null) {
      var auth = builder.simpleAuth().username(username);
      Path file = settings.passwordFile();
      builder =
          (file == null ? auth : auth.password(password(file).getBytes(UTF_8))).applySimpleAuth();
    }
    return builder.buildAsync();
  }

  private static String password(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new IOException("mqtt.password_file %s can't be read: %s".formatted(file, e), e);
    }
    if (lines.isEmpty() || lines.getFirst().isEmpty()) {
      throw new IOException("mqtt.password_file %s has no first line".formatted(file));
    }
    return lines.getFirst();
  }

  private static MqttClientSslConfig tls(@Nullable Path ca) throws IOException {
    if (ca == null) {
      return MqttClientSslConfig.builder().build();
    }
    try (InputStream pem = Files.newInputStream(ca)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int count = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("ca " + count++, each);
      }
      if (count == 0) {
        throw new IOException("there is no certificate in it");
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return MqttClientSslConfig.builder().trustManagerFactory(trust).build();
    } catch (IOException | GeneralSecurityException e) {
      throw new IOException("mqtt.ca %s can't be used: %s".formatted(ca, e), e);
    }
  }

  private void subscribe() {
    for (PublishedInstrument instrument : instruments) {
      String readings = topics.readings(instrument.name());
      subscriptions.add(
          new Subscription<Reading>(
              "mqtt readings of " + instrument.name(),
              instrument.readings(),
              reading -> add(readings, reading),
              missed::add));
      String alarms = topics.alarms(instrument.name());
      subscriptions.add(
          new Subscription<AlarmEvent>(
              "mqtt alarms of " + instrument.name(),
              instrument.alarmEvents(),
              event -> add(alarms, event),
              missed::add));
    }
  }

  private void add(String topic, Object value) {
    outbox.add(topic, json.apply(value));
    work.release();
  }

  /// For any thread.
  public MqttState state() {
    return new MqttState(
        settings.url().toString(),
        client.getState().isConnected(),
        connects.sum(),
        published.sum(),
        outbox.size(),
        outbox.droppedFull(),
        outbox.droppedOld(),
        refused.sum(),
        missed.sum(),
        lastError);
  }

  private void run() {
    try {
      for (int failures = 0; !isStopping(); ) {
        if (step()) {
          failures = 0;
        } else {
          failures++;
          stopping.await(pauses.after(failures).toNanos(), TimeUnit.NANOSECONDS);
        }
      }
      sayGoodbye();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// False if it failed and wants a pause.
  private boolean step() throws InterruptedException {
    try {
      if (!client.getState().isConnected()) {
        return connect();
      }
      work.drainPermits();
      sendStates();
      sendWaiting();
      if (!isStopping()) {
        work.tryAcquire(TICK.toNanos(), TimeUnit.NANOSECONDS);
      }
      return true;
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, thread.getName() + " failed", e);
      failed(e);
      return false;
    }
  }

  /// The broker sends no will for a client that takes its leave.
  private void sayGoodbye() throws InterruptedException {
    if (client.getState().isConnected()) {
      sendWaiting();
      outcome(client.publish(status(OFFLINE).build()));
      try {
        client.disconnect().get();
      } catch (ExecutionException e) {
        failed(e);
      }
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  private boolean connect() throws InterruptedException {
    CompletableFuture<Mqtt5ConnAck> connecting = client.connect(connect);
    try {
      connecting.get();
    } catch (InterruptedException e) {
      CompletableFuture<Void> _ = connecting.thenCompose(_ -> client.disconnect());
      throw e;
    } catch (ExecutionException e) {
      failed(e.getCause() == null ? e : e.getCause());
      return false;
    }
    connects.increment();
    known.clear();
    LOG.log(System.Logger.Level.INFO, "MQTT: connected to {0}", settings.url());
    return true;
  }

  /// Tells people once, not with every attempt.
  private void failed(Throwable cause) {
    // The client's own exception repeats its cause with the name of the cause's class.
    Throwable named = cause.getCause() == null ? cause : cause.getCause();
    String message = named.getMessage();
    String error = message == null ? named.toString() : message;
    if (!error.equals(lastError)) {
      LOG.log(System.Logger.Level.WARNING, "MQTT: {0}: {1}", settings.url(), error);
    }
    lastError = error;
  }

  /// Those that the broker doesn't have yet.
  private void sendStates() throws InterruptedException {
    sendState(topics.status(), ONLINE, status(ONLINE).build());
    for (PublishedInstrument instrument : instruments) {
      String topic = topics.state(instrument.name());
      byte[] payload = json.apply(state(instrument));
      sendState(topic, payload, json(topic, payload).retain(settings.retainState()).build());
    }
  }

  private void sendState(String topic, byte[] payload, Mqtt5Publish message)
      throws InterruptedException {
    if (Arrays.equals(payload, known.get(topic))) {
      return;
    }
    if (outcome(client.publish(message)) != Outcome.UNSENT) {
      known.put(topic, payload);
    }
  }

  private static State state(PublishedInstrument instrument) {
    AcquisitionState acquisition = instrument.acquisition().get();
    return new State(
        acquisition.phase().wireName(),
        acquisition.error(),
        instrument.alarms().get().stream()
            .map(alarm ->
                new StandingAlarm(
                    alarm.alarm(),
                    alarm.gas(),
                    alarm.state().wireName(),
                    alarm.since(),
                    alarm.state() == AlarmState.ACKNOWLEDGED ? alarm.acknowledgedBy() : null))
            .toList());
  }

  private void sendWaiting() throws InterruptedException {
    boolean goesOn = true;
    while (goesOn) {
      List<Outbox.Message> batch = outbox.take(BATCH);
      List<CompletableFuture<Mqtt5PublishResult>> underWay = new ArrayList<>();
      for (Outbox.Message message : batch) {
        underWay.add(
            client.publish(
                json(message.topic(), message.payload())
                    .messageExpiryInterval(settings.messageExpiry().toSeconds())
                    .build()));
      }
      List<Outbox.Message> unsent = new ArrayList<>();
      try {
        for (int i = 0; i < batch.size(); i++) {
          switch (outcome(underWay.get(i))) {
            case TAKEN -> published.increment();
            case REFUSED -> refused.increment();
            case UNSENT -> unsent.add(batch.get(i));
          }
        }
      } finally {
        outbox.putBack(unsent);
      }
      goesOn = unsent.isEmpty() && batch.size() == BATCH;
    }
  }

  private enum Outcome {
    TAKEN,
    REFUSED,
    UNSENT
  }

  /// Waits for what becomes of a message. A broker that is silent for long loses its connection.
  private Outcome outcome(CompletableFuture<Mqtt5PublishResult> underWay)
      throws InterruptedException {
    try {
      underWay.get(ACKNOWLEDGE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
      return Outcome.TAKEN;
    } catch (TimeoutException e) {
      failed(new IOException("no acknowledgement within " + ACKNOWLEDGE_LIMIT, e));
      CompletableFuture<Void> _ = client.disconnect();
      return Outcome.UNSENT;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      failed(cause);
      return switch (cause) {
        case Mqtt5PubAckException _, Mqtt5PubRecException _, MqttEncodeException _ ->
            Outcome.REFUSED;
        default -> Outcome.UNSENT;
      };
    }
  }

  private Mqtt5PublishBuilder.Complete json(String topic, byte[] payload) {
    return message(topic, payload).contentType("application/json");
  }

  private Mqtt5PublishBuilder.Complete status(byte[] payload) {
    return message(topics.status(), payload).contentType("text/plain").retain(true);
  }

  private Mqtt5PublishBuilder.Complete message(String topic, byte[] payload) {
    return Mqtt5Publish.builder()
        .topic(topic)
        .payload(payload)
        .payloadFormatIndicator(Mqtt5PayloadFormatIndicator.UTF_8)
        .qos(Objects.requireNonNull(MqttQos.fromCode(settings.qos())));
  }

  /// Publishes what waits, says that it goes, and disconnects, within seconds even if the broker is
  /// silent. Idempotent.
  @Override
  public void close() {
    subscriptions.forEach(Subscription::close);
    stopping.countDown();
    work.release();
    try {
      if (!thread.join(STOP_LIMIT)) {
        thread.interrupt();
        thread.join(STOP_LIMIT);
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
