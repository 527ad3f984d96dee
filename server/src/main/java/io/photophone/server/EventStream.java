package io.photophone.server;

import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import io.photophone.server.security.Lease;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// One client's connection to one or more topics.
///
/// At most one write is under way; its completion goes on with the next event, so no thread waits
/// for a client. [#resume] may be called from any thread at any time; one of the callers does the
/// work and the others leave it a note. Contract: A18, A23, A43.
final class EventStream {
  private static final System.Logger LOG = System.getLogger(EventStream.class.getName());

  private final Connection connection;
  private final Subscription subscription;
  private final @Nullable Lease lease;
  private final Pump pump;
  private final FrameLog frames;
  private final @Nullable Pace pace;
  private final BiConsumer<EventStream, EndReason> onEnd;

  /// Calls of [#resume] not yet worked off; who raises it from 0 does the work. Begins at 1, so
  /// that nobody does before [#start].
  private final AtomicInteger calls = new AtomicInteger(1);

  private final AtomicBoolean ended = new AtomicBoolean();

  /// Set once by [#start].
  private volatile List<Place> places = List.of();

  /// What is sent before the topics' events. This and the next two touched only by the thread that
  /// does the work, which the counter hands on.
  private final ArrayDeque<Event> first = new ArrayDeque<>();

  private int nextPlace;
  private Event.View view;

  /// From the start of a write until it succeeded; stays set after the last or a failed one.
  /// Written by the thread that does the work and by the write's completion.
  private volatile boolean writing;

  /// When the last write began, or succeeded.
  private volatile long lastWriteNanos = System.nanoTime();

  private volatile boolean heartbeatDue;
  private volatile @Nullable Farewell farewell;

  /// What a stream ends with, and why.
  private record Farewell(Event event, EndReason reason) {}

  /// A stream that has joined no topic yet.
  ///
  /// @param lease null where the path is open to all
  /// @param pump wakes it when a topic has something
  /// @param frames hears of each frame that was written
  /// @param onEnd called once, when it has ended
  EventStream(
      Connection connection,
      Subscription subscription,
      @Nullable Lease lease,
      Pump pump,
      FrameLog frames,
      BiConsumer<EventStream, EndReason> onEnd) {
    this.connection = connection;
    this.subscription = subscription;
    this.lease = lease;
    this.pump = pump;
    this.frames = frames;
    this.onEnd = onEnd;
    this.view = subscription.view();
    this.pace = subscription.adapts() ? new Pace(System.nanoTime()) : null;
  }

  Pump pump() {
    return pump;
  }

  /// Joins the topics and writes the first bytes, and from then on what comes.
  ///
  /// @param lastId the event behind which to go on, or [Event#NO_ID]
  void start(long lastId) {
    places = subscription.topics().stream().map(topic -> topic.join(this, lastId)).toList();
    if (ended.get()) {
      // The client went while it joined.
      places.forEach(Place::leave);
    }
    addPreface();
    writing = true;
    connection.begin(Callback.from(() -> wrote(null, 0, System.nanoTime()), this::broke));
    work();
  }

  private void addPreface() {
    if (subscription.preface() != null) {
      first.add(subscription.preface().apply(view.part()));
    }
  }

  /// Writes what there is to write, unless a write is under way, whose end comes back here.
  void resume() {
    if (calls.getAndIncrement() == 0) {
      work();
    }
  }

  private void work() {
    int served = 1;
    do {
      while (!writing) {
        Event event = next();
        if (event == null) {
          break;
        }
        write(event);
      }
      served = calls.addAndGet(-served);
    } while (served != 0);
  }

  private void write(Event event) {
    EndReason lastFor = lastFor(event);
    long began = System.nanoTime();
    lastWriteNanos = began;
    heartbeatDue = false;
    writing = true;
    Event.Message message;
    try {
      message = connection.encode(event, view, lastFor != null);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "an event can't be encoded: " + event, e);
      fail(EndReason.NOT_ENCODED, e);
      return;
    }
    int bytes = message.bytes().remaining();
    connection.write(
        message,
        lastFor != null,
        lastFor == null
            ? Callback.from(() -> wrote(event, bytes, began), this::broke)
            : Callback.from(() -> finish(lastFor), this::broke));
  }

  private void finish(EndReason reason) {
    if (end(reason)) {
      connection.finish(reason);
    }
  }

  /// Why an event is the stream's last; null if it isn't.
  private @Nullable EndReason lastFor(Event event) {
    Farewell bye = farewell;
    if (bye != null && event == bye.event()) {
      return bye.reason();
    }
    return event.isLast() && subscription.endsWithSource() ? EndReason.SOURCE_ENDED : null;
  }

  /// @param event null for what comes before the first
  private void wrote(@Nullable Event event, int bytes, long began) {
    long now = System.nanoTime();
    if (event != null && event.isFrame()) {
      frames.happened(FrameStep.WRITTEN, event.id(), bytes);
    }
    if (pace != null) {
      pace.wrote(bytes, now - began);
    }
    lastWriteNanos = now;
    writing = false;
    resume();
  }

  private void broke(Throwable failure) {
    fail(EndReason.CLIENT_CLOSED, failure);
  }

  /// False if the stream had ended before.
  private boolean fail(EndReason reason, Throwable failure) {
    boolean ends = end(reason);
    if (ends) {
      connection.cut(failure);
    }
    return ends;
  }

  /// Leaves the topics; false if that was done before.
  private boolean end(EndReason reason) {
    if (!ended.compareAndSet(false, true)) {
      return false;
    }
    places.forEach(Place::leave);
    onEnd.accept(this, reason);
    return true;
  }

  /// The next event to write, the topics in turn; null if there is none now.
  private @Nullable Event next() {
    Farewell bye = farewell;
    if (bye != null && bye.reason() == EndReason.ACCESS_ENDED) {
      return bye.event();
    }
    adapt();
    Event begin = first.poll();
    if (begin != null) {
      return begin;
    }
    List<Place> joined = places;
    for (int i = 0; i < joined.size(); i++) {
      Place place = joined.get(nextPlace);
      nextPlace = (nextPlace + 1) % joined.size();
      Event event = place.next();
      if (event != null) {
        return event;
      }
    }
    if (bye != null) {
      return bye.event();
    }
    return heartbeatDue ? EventStreams.HEARTBEAT : null;
  }

  /// Goes on at the resolution that fits, and tells the client.
  private void adapt() {
    if (pace != null && pace.resolution() != view.part().resolution()) {
      view = view.at(pace.resolution());
      first.add(Event.resolution(pace.resolution()));
      addPreface();
    }
  }

  /// Looks whether the resolution fits the client; to be called several times a second.
  void judge(long now) {
    if (pace != null
        && pace.judge(now, nanosStalled(now), places.stream().mapToLong(Place::missed).sum())) {
      resume();
    }
  }

  /// Sends a heartbeat if nothing else is sent first.
  void heartbeat() {
    heartbeatDue = true;
    resume();
  }

  /// Sends what is pending, unless the client may see no more, then this, then ends. Asked again
  /// for the same reason, it stays at the first.
  void endWith(Event last, EndReason reason) {
    Farewell bye = farewell;
    if (bye == null || bye.reason() != reason) {
      farewell = new Farewell(last, reason);
    }
    resume();
  }

  /// Why the client may see no more; null while they may.
  @Nullable String accessEnded() {
    return lease == null ? null : lease.ended();
  }

  /// Cuts the connection; false if the stream had ended before.
  boolean disconnect(EndReason reason, String text) {
    return fail(reason, new TimeoutException(text));
  }

  /// Notes that the client has gone.
  void gone() {
    end(EndReason.CLIENT_CLOSED);
  }

  /// How long nothing was sent; 0 while a write is under way.
  long nanosSilent(long now) {
    return writing ? 0 : now - lastWriteNanos;
  }

  /// How long the write that is under way has taken; 0 if there is none.
  long nanosStalled(long now) {
    return writing ? now - lastWriteNanos : 0;
  }
}
