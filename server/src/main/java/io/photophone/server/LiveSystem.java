package io.photophone.server;

import io.photophone.acquisition.supervision.TaskSupervisor;
import io.photophone.channels.EventBus;
import io.photophone.model.SystemEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// What the server reads of the program as a whole, and how it asks it for something.
///
/// @param tasks runs the server's own threads, too
/// @param data the data directory
/// @param config the configuration in force, without secrets
/// @param reload reads the configuration again and puts it in force
public record LiveSystem(
    TaskSupervisor tasks,
    EventBus<SystemEvent> events,
    Path data,
    Supplier<JsonNode> config,
    Reload reload) {

  /// Reads the configuration again.
  @FunctionalInterface
  public interface Reload {
    /// Puts the whole of it in force, or nothing.
    ///
    /// @return paths of the settings that changed
    /// @throws Refused if it is wrong, or changes what needs a restart
    List<String> reload() throws Refused;
  }

  /// A configuration that isn't put in force.
  public static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    private final transient List<String> reasons;

    /// @param reasons each with its place
    public Refused(List<String> reasons) {
      super(String.join("; ", reasons), null, false, false);
      this.reasons = List.copyOf(reasons);
    }

    /// One for each thing that stands against it.
    public List<String> reasons() {
      return reasons;
    }
  }
}
