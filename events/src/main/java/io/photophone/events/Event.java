package io.photophone.events;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A kind of event and what is done when one happens.
///
/// Callbacks are registered and removed by any thread, best before the source is read. They run on
/// the thread that reads the source, one after the other in the order in which they were
/// registered, each of them whatever the others threw. Contract: V1.
public final class Event {
  private final long id;
  private final EventFormat format;

  /// Replaced as a whole under the monitor; read by the thread that reads the source.
  private volatile Registered[] registered = {};

  private record Registered(EventCallback callback, @Nullable EventFilter filter) {}

  /// A kind of event without callbacks.
  ///
  /// @param id by which the source tells its events apart
  public Event(long id, EventFormat format) {
    this.id = id;
    this.format = format;
  }

  public long id() {
    return id;
  }

  public String name() {
    return format.name();
  }

  public EventFormat format() {
    return format;
  }

  /// What removes a callback again; once, then it does nothing.
  @FunctionalInterface
  public interface Registration extends AutoCloseable {
    @Override
    void close();
  }

  public Registration addCallback(EventCallback callback) {
    return add(new Registered(callback, null));
  }

  /// The callback is for those events alone that the filter lets pass.
  ///
  /// @throws IllegalArgumentException if the filter reads another format
  public Registration addCallback(EventFilter filter, EventCallback callback) {
    if (!filter.isFor(format)) {
      throw new IllegalArgumentException("the filter reads another format than " + name());
    }
    return add(new Registered(callback, filter));
  }

  private synchronized Registration add(Registered added) {
    Registered[] more = Arrays.copyOf(registered, registered.length + 1);
    more[more.length - 1] = added;
    registered = more;
    return () -> remove(added);
  }

  /// By identity: the same callback may be registered twice.
  @SuppressWarnings("ReferenceEquality")
  private synchronized void remove(Registered removed) {
    registered =
        Arrays.stream(registered).filter(each -> each != removed).toArray(Registered[]::new);
  }

  public boolean hasCallbacks() {
    return registered.length > 0;
  }

  /// Runs the callbacks, and ends the view.
  ///
  /// @param data at an event of this format
  /// @param errors receives what callbacks threw
  public void process(EventData data, ErrorBatch errors) {
    Registered[] now = registered;
    // Most events have one callback, and a loop costs as much as three fields.
    if (now.length == 1) {
      run(now[0], data, errors);
    } else {
      runAll(now, data, errors);
    }
    data.end();
  }

  private void runAll(Registered[] now, EventData data, ErrorBatch errors) {
    for (Registered each : now) {
      run(each, data, errors);
    }
  }

  /// The one place that catches whatever foreign code throws: the source must go on.
  private void run(Registered each, EventData data, ErrorBatch errors) {
    try {
      if (each.filter == null || each.filter.test(data)) {
        each.callback.happened(data);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      errors.add(name(), e);
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      errors.add(name(), e);
    }
  }

  @Override
  public String toString() {
    return "%s (%d)".formatted(name(), id);
  }
}
