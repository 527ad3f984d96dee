package io.photophone.server;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/// The parameters of a request, checked: a wrong or unknown one is refused by name, value and what
/// is allowed.
final class Query {
  /// As in JSON, and with a plus; Java takes hexadecimal digits and suffixes, too. Gives no digit
  /// back, or the time would grow with the square of their number.
  private static final Pattern NUMBER =
      Pattern.compile("[-+]?(\\d++\\.?\\d*+|\\.\\d++)([eE][-+]?\\d++)?");

  private final Fields parameters;
  private final Map<String, String> segments;

  /// Reads a request's parameters, which are these and no others.
  ///
  /// @param segments values of the path's parts in braces
  Query(Request request, Collection<Parameter.OfQuery> known, Map<String, String> segments) {
    this.segments = segments;
    Set<String> names = known.stream().map(Parameter::name).collect(Collectors.toSet());
    try {
      parameters = Request.extractQueryParameters(request);
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "the query is not UTF-8 in percent encoding");
    }
    for (String name : parameters.getNames()) {
      if (!names.contains(name) && !name.equals(Guard.TICKET)) {
        throw new Problem.Refusal(
            HttpStatus.BAD_REQUEST_400,
            "unknown parameter %s, allowed: %s"
                .formatted(
                    name,
                    names.isEmpty()
                        ? "none"
                        : String.join(", ", names.stream().sorted().toList())));
      }
      int count = parameters.getValues(name).size();
      if (count > 1) {
        throw new Problem.Refusal(
            HttpStatus.BAD_REQUEST_400,
            "%s is given %d times, allowed: once".formatted(name, count));
      }
    }
  }

  double number(Parameter.Real parameter) {
    return number(parameter, parameter.highest());
  }

  /// The same where less is allowed at present.
  double number(Parameter.Real parameter, double highest) {
    String text = parameters.getValue(parameter.name());
    if (text == null) {
      return parameter.fallback();
    }
    double value = NUMBER.matcher(text).matches() ? Double.parseDouble(text) : Double.NaN;
    if (!(value >= parameter.lowest() && value <= highest)) {
      throw refused(parameter, text, "a number in [%s, %s]".formatted(parameter.lowest(), highest));
    }
    return value;
  }

  /// The value, where at most this is allowed at present.
  int whole(Parameter.Whole parameter, int highest) {
    String text = parameters.getValue(parameter.name());
    if (text == null) {
      return Math.min(highest, parameter.fallback());
    }
    if (text.matches("\\d{1,9}")) {
      int value = Integer.parseInt(text);
      if (value >= parameter.lowest() && value <= highest) {
        return value;
      }
    }
    throw refused(
        parameter, text, "a whole number in [%d, %d]".formatted(parameter.lowest(), highest));
  }

  /// The value, if it is given.
  OptionalLong index(Parameter.Index parameter) {
    String text = parameters.getValue(parameter.name());
    if (text == null) {
      return OptionalLong.empty();
    }
    if (!text.matches("\\d{1,18}")) {
      throw refused(parameter, text, "a whole number from 0 on");
    }
    return OptionalLong.of(Long.parseLong(text));
  }

  /// The value; null if it isn't given.
  @Nullable Instant time(Parameter.Time parameter) {
    String text = parameters.getValue(parameter.name());
    if (text == null) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw refused(parameter, text, "a time as in 2026-03-01T03:12:00Z");
    }
  }

  boolean flag(Parameter.Flag parameter) {
    String text = parameters.getValue(parameter.name());
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw refused(parameter, text, "true, false");
  }

  /// One of the words allowed.
  String word(Parameter.Word parameter, String fallback, Collection<String> allowed) {
    String text = parameters.getValue(parameter.name());
    if (text == null) {
      return fallback;
    }
    if (!allowed.contains(text)) {
      throw refused(parameter, text, String.join(", ", allowed));
    }
    return text;
  }

  /// The words, each once.
  List<String> words(Parameter.Words parameter) {
    return words(parameter, parameter.allowed());
  }

  /// The same with others than all of them where it is left out.
  List<String> words(Parameter.Words parameter, List<String> fallback) {
    String text = parameters.getValue(parameter.name());
    if (text == null) {
      return fallback;
    }
    List<String> words = Arrays.stream(text.split(",", -1)).distinct().toList();
    if (!parameter.allowed().containsAll(words)) {
      throw refused(parameter, text, "a list of " + String.join(", ", parameter.allowed()));
    }
    return words;
  }

  /// A part of the path.
  String segment(Parameter.Segment parameter) {
    String value = segments.get(parameter.name());
    if (value == null) {
      throw new IllegalArgumentException("the path has no part " + parameter.name());
    }
    return value;
  }

  private static Problem.Refusal refused(Parameter parameter, String text, String allowed) {
    return new Problem.Refusal(
        HttpStatus.BAD_REQUEST_400,
        "%s is %s, allowed: %s"
            .formatted(parameter.name(), text.isEmpty() ? "empty" : text, allowed));
  }
}
