package io.photophone.app.config;

import io.photophone.app.config.ConfigError.Origin;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// A YAML file on its way to a tree. Aliases stay aliases, so a small file is a small tree.
final class YamlFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final int MAX_DEPTH = 16;
  private static final YAMLFactory YAML = new YAMLFactory();

  private final String name;
  private final JsonParser parser;
  private final Problems problems;

  private YamlFile(String name, JsonParser parser, Problems problems) {
    this.name = name;
    this.parser = parser;
    this.problems = problems;
  }

  /// Reads one document; an empty one says nothing.
  ///
  /// @param problems told of duplicate keys
  /// @throws ConfigException if there is no tree to be had from the file
  static Node read(Path path, Problems problems) throws ConfigException {
    return parse(path.toString(), text(path), problems);
  }

  /// The same of a text.
  ///
  /// @param name what the places of errors call it
  static Node parse(String name, String text, Problems problems) throws ConfigException {
    try (JsonParser parser = YAML.createParser(ObjectReadContext.empty(), new WholePairs(text))) {
      return new YamlFile(name, parser, problems).document();
    } catch (JacksonException e) {
      throw syntaxError(name, text, e);
    }
  }

  /// A text that is never handed out up to the middle of a surrogate pair: snakeyaml-engine 3.0.1
  /// then reads the other half beyond the end of its buffer.
  private static final class WholePairs extends StringReader {
    private final String text;
    private int next;

    WholePairs(String text) {
      super(text);
      this.text = text;
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
      int end = Math.min(text.length(), next + length);
      boolean splits =
          length > 1 && end < text.length() && Character.isHighSurrogate(text.charAt(end - 1));
      int count = super.read(buffer, offset, splits ? end - 1 - next : length);
      next += Math.max(0, count);
      return count;
    }
  }

  private static String text(Path path) throws ConfigException {
    Origin file = new Origin.InFile(path.toString(), 0, 0);
    try (InputStream in = Files.newInputStream(path)) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw error(file, "is too large, allowed: %d bytes".formatted(MAX_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (NoSuchFileException _) {
      throw error(file, "doesn't exist");
    } catch (CharacterCodingException _) {
      throw error(file, "isn't text in UTF-8");
    } catch (IOException e) {
      throw error(file, "can't be read: " + e.getMessage());
    }
  }

  private Node document() throws ConfigException {
    JsonToken first = parser.nextToken();
    Node root =
        first == null || first == JsonToken.VALUE_NULL
            ? new Node.Block(new Origin.InFile(name, 1, 1), Map.of())
            : node(first, "", 0);
    if (parser.nextToken() != null) {
      throw error(here(), "a second document begins, allowed: one");
    }
    return root;
  }

  private Node node(JsonToken token, String path, int depth) throws ConfigException {
    if (depth >= MAX_DEPTH) {
      throw error(here(), "is nested too deeply, allowed: %d levels".formatted(MAX_DEPTH));
    }
    return switch (token) {
      case START_OBJECT -> block(path, depth);
      case START_ARRAY -> items(path, depth);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> leaf(Node.Form.NUMBER);
      case VALUE_TRUE, VALUE_FALSE -> leaf(Node.Form.TRUTH);
      case VALUE_NULL -> leaf(Node.Form.NOTHING);
      case VALUE_STRING ->
          leaf(((YAMLParser) parser).isCurrentAlias() ? Node.Form.ALIAS : Node.Form.TEXT);
      case VALUE_EMBEDDED_OBJECT -> leaf(Node.Form.BINARY);
      case PROPERTY_NAME, END_OBJECT, END_ARRAY, NOT_AVAILABLE ->
          throw new IllegalStateException("not the start of a value: " + token);
    };
  }

  private Node block(String path, int depth) throws ConfigException {
    Origin start = here();
    Map<String, Node.Block.Member> members = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      Origin key = here();
      String member = parser.currentName();
      String memberPath = Node.join(path, member);
      Node value = node(parser.nextToken(), memberPath, depth + 1);
      Node.Block.Member first = members.putIfAbsent(member, new Node.Block.Member(key, value));
      if (first != null) {
        problems.add(key, memberPath, "is set twice, the first time at " + first.name());
      }
    }
    return new Node.Block(start, members);
  }

  private Node items(String path, int depth) throws ConfigException {
    Origin start = here();
    List<Node> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(node(token, Node.join(path, items.size()), depth + 1));
    }
    return new Node.Items(start, items);
  }

  private Node leaf(Node.Form form) {
    return new Node.Leaf(here(), parser.getString(), form);
  }

  private Origin here() {
    return at(name, parser.currentTokenLocation());
  }

  private static Origin at(String name, TokenStreamLocation place) {
    return new Origin.InFile(name, place.getLineNr(), place.getColumnNr());
  }

  private static ConfigException error(Origin origin, String complaint) {
    return new ConfigException(List.of(new ConfigError(origin, "", complaint)));
  }

  private static ConfigException syntaxError(String name, String text, JacksonException e) {
    return switch (e.getCause()) {
      case MarkedYamlEngineException marked when marked.getProblemMark().isPresent() -> {
        Mark mark = marked.getProblemMark().get();
        yield notYaml(
            new Origin.InFile(name, mark.getLine() + 1, mark.getColumn() + 1), marked.getProblem());
      }
      case ReaderException unprintable ->
          notYaml(
              at(name, text, unprintable.getPosition()),
              "the character U+%04X".formatted(unprintable.getCodePoint()));
      case null, default ->
          notYaml(
              e.getLocation() == null || e.getLocation().getLineNr() < 1
                  ? new Origin.InFile(name, 0, 0)
                  : at(name, e.getLocation()),
              Node.shown(e.getOriginalMessage()));
    };
  }

  private static Origin at(String name, String text, int codePoints) {
    String before = text.substring(0, text.offsetByCodePoints(0, codePoints));
    int line = 1 + (int) before.chars().filter(c -> c == '\n').count();
    return new Origin.InFile(name, line, before.length() - before.lastIndexOf('\n'));
  }

  private static ConfigException notYaml(Origin origin, String problem) {
    return error(origin, "isn't YAML, look at indentation, quotes and brackets: " + problem);
  }
}
