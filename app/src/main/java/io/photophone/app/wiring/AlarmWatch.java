package io.photophone.app.wiring;

import io.photophone.acquisition.stream.StreamClock;
import io.photophone.acquisition.supervision.Task;
import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.analysis.alarm.Alarm;
import io.photophone.analysis.alarm.AlarmRule;
import io.photophone.channels.BroadcastChannel;
import io.photophone.channels.BroadcastChannel.Resume;
import io.photophone.channels.Received;
import io.photophone.channels.Receiver;
import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.AlarmStatus;
import io.photophone.model.CaptureTime;
import io.photophone.model.Reading;
import io.photophone.model.Streamed;
import io.photophone.server.LiveAlarms;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The alarms of an instrument at work: judges its readings, sends what changes, and notices when
/// no reading comes.
///
/// Time is that of the readings. While none comes it goes on by the monotonic clock from the end of
/// the newest, so that a wall clock that is set raises nothing. Contract: M9.
final class AlarmWatch {
  private static final System.Logger LOG = System.getLogger(AlarmWatch.class.getName());
  private static final int RETAINED_EVENTS = 1000;

  /// How late at most a missing reading is noticed.
  private static final Duration TICK = Duration.ofMillis(250);

  private final String instrument;
  private final StreamClock clock;
  private final BroadcastChannel<Streamed<AlarmEvent>> events;

  /// Guarded by this object's lock like all below, and like the sending of events.
  private List<Alarm> alarms;

  /// The newest time that a reading told, and when that was on the monotonic clock.
  private Instant told;

  private long toldNanos;

  /// At 0 when the watch has ended.
  private final CountDownLatch ended = new CountDownLatch(1);

  /// Alarms in their normal state. From now on a missing reading is missed.
  AlarmWatch(String instrument, List<AlarmRule> rules, StreamClock clock) {
    this.instrument = instrument;
    this.clock = clock;
    this.events = new BroadcastChannel<>(instrument + "/alarms", RETAINED_EVENTS);
    CaptureTime now = clock.now();
    this.told = now.instant();
    this.toldNanos = now.monotonicNanos();
    this.alarms = rules.stream().map(rule -> new Alarm(rule, told)).toList();
  }

  BroadcastChannel<Streamed<AlarmEvent>> events() {
    return events;
  }

  /// Goes on with these rules. An alarm whose rule is the same stays as it is, and another one
  /// begins in its normal state.
  synchronized void replace(List<AlarmRule> rules) {
    Map<AlarmRule, Alarm> present =
        alarms.stream().collect(Collectors.toMap(Alarm::rule, Function.identity()));
    Instant time = time();
    alarms = rules.stream().map(rule -> present.getOrDefault(rule, new Alarm(rule, time))).toList();
  }

  /// What the server shows.
  LiveAlarms live() {
    return new LiveAlarms(this::statuses, events, this::acknowledge);
  }

  /// Watches these readings, until their channel is closed.
  void start(BroadcastChannel<Streamed<Reading>> readings, TaskSupervisor tasks) {
    Receiver<Streamed<Reading>> receiver = readings.subscribe("alarms", Resume.OLDEST);
    tasks.start(
        new Task(
            "alarms of " + instrument,
            Task.Kind.RESTARTABLE,
            true,
            () -> run(receiver),
            receiver::close));
  }

  /// Waits for the end of a watch that was started.
  void join(Duration limit) throws InterruptedException {
    if (!ended.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
      LOG.log(System.Logger.Level.WARNING, "the alarms of {0} did not end in time", instrument);
    }
  }

  private void run(Receiver<Streamed<Reading>> receiver) throws InterruptedException {
    while (receive(receiver)) {}
    receiver.close();
    events.close();
    ended.countDown();
  }

  private boolean receive(Receiver<Streamed<Reading>> receiver) throws InterruptedException {
    switch (receiver.receive(TICK)) {
      case Received.Message<Streamed<Reading>> message -> {
        if (message.value() instanceof Streamed.Item<Reading>(Reading reading)) {
          accept(reading);
        }
      }
      case Received.Lagged<Streamed<Reading>>(long missed) ->
          LOG.log(
              System.Logger.Level.WARNING,
              "the alarms of {0} missed {1} readings",
              instrument,
              missed);
      case Received.Empty<Streamed<Reading>> _ -> passTime();
      case Received.Closed<Streamed<Reading>> _ -> {
        return false;
      }
    }
    return true;
  }

  synchronized void accept(Reading reading) {
    told = endOf(reading);
    toldNanos = clock.now().monotonicNanos();
    alarms.forEach(alarm -> alarm.accept(reading, told).ifPresent(this::send));
  }

  /// Tells the alarms that it has become later.
  synchronized void passTime() {
    Instant time = time();
    alarms.forEach(alarm -> alarm.pass(time).ifPresent(this::send));
  }

  private Instant endOf(Reading reading) {
    Instant start = reading.startTime();
    return start == null
        ? time()
        : start.plusNanos(Math.round((reading.toSeconds() - reading.fromSeconds()) * 1e9));
  }

  private Instant time() {
    return told.plusNanos(clock.now().monotonicNanos() - toldNanos);
  }

  synchronized List<AlarmStatus> statuses() {
    return alarms.stream().map(Alarm::status).toList();
  }

  /// False if the alarm of that name has nothing to acknowledge.
  synchronized boolean acknowledge(String name, String who) {
    Optional<AlarmEvent> change =
        alarms.stream()
            .filter(alarm -> alarm.rule().name().equals(name))
            .findFirst()
            .flatMap(alarm -> alarm.acknowledge(who, time()));
    change.ifPresent(this::send);
    return change.isPresent();
  }

  /// Gives up sending after each, since whoever acknowledges is another thread.
  private void send(AlarmEvent event) {
    if (event.to() == AlarmState.RAISED) {
      LOG.log(System.Logger.Level.WARNING, "alarm {0} of {1} is raised", event.alarm(), instrument);
    }
    events.send(new Streamed.Item<>(event));
    events.giveUpSending();
  }
}
