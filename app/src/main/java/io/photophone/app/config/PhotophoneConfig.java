package io.photophone.app.config;

import io.photophone.acquisition.daemon.RecoveryConfig;
import io.photophone.server.StreamLimits;
import io.photophone.server.connection.WebConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/// Everything that can be configured, valid by construction. It is made once at the start and
/// handed down.
///
/// Contract: A36, B21, B22.
///
/// @param streams what clients of event streams may take
/// @param data folder of the recordings, relative to the working directory
/// @param recovery what is done about a source that fails or hangs
/// @param events what a server notes of itself
/// @param instrument whose settings stand in the file itself
/// @param further instruments beside it
public record PhotophoneConfig(
    WebConfig server,
    SecurityConfig security,
    StreamLimits streams,
    Path data,
    RecoveryConfig recovery,
    LoggingConfig logging,
    EventsConfig events,
    InstrumentConfig instrument,
    List<InstrumentConfig> further,
    ProtocolsConfig protocols) {

  /// Settings whose value nobody is shown.
  private static final Pattern SECRET = Pattern.compile("password|secret|token|private_key");

  public static final PhotophoneConfig DEFAULT =
      new PhotophoneConfig(
          WebConfig.DEFAULT,
          SecurityConfig.DEFAULT,
          StreamLimits.DEFAULT,
          Path.of("./data"),
          RecoveryConfig.DEFAULT,
          LoggingConfig.DEFAULT,
          EventsConfig.DEFAULT,
          InstrumentConfig.DEFAULT,
          List.of(),
          ProtocolsConfig.NONE);

  public PhotophoneConfig {
    further = List.copyOf(further);
    Set<String> names = new HashSet<>(Set.of(instrument.name()));
    for (InstrumentConfig other : further) {
      if (!names.add(other.name())) {
        throw new IllegalArgumentException(
            "further_instruments is a list with two instruments named %s, allowed: one"
                .formatted(other.name()));
      }
    }
    if (Stream.concat(Stream.of(instrument), further.stream())
            .filter(any -> any.source() instanceof SourceConfig.Raw raw && raw.standardInput())
            .count()
        > 1) {
      throw new IllegalArgumentException(
          "further_instruments is a list with a second reader of standard input, allowed: one");
    }
  }

  /// All instruments, the file's own first.
  public List<InstrumentConfig> instruments() {
    return Stream.concat(Stream.of(instrument), further.stream()).toList();
  }

  /// Puts flags over environment variables over the file over the defaults.
  ///
  /// @param file YAML, null for none
  /// @param environment all variables of the process; those that start with `PHOTOPHONE_` count
  /// @throws ConfigException with all errors, unless one makes the file unreadable as a whole
  public static PhotophoneConfig read(
      @Nullable Path file, Map<String, String> environment, List<Flag> flags)
      throws ConfigException {
    Problems problems = new Problems();
    Node root = file == null ? Node.Block.DEFAULTS : YamlFile.read(file, problems);
    if (root instanceof Node.Block block) {
      root = Overrides.flags(Overrides.environment(block, environment, problems), flags, problems);
    }
    PhotophoneConfig config = Settings.ALL.read(root, "", problems);
    if (config == null || !problems.isEmpty()) {
      throw new ConfigException(problems.sorted());
    }
    return config;
  }

  /// The settings as JSON, without those that are secrets by their names.
  public JsonNode shown() {
    JsonNode all = Settings.ALL.write(this);
    hideSecrets(all);
    return all;
  }

  private static void hideSecrets(JsonNode node) {
    if (node instanceof ObjectNode block) {
      for (String name : List.copyOf(block.propertyNames())) {
        if (SECRET.matcher(name).find()) {
          block.put(name, "hidden");
        }
      }
    }
    node.forEach(PhotophoneConfig::hideSecrets);
  }

  /// This configuration as a file that names every setting and reads back as the same.
  public String yaml() {
    return YAMLMapper.builder()
        .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
        .build()
        .writeValueAsString(Settings.ALL.write(this));
  }
}
