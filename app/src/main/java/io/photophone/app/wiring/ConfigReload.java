package io.photophone.app.wiring;

import io.photophone.app.config.ConfigChange;
import io.photophone.app.config.ConfigError;
import io.photophone.app.config.ConfigException;
import io.photophone.app.config.ConfigSource;
import io.photophone.app.config.PhotophoneConfig;
import io.photophone.app.logging.Logs;
import io.photophone.channels.EventBus;
import io.photophone.model.SystemEvent;
import io.photophone.server.LiveSystem;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/// Puts another configuration in force while the server runs: the whole of it, or nothing.
///
/// For any thread; reloads take turns.
final class ConfigReload {
  private static final System.Logger LOG = System.getLogger(ConfigReload.class.getName());

  private final ConfigSource source;
  private final Logs logs;
  private final List<Instrument> instruments;
  private final EventBus<SystemEvent> events;
  private volatile PhotophoneConfig current;

  /// @param source where the configuration is read again
  /// @param current what is in force
  /// @param instruments in the order of their configurations
  ConfigReload(
      ConfigSource source,
      PhotophoneConfig current,
      Logs logs,
      List<Instrument> instruments,
      EventBus<SystemEvent> events) {
    this.source = source;
    this.current = current;
    this.logs = logs;
    this.instruments = List.copyOf(instruments);
    this.events = events;
  }

  /// What is in force.
  PhotophoneConfig current() {
    return current;
  }

  /// Puts the file's present configuration in force, as a whole or not at all.
  ///
  /// @return paths of the settings that changed
  synchronized List<String> reload() throws LiveSystem.Refused {
    PhotophoneConfig next = read();
    ConfigChange change = ConfigChange.between(current, next);
    if (!change.needRestart().isEmpty()) {
      throw new LiveSystem.Refused(
          change.needRestart().stream().map(path -> path + " needs a restart").toList());
    }
    if (change.paths().isEmpty()) {
      return List.of();
    }
    apply(next);
    current = next;
    LOG.log(System.Logger.Level.INFO, "the configuration was read again: {0}", change.paths());
    SystemEvent changed = new SystemEvent.ConfigChanged(Instant.now(), change.paths());
    events.publish(changed.topic(), changed);
    return change.paths();
  }

  private PhotophoneConfig read() throws LiveSystem.Refused {
    try {
      return source.read();
    } catch (ConfigException e) {
      throw new LiveSystem.Refused(e.errors().stream().map(ConfigError::toString).toList());
    }
  }

  /// Something that is put in force, and what puts back what was.
  private interface Step {
    void run() throws LiveSystem.Refused;
  }

  private void apply(PhotophoneConfig next) throws LiveSystem.Refused {
    PhotophoneConfig before = current;
    Deque<Step> undo = new ArrayDeque<>();
    try {
      log(next);
      undo.push(() -> log(before));
      for (int i = 0; i < instruments.size(); i++) {
        Instrument instrument = instruments.get(i);
        int place = i;
        instrument.configure(next.instruments().get(i));
        undo.push(() -> instrument.configure(before.instruments().get(place)));
      }
    } catch (LiveSystem.Refused e) {
      for (Step step : undo) {
        step.run();
      }
      throw e;
    }
  }

  private void log(PhotophoneConfig config) throws LiveSystem.Refused {
    try {
      logs.configure(config.logging());
    } catch (IOException e) {
      throw new LiveSystem.Refused(List.of("logging.file can't be written: " + e.getMessage()));
    }
  }
}
