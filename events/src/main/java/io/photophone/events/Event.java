package io.photophone.events;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A kind of event and what is done when one happens.
///
/// Callbacks are registered and removed by any thread, best before the source is read. They run on
/// the thread that reads the source, one after the other in the order in which they were
/// registered, each of them whatever the others threw. Contract: V1.
public final class Event {
  private final long id;
  private final EventFormat format;

  /// Guarded by the monitor.
  private final List<Added> added = new ArrayList<>();

  /// The same as a chain, made anew under the monitor; read by the thread that reads the source.
  private volatile @Nullable Link first;

  /// A callback, told from an equal one by its identity.
  private record Added(EventCallback callback, @Nullable EventFilter filter) {}

  private record Link(EventCallback callback, @Nullable EventFilter filter, @Nullable Link next) {}

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
    return add(new Added(callback, null));
  }

  /// The callback is for those events alone that the filter lets pass.
  ///
  /// @throws IllegalArgumentException if the filter reads another format
  public Registration addCallback(EventFilter filter, EventCallback callback) {
    if (!filter.isFor(format)) {
      throw new IllegalArgumentException("the filter reads another format than " + name());
    }
    return add(new Added(callback, filter));
  }

  private synchronized Registration add(Added one) {
    added.add(one);
    link();
    return () -> remove(one);
  }

  /// By identity: the same callback may be registered twice.
  @SuppressWarnings("ReferenceEquality")
  private synchronized void remove(Added one) {
    added.removeIf(each -> each == one);
    link();
  }

  private void link() {
    Link chain = null;
    for (Added each : added.reversed()) {
      chain = new Link(each.callback, each.filter, chain);
    }
    first = chain;
  }

  public boolean hasCallbacks() {
    return first != null;
  }

  /// Runs the callbacks, and ends the view.
  ///
  /// @param data at an event of this format
  /// @param errors receives what callbacks threw
  public void process(EventData data, ErrorBatch errors) {
    Link only = first;
    if (only != null) {
      run(only, data, errors);
      // Most events have one callback, and a loop around it costs as much as two fields.
      if (only.next != null) {
        runRest(only.next, data, errors);
      }
    }
    data.end();
  }

  private void runRest(Link from, EventData data, ErrorBatch errors) {
    for (Link each = from; each != null; each = each.next) {
      run(each, data, errors);
    }
  }

  /// The one place that catches whatever foreign code throws: the source must go on.
  private void run(Link each, EventData data, ErrorBatch errors) {
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
