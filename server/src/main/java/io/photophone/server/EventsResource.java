package io.photophone.server;

import io.photophone.acquisition.supervision.Task;
import io.photophone.channels.ChannelStats;
import io.photophone.channels.EventBus;
import io.photophone.channels.Received;
import io.photophone.model.SystemEvent;
import io.photophone.server.Outcome.EventType;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// `/api/events`: what happens in the program, as it happens. Contract: B11.
///
/// What happens seldom is retained, so that who comes later sees the latest of each topic; frames
/// come many times a second and are listened to while a client wants them.
final class EventsResource implements MetricSource {
  static final Parameter.Words TOPICS =
      new Parameter.Words(
          "topics",
          "what to hear of, separated by commas; frames come many times a second",
          List.of("acquisition", "config", "frames"));
  static final Operation EVENTS =
      Operation.get("/api/events", "Program", "What happens in the program", TOPICS)
          .answering(
              new Outcome.Events(
                  "events, each under its own name",
                  List.of(
                      type(
                          "audio_stream_started",
                          "a source delivers",
                          SystemEvent.AudioStreamStarted.class),
                      type(
                          "audio_stream_stopped",
                          "an acquisition ended",
                          SystemEvent.AudioStreamStopped.class),
                      type(
                          "frame_processed",
                          "a frame was measured",
                          SystemEvent.FrameProcessed.class),
                      type("error_occurred", "a source failed or hangs", Failure.class),
                      type(
                          "breaker_changed",
                          "a source is left alone or tried",
                          SystemEvent.BreakerChanged.class),
                      type(
                          "clock_stepped",
                          "the wall clock was set",
                          SystemEvent.ClockStepped.class),
                      type(
                          "health_changed",
                          "frames come slower, or as they should",
                          SystemEvent.HealthChanged.class),
                      type(
                          "config_changed",
                          "another configuration holds",
                          SystemEvent.ConfigChanged.class))));

  /// What is listened to only while a client wants it.
  private static final String FRAMES = "frames";

  private static final int RETAINED = 1000;
  private static final Duration WAIT = Duration.ofSeconds(1);
  private static final Event.View NAMED = new Event.View(true, Event.Part.ALL);

  private final LiveSystem system;
  private final EventStreams streams;
  private final Map<String, Topic> topics = new TreeMap<>();

  /// The place among the listeners of frames; null while no client wants them. Guarded by this
  /// object's lock.
  private EventBus<SystemEvent>.@Nullable Subscription frames;

  private static EventType type(String name, String meaning, Class<?> fields) {
    return new EventType(name, meaning, List.of(fields));
  }

  /// What went wrong, without its stack.
  record Failure(
      Instant time, String instrument, String kind, @Nullable String message, boolean retryable) {}

  EventsResource(LiveSystem system, EventStreams streams) {
    this.system = system;
    this.streams = streams;
    for (String topic : TOPICS.allowed()) {
      topics.put(topic, Topic.ofNewest("events", topic, RETAINED, RETAINED));
    }
  }

  void open(Query query, Request request, Response response, Callback callback) {
    List<String> names = query.words(TOPICS);
    if (names.contains(FRAMES)) {
      listenToFrames();
    }
    streams.open(
        request,
        response,
        callback,
        new Subscription(names.stream().map(topics::get).toList(), NAMED, false, null));
  }

  private synchronized void listenToFrames() {
    if (frames == null) {
      frames = listen(FRAMES);
    }
  }

  /// Leaves the frames when the last client has; to be called every second or so.
  synchronized void supervise() {
    EventBus<SystemEvent>.Subscription listening = frames;
    Topic topic = topics.get(FRAMES);
    if (listening != null && topic != null && topic.subscriberCount() == 0) {
      listening.close();
      frames = null;
    }
  }

  /// Listens to what happens seldom, from now on.
  void start() {
    TOPICS.allowed().stream().filter(topic -> !topic.equals(FRAMES)).forEach(this::listen);
  }

  private EventBus<SystemEvent>.Subscription listen(String name) {
    EventBus<SystemEvent>.Subscription listening = system.events().subscribe(name, "web");
    Topic topic = topics.get(name);
    if (topic == null) {
      throw new IllegalArgumentException("no such topic: " + name);
    }
    system
        .tasks()
        .start(
            new Task(
                "web feed events/" + name,
                Task.Kind.RESTARTABLE,
                true,
                () -> feed(listening, topic),
                listening::close));
    return listening;
  }

  private static void feed(EventBus<SystemEvent>.Subscription listening, Topic topic)
      throws InterruptedException {
    while (true) {
      switch (listening.receive(WAIT)) {
        case Received.Message<SystemEvent> message -> {
          SystemEvent event = message.value();
          byte[] json = Json.bytes(told(event));
          topic.publish(Event.of(Event.NO_ID, event.wireName(), _ -> json));
        }
        case Received.Lagged<SystemEvent>(long missed) ->
            topic.publish(Event.lagged(topic.name(), missed));
        case Received.Empty<SystemEvent> _ -> {}
        case Received.Closed<SystemEvent> _ -> {
          topic.giveUpPublishing();
          return;
        }
      }
    }
  }

  private static Object told(SystemEvent event) {
    return event instanceof SystemEvent.ErrorOccurred e
        ? new Failure(
            e.time(),
            e.instrument(),
            e.error().kind(),
            e.error().getMessage(),
            e.error().retryable())
        : event;
  }

  /// The channels whose receivers are clients.
  List<ChannelStats> topicStats() {
    return topics.values().stream().map(Topic::channelStats).toList();
  }

  /// The topics of the bus that are listened to.
  List<ChannelStats> busStats() {
    return new ArrayList<>(system.events().stats());
  }

  @Override
  public void addTo(Metrics metrics) {
    metrics.counter(
        "photophone_events", "Events published, heard or not.", system.events().published());
    metrics.counter(
        "photophone_events_unheard",
        "Events to whose topic nobody listened.",
        system.events().unheard());
    metrics.counter(
        "photophone_task_failures", "Failures of tasks.", system.tasks().failureCount());
    metrics.counter(
        "photophone_tasks_ended", "Tasks that came to their end.", system.tasks().endedCount());
    system
        .tasks()
        .tasks()
        .forEach(task ->
            metrics.counter(
                "photophone_task_restarts",
                "Times that the task was started again.",
                task.restarts(),
                "task",
                task.name(),
                "kind",
                task.kind().wireName()));
  }
}
