package io.photophone.server;

import io.photophone.server.security.Access;
import io.photophone.server.security.Role;
import java.util.List;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;

/// `/api/config`: the configuration in force, and another one read from its file.
final class ConfigResource {
  private static final String TAG = "Configuration";

  static final Operation CONFIG =
      Operation.get("/api/config", TAG, "The configuration in force, without secrets")
          .open(new Access.AtLeast(Role.ADMIN))
          .json("all settings", JsonNode.class);
  static final Operation RELOAD =
      Operation.post("/api/config/reload", TAG, "Read the configuration again")
          .open(new Access.AtLeast(Role.ADMIN))
          .json("the paths of what changed", Reloaded.class)
          .refusing(
              HttpStatus.CONFLICT_409,
              "it is wrong, or changes what needs a restart; what was in force stays");

  private final LiveSystem system;

  ConfigResource(LiveSystem system) {
    this.system = system;
  }

  /// @param changed paths of settings
  record Reloaded(List<String> changed) {}

  JsonNode config() {
    return system.config().get();
  }

  void reload(Request request, Response response, Callback callback) {
    try {
      Routes.writeJson(response, callback, new Reloaded(system.reload().reload()));
    } catch (LiveSystem.Refused e) {
      throw new Problem.Refusal(
          HttpStatus.CONFLICT_409,
          "the configuration is not put in force: " + String.join("; ", e.reasons()));
    }
  }
}
