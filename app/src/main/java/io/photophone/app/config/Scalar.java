package io.photophone.app.config;

import io.photophone.acquisition.stream.StreamBuffer;
import io.photophone.app.config.Node.Form;
import io.photophone.model.Range;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A single value.
///
/// @param form how YAML must write it
/// @param parse gives null for a text that isn't allowed
/// @param keywords of its JSON Schema
record Scalar<T>(
    Form form,
    String allowed,
    ObjectNode keywords,
    Function<String, @Nullable T> parse,
    Function<T, JsonNode> write)
    implements Kind<T> {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]*)?([eE][-+]?[0-9]+)?");
  private static final Pattern WHOLE = Pattern.compile("-?(0|[1-9][0-9]{0,18})");
  private static final Pattern LINE =
      Pattern.compile("[^\\x00-\\x1f]*[^\\x00-\\x20][^\\x00-\\x1f]*");

  static Scalar<Double> decimal(Range range) {
    return new Scalar<>(
        Form.NUMBER,
        range.toString(),
        numbers("number", range),
        text -> {
          double value = DECIMAL.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
          return range.allows(value) ? value : null;
        },
        Scalar::number);
  }

  static Scalar<Duration> seconds(Range range) {
    return decimal(range)
        .map(s -> Duration.ofNanos(Math.round(s * 1e9)), length -> length.toNanos() / 1e9);
  }

  /// A length in another unit.
  static Scalar<Duration> lengths(Range range, Duration unit) {
    double seconds = unit.toSeconds();
    return decimal(range)
        .map(
            units -> Duration.ofSeconds(Math.round(units * seconds)),
            length -> length.toSeconds() / seconds);
  }

  static Scalar<Integer> whole(Range range) {
    return new Scalar<>(
        Form.NUMBER,
        "a whole number in " + range,
        numbers("integer", range),
        text ->
            WHOLE.matcher(text).matches() && range.allows(Double.parseDouble(text))
                ? Integer.valueOf(text)
                : null,
        JSON::numberNode);
  }

  static Scalar<Long> anyWhole() {
    return new Scalar<>(
        Form.NUMBER,
        "a whole number of at most 64 bits",
        JSON.objectNode()
            .put("type", "integer")
            .put("minimum", Long.MIN_VALUE)
            .put("maximum", Long.MAX_VALUE),
        text ->
            WHOLE.matcher(text).matches() && new BigInteger(text).bitLength() < Long.SIZE
                ? Long.valueOf(text)
                : null,
        JSON::numberNode);
  }

  static Scalar<Integer> powerOfTwo(Range range) {
    return choice(
        Form.NUMBER,
        "a power of two in " + range,
        IntStream.iterate(1, power -> power <= range.highest(), power -> 2 * power)
            .filter(range::allows)
            .boxed()
            .toList(),
        JSON::numberNode);
  }

  static Scalar<Boolean> trueOrFalse() {
    return choice(Form.TRUTH, "true or false", List.of(true, false), JSON::booleanNode);
  }

  static <T> Scalar<T> named(List<T> values, Function<T, String> name) {
    return choice(
        Form.TEXT,
        String.join(", ", values.stream().map(name).toList()),
        values,
        value -> JSON.stringNode(name.apply(value)));
  }

  /// One line that isn't blank.
  static Scalar<String> line() {
    return text(LINE, "one line of text");
  }

  static Scalar<String> anyText() {
    return text(Pattern.compile("[^\\x00-\\x1f]*"), "a line of text, may be empty");
  }

  /// A text all of which matches.
  static Scalar<String> text(Pattern pattern, String allowed) {
    return new Scalar<>(
        Form.TEXT,
        allowed,
        JSON.objectNode().put("type", "string").put("pattern", "^(?:" + pattern + ")$"),
        text -> pattern.matcher(text).matches() ? text : null,
        JSON::stringNode);
  }

  static Scalar<Path> path() {
    return text(LINE, "a path")
        .map(
            text -> {
              try {
                return Path.of(text);
              } catch (InvalidPathException _) {
                return null;
              }
            },
            Path::toString);
  }

  static Scalar<StreamBuffer> buffer() {
    return text(StreamBuffer.PATTERN, StreamBuffer.IN_WORDS)
        .map(
            text -> {
              try {
                return StreamBuffer.parse(text);
              } catch (IllegalArgumentException _) {
                return null;
              }
            },
            StreamBuffer::text);
  }

  static Scalar<Instant> instant() {
    return text(LINE, "a time such as 2030-01-31T00:00:00Z")
        .map(
            text -> {
              try {
                return Instant.parse(text);
              } catch (DateTimeParseException _) {
                return null;
              }
            },
            Instant::toString);
  }

  /// A text that a record's own parser takes.
  ///
  /// @param pattern as far as a schema can tell what is allowed
  /// @param parse throws IllegalArgumentException for a text that isn't allowed
  static <T> Scalar<T> parsed(
      Pattern pattern, String allowed, Function<String, T> parse, Function<T, String> write) {
    return text(pattern, allowed)
        .map(
            text -> {
              try {
                return parse.apply(text);
              } catch (IllegalArgumentException _) {
                return null;
              }
            },
            write);
  }

  private static <T> Scalar<T> choice(
      Form form, String allowed, List<T> values, Function<T, JsonNode> write) {
    Map<String, T> byText = new LinkedHashMap<>();
    ObjectNode keywords = JSON.objectNode();
    ArrayNode texts = keywords.putArray("enum");
    for (T value : values) {
      JsonNode written = write.apply(value);
      byText.put(written.asString(), value);
      texts.add(written);
    }
    return new Scalar<>(form, allowed, keywords, byText::get, write);
  }

  private static ObjectNode numbers(String type, Range range) {
    return JSON.objectNode()
        .put("type", type)
        .set(range.lowestExcluded() ? "exclusiveMinimum" : "minimum", number(range.lowest()))
        .set(range.highestExcluded() ? "exclusiveMaximum" : "maximum", number(range.highest()));
  }

  /// As people write it: `2000`, `0.0005`.
  private static JsonNode number(double value) {
    return value == (long) value
        ? JSON.numberNode((long) value)
        : JSON.numberNode(BigDecimal.valueOf(value).stripTrailingZeros());
  }

  private <R> Scalar<R> map(Function<T, @Nullable R> to, Function<R, T> from) {
    return new Scalar<>(
        form,
        allowed,
        keywords,
        text -> {
          T value = parse.apply(text);
          return value == null ? null : to.apply(value);
        },
        value -> write.apply(from.apply(value)));
  }

  @Override
  public @Nullable T read(Node node, String path, Problems problems) {
    if (!(node instanceof Node.Leaf leaf)) {
      problems.refuse(node, path, allowed);
      return null;
    }
    if (leaf.form() != form && leaf.form() != Form.ANY) {
      problems.add(
          leaf.origin(), path, "is %s, allowed: %s".formatted(leaf.shownWithForm(), allowed));
      return null;
    }
    T value = parse.apply(leaf.text());
    if (value == null) {
      problems.refuse(leaf, path, allowed);
    }
    return value;
  }

  @Override
  public JsonNode write(T value) {
    return write.apply(value);
  }

  @Override
  public ObjectNode schema() {
    return keywords.deepCopy();
  }

  @Override
  public Stream<String> singleValues(String path) {
    return Stream.of(path);
  }
}
