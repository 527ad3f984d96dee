package io.photophone.events.jfr;

import io.photophone.events.ErrorBatch;
import io.photophone.events.Event;
import io.photophone.events.EventData;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import jdk.jfr.EventSettings;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.EventStream;
import jdk.jfr.consumer.RecordingFile;
import jdk.jfr.consumer.RecordingStream;
import org.jspecify.annotations.Nullable;

/// Describes a [JfrSession]. Of a file or of another JVM all events are read unless some are named;
/// of this JVM those that are named. The last setting of an event counts.
public final class JfrSessionBuilder {
  enum Source {
    THIS_PROCESS,
    FILE,
    REPOSITORY
  }

  private final Source source;
  private final Path path;

  /// By the event's name.
  final Map<String, Setting> settings = new LinkedHashMap<>();

  boolean withStackTraces;
  Consumer<Event> onNewEvent = _ -> {};
  Consumer<ErrorBatch> onErrors = _ -> {};

  /// What isn't set stays as JFR has it.
  record Setting(@Nullable Duration threshold, @Nullable Duration period) {}

  JfrSessionBuilder(Source source, Path path) {
    this.source = source;
    this.path = path;
  }

  /// Events of a ready set.
  public JfrSessionBuilder enable(JfrEvents set) {
    set.names().forEach(name -> enable(name, set.threshold()));
    return this;
  }

  /// An event, with the threshold and period that JFR gives it.
  public JfrSessionBuilder enable(String name) {
    settings.put(name, new Setting(null, null));
    return this;
  }

  /// An event, if it lasts as long as the threshold at least. It is for this JVM to see to: of a
  /// file or another one, the events are there or are not.
  public JfrSessionBuilder enable(String name, Duration threshold) {
    settings.put(name, new Setting(threshold, null));
    return this;
  }

  /// An event that JFR makes itself, each time that a period has passed.
  public JfrSessionBuilder every(Duration period, String name) {
    if (period.isNegative() || period.isZero()) {
      throw new IllegalArgumentException(
          "the period of %s is %s, allowed: more than nothing".formatted(name, period));
    }
    settings.put(name, new Setting(null, period));
    return this;
  }

  /// Events that have a stack trace get a text field `stackTrace` of it: innermost frame first,
  /// `class.method:line` separated by semicolons. It costs more than the rest of the event.
  public JfrSessionBuilder withStackTraces() {
    withStackTraces = true;
    return this;
  }

  /// Is called for each kind of event that the recording describes only while it is read, before
  /// the first event of the kind and on the thread that reads: the place to register callbacks.
  public JfrSessionBuilder onNewEvent(Consumer<Event> consumer) {
    onNewEvent = consumer;
    return this;
  }

  /// Is called each second in which something went wrong, on the thread that reads; the batch is
  /// emptied after the call. Without it errors are only counted.
  public JfrSessionBuilder onErrors(Consumer<ErrorBatch> consumer) {
    onErrors = consumer;
    return this;
  }

  boolean isWanted(String name) {
    return !name.equals(ClockMarker.NAME) && (settings.isEmpty() || settings.containsKey(name));
  }

  /// A session that isn't started yet.
  ///
  /// @throws IOException if there is no such file or repository, it can't be read, or this JVM has
  ///   no flight recorder
  /// @throws IllegalArgumentException if this JVM or the file doesn't know an event
  public JfrSession build() throws IOException {
    return switch (source) {
      case THIS_PROCESS -> ofThisProcess();
      case FILE -> ofFile();
      case REPOSITORY ->
          new JfrSession(this, EventStream.openRepository(path), List.of(), EventData.UNKNOWN);
    };
  }

  private JfrSession ofThisProcess() throws IOException {
    if (!FlightRecorder.isAvailable()) {
      throw new IOException("this JVM has no flight recorder");
    }
    if (settings.isEmpty()) {
      throw new IllegalArgumentException("no event is enabled");
    }
    FlightRecorder.register(ClockMarker.class);
    List<EventType> types = FlightRecorder.getFlightRecorder().getEventTypes();
    check(types);
    RecordingStream stream = new RecordingStream();
    try {
      settings.forEach((name, setting) -> apply(setting, stream.enable(name)));
      stream.enable("jdk.DataLoss");
      stream.enable(ClockMarker.class).withPeriod(Duration.ofSeconds(1));
      return new JfrSession(this, stream, types, (int) ProcessHandle.current().pid());
    } catch (RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private void apply(Setting setting, EventSettings settings) {
    if (!withStackTraces) {
      settings.withoutStackTrace();
    }
    if (setting.threshold != null) {
      settings.withThreshold(setting.threshold);
    }
    if (setting.period != null) {
      settings.withPeriod(setting.period);
    }
  }

  private JfrSession ofFile() throws IOException {
    List<EventType> types;
    try (RecordingFile file = new RecordingFile(path)) {
      types = file.readEventTypes();
    }
    check(types);
    EventStream stream = EventStream.openFile(path);
    try {
      JfrSession session = new JfrSession(this, stream, types, EventData.UNKNOWN);
      session.learnClock(path);
      return session;
    } catch (IOException | RuntimeException e) {
      stream.close();
      throw e;
    }
  }

  private void check(List<EventType> types) {
    Set<String> known = types.stream().map(EventType::getName).collect(Collectors.toSet());
    for (String name : settings.keySet()) {
      if (!known.contains(name)) {
        String last = name.substring(name.lastIndexOf('.') + 1);
        throw new IllegalArgumentException(
            "no event %s; with a name like it: %s"
                .formatted(
                    name,
                    known.stream()
                        .filter(each -> each.contains(last.substring(0, (last.length() + 1) / 2)))
                        .sorted()
                        .limit(10)
                        .toList()));
      }
    }
  }
}
