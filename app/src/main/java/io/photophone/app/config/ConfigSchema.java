package io.photophone.app.config;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of the configuration file, with which editors complete and check it.
///
/// It allows every valid file. Of the rules between two settings it knows only those of the source
/// type, and it doesn't see duplicate keys.
public final class ConfigSchema {
  private ConfigSchema() {}

  /// The schema as text, draft 2020-12.
  public static String json() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Photophone configuration");
    schema.setAll(Settings.ALL.schema());
    return JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
  }
}
