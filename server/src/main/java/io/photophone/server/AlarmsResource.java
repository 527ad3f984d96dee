package io.photophone.server;

import io.photophone.model.AlarmEvent;
import io.photophone.model.AlarmState;
import io.photophone.model.AlarmStatus;
import io.photophone.model.Streamed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// `/api/alarms`: where every alarm stands, what has changed, and acknowledgements. Contract: M9.
final class AlarmsResource implements MetricSource {
  static final Body<Order> ORDER =
      Body.ofJson(
          Order.class,
          1024,
          "{\"command\": \"acknowledge\", \"alarm\": \"high\", \"who\": \"Ada\"}");
  private static final Pattern NAME = Pattern.compile("(?=.*\\S)[^\\p{Cntrl}]{1,100}");

  private final String instrument;
  private final LiveAlarms alarms;
  private final Topic topic;
  private final Map<Change, LongAdder> changes = new ConcurrentHashMap<>();
  private long nextId;

  AlarmsResource(String instrument, LiveAlarms alarms) {
    this.instrument = instrument;
    this.alarms = alarms;
    this.topic = Topic.ofAll(instrument, "alarms", alarms.events().capacity());
  }

  /// That an alarm came to a state.
  private record Change(String alarm, AlarmState state) {}

  /// What a client asks for.
  record Order(
      @OneOf(value = "acknowledge", required = true) @Nullable String command,
      @Nullable String alarm,
      @Nullable String who) {}

  /// All alarms, in the order of their rules.
  record Alarms(List<AlarmStatus> alarms) {}

  /// The newest events, oldest first.
  record Events(List<AlarmEvent> events) {}

  Topic topic() {
    return topic;
  }

  /// The next change as an event; called by one thread.
  Event event(AlarmEvent event) {
    changes
        .computeIfAbsent(new Change(event.alarm(), event.to()), _ -> new LongAdder())
        .increment();
    return Event.of(nextId++, "alarm", _ -> Json.bytes(event));
  }

  /// How many events are retained at most.
  int retained() {
    return alarms.events().capacity();
  }

  /// The newest events that are retained, at most as many as asked for.
  Events events(int limit) {
    List<AlarmEvent> retained = new ArrayList<>();
    for (Streamed<AlarmEvent> each : alarms.events().retained()) {
      if (each instanceof Streamed.Item<AlarmEvent>(AlarmEvent event)) {
        retained.add(event);
      }
    }
    return new Events(
        List.copyOf(retained.subList(Math.max(0, retained.size() - limit), retained.size())));
  }

  /// Where every alarm stands.
  Alarms standing() {
    return new Alarms(alarms.statuses().get());
  }

  /// Where every alarm stands, after what is asked for is done.
  void answer(Request request, Response response, Callback callback) {
    carryOut(ORDER.read(request));
    Routes.writeJson(response, callback, standing());
  }

  private void carryOut(Order order) {
    if (order.command() == null) {
      throw bad("the body has no command");
    }
    if (!order.command().equals("acknowledge")) {
      throw bad("the command is " + order.command());
    }
    if (order.alarm() == null) {
      throw bad("the body has no alarm");
    }
    if (order.who() == null) {
      throw bad("the body doesn't say who");
    }
    if (!NAME.matcher(order.who()).matches()) {
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "who is \"%s\", allowed: a name".formatted(order.who()));
    }
    AlarmStatus status = status(order.alarm());
    if (!alarms.acknowledge().test(order.alarm(), order.who())) {
      throw new Problem.Refusal(
          HttpStatus.CONFLICT_409,
          "alarm %s is %s: there is nothing to acknowledge"
              .formatted(order.alarm(), status.state().wireName()));
    }
  }

  private AlarmStatus status(String alarm) {
    List<AlarmStatus> all = alarms.statuses().get();
    List<String> names = all.stream().map(AlarmStatus::alarm).toList();
    return all.stream()
        .filter(each -> each.alarm().equals(alarm))
        .findFirst()
        .orElseThrow(() ->
            new Problem.Refusal(
                HttpStatus.BAD_REQUEST_400,
                "alarm is %s, allowed: %s"
                    .formatted(
                        alarm,
                        names.isEmpty() ? "none, since there is none" : String.join(", ", names))));
  }

  private static Problem.Refusal bad(String what) {
    return new Problem.Refusal(HttpStatus.BAD_REQUEST_400, what + ", allowed: " + ORDER.allowed());
  }

  @Override
  public void addTo(Metrics metrics) {
    for (AlarmStatus status : alarms.statuses().get()) {
      for (AlarmState state : AlarmState.values()) {
        metrics.gauge(
            "photophone_alarm_state",
            "Whether the alarm is in this state: 1 or 0.",
            status.state() == state ? 1L : 0L,
            "instrument",
            instrument,
            "alarm",
            status.alarm(),
            "state",
            state.wireName());
        LongAdder times = changes.get(new Change(status.alarm(), state));
        metrics.counter(
            "photophone_alarm_events",
            "How often the alarm came to this state.",
            times == null ? 0 : times.sum(),
            "instrument",
            instrument,
            "alarm",
            status.alarm(),
            "state",
            state.wireName());
      }
    }
  }
}
