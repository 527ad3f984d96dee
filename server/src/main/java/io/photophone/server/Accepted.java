package io.photophone.server;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.QuotedQualityCSV;
import org.eclipse.jetty.server.Request;

/// Whether a client takes what an operation answers with.
final class Accepted {
  private Accepted() {}

  /// Refuses a request whose `Accept` has none of the media types that the operation answers with.
  /// Without the header, or with an empty one, any is right.
  ///
  /// @throws Problem.Refusal with those that are served
  static void check(Request request, Operation operation) {
    List<String> headers = request.getHeaders().getValuesList(HttpHeader.ACCEPT);
    if (headers.stream().allMatch(String::isBlank)) {
      return;
    }
    Set<String> served = served(operation);
    boolean any =
        served.isEmpty()
            || wanted(headers).stream()
                .anyMatch(range -> served.stream().anyMatch(type -> covers(range, type)));
    if (!any) {
      throw new Problem.Refusal(
          HttpStatus.NOT_ACCEPTABLE_406,
          "Accept is %s, served: %s"
              .formatted(String.join(", ", headers), String.join(", ", served)));
    }
  }

  /// Nothing where the header can't be read, as with an open quote.
  private static List<String> wanted(List<String> headers) {
    QuotedQualityCSV wanted = new QuotedQualityCSV();
    try {
      headers.forEach(wanted::addValue);
    } catch (IllegalArgumentException _) {
      return List.of();
    }
    return wanted.getValues();
  }

  private static Set<String> served(Operation operation) {
    Set<String> served = new TreeSet<>();
    for (Outcome outcome : operation.outcomes()) {
      switch (outcome) {
        case Outcome.Json _ -> served.add("application/json");
        case Outcome.Content content -> served.add(content.mediaType());
        case Outcome.Events _ -> served.add(EventStreams.MEDIA_TYPE);
        case Outcome.Nothing _, Outcome.Refused _ -> {}
      }
    }
    return served;
  }

  /// Whether a range such as `text/*`, its parameters left out, has a type in it.
  private static boolean covers(String range, String type) {
    int semicolon = range.indexOf(';');
    String plain =
        (semicolon < 0 ? range : range.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
    return plain.equals("*/*")
        || plain.equals(type)
        || (plain.endsWith("/*") && type.startsWith(plain.substring(0, plain.length() - 1)));
  }
}
