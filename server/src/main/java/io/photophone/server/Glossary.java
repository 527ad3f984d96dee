package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.node.ObjectNode;

/// What the fields of the API's JSON mean. A field means the same wherever it stands, unless an
/// entry has its owner before its name, as in `ChannelStats.kind`.
final class Glossary {
  private static final String FILE = "fields.properties";

  private final Properties meanings = new Properties();
  private final Set<String> unused = new TreeSet<>();
  private final Set<String> missing = new TreeSet<>();

  /// Reads the file that comes with the program.
  Glossary() {
    try (InputStream file = Glossary.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException(FILE + " is not beside the program");
      }
      Reader text = new InputStreamReader(file, UTF_8);
      meanings.load(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    unused.addAll(meanings.stringPropertyNames());
  }

  /// Describes a field's schema, unless nobody has said what the field means.
  void describe(ObjectNode schema, String owner, String field) {
    String own = owner + "." + field;
    String key = meanings.containsKey(own) ? own : field;
    String meaning = meanings.getProperty(key);
    if (meaning == null) {
      missing.add(own);
      return;
    }
    unused.remove(key);
    schema.put("description", meaning);
  }

  /// Fields without a meaning.
  Set<String> missing() {
    return Set.copyOf(missing);
  }

  /// Entries that nobody has asked for.
  Set<String> unused() {
    return Set.copyOf(unused);
  }
}
