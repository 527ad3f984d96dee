package io.photophone.server;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Fields;

/// The parameters of a request, checked: a wrong or unknown one is refused by name, value and what
/// is allowed.
final class Query {
  private final Fields parameters;

  /// Reads a request's parameters, which have these names and no others.
  Query(Request request, Set<String> names) {
    try {
      parameters = Request.extractQueryParameters(request);
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "the query is not UTF-8 in percent encoding");
    }
    for (String name : parameters.getNames()) {
      if (!names.contains(name)) {
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

  double number(String name, double fallback, double lowest, double highest) {
    String text = parameters.getValue(name);
    if (text == null) {
      return fallback;
    }
    double value;
    try {
      value = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      value = Double.NaN;
    }
    if (!(value >= lowest && value <= highest)) {
      throw refused(name, text, "a number in [%s, %s]".formatted(lowest, highest));
    }
    return value;
  }

  int whole(String name, int fallback, int lowest, int highest) {
    String text = parameters.getValue(name);
    if (text == null) {
      return fallback;
    }
    if (text.matches("\\d{1,9}")) {
      int value = Integer.parseInt(text);
      if (value >= lowest && value <= highest) {
        return value;
      }
    }
    throw refused(name, text, "a whole number in [%d, %d]".formatted(lowest, highest));
  }

  boolean flag(String name) {
    String text = parameters.getValue(name);
    if (text == null || text.equals("false")) {
      return false;
    }
    if (text.equals("true")) {
      return true;
    }
    throw refused(name, text, "true, false");
  }

  /// One of the words allowed.
  String word(String name, String fallback, Collection<String> allowed) {
    String text = parameters.getValue(name);
    if (text == null) {
      return fallback;
    }
    if (!allowed.contains(text)) {
      throw refused(name, text, String.join(", ", allowed));
    }
    return text;
  }

  /// A list of words separated by commas, each one of those allowed.
  List<String> words(String name, List<String> allowed, List<String> fallback) {
    String text = parameters.getValue(name);
    if (text == null) {
      return fallback;
    }
    List<String> words = Arrays.stream(text.split(",", -1)).distinct().toList();
    if (!allowed.containsAll(words)) {
      throw refused(name, text, "a list of " + String.join(", ", allowed));
    }
    return words;
  }

  private static Problem.Refusal refused(String name, String text, String allowed) {
    return new Problem.Refusal(
        HttpStatus.BAD_REQUEST_400,
        "%s is %s, allowed: %s".formatted(name, text.isEmpty() ? "empty" : text, allowed));
  }
}
