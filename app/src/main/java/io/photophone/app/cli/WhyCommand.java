package io.photophone.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.photophone.server.LiveWhy;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `photophone why`: asks a running server why a reading was late.
@Command(
    name = "why",
    description = {
      "Tells why a reading, or what happened about a time, was late: the likeliest cause in a"
          + " sentence, and what the threads that made it did meanwhile.",
      "Without a time it is about the newest disturbance: a late frame, a lag or a gap."
    },
    mixinStandardHelpOptions = true)
final class WhyCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final int ATTEMPTS = 6;
  private static final int OK = 200;
  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "TIME",
      description = "As in 03:12, 03:12:05.25 or 2026-03-01T03:12:05Z; local without a zone.")
  private @Nullable String time;

  @Option(
      names = "--reading",
      paramLabel = "SAMPLE",
      description = "In place of a time: the reading whose from_sample this is.")
  private @Nullable Long reading;

  @Option(names = "--list", description = "List the disturbances that can be explained.")
  private boolean list;

  @Option(names = "--json", description = "The answer as the server gives it.")
  private boolean json;

  @Option(
      names = "--instrument",
      paramLabel = "NAME",
      description = "Which instrument, where there are several (the first).")
  private @Nullable String instrument;

  @Option(
      names = "--server",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080/",
      description = "Where the server is (${DEFAULT-VALUE}).")
  private URI server = URI.create("http://127.0.0.1:8080/");

  @Mixin private ServerToken token;
  @Mixin private ServerTrust trust;

  @Override
  public Integer call() throws IOException, InterruptedException {
    if (time != null && reading != null) {
      throw new ParameterException(
          spec.commandLine(), "TIME and --reading are given, allowed: one of them");
    }
    if (list && (time != null || reading != null)) {
      throw new ParameterException(spec.commandLine(), "--list goes without TIME and --reading");
    }
    JsonNode answer = askUntilTold(list ? "disturbances" : "why" + query());
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(answer.toPrettyString());
    } else if (list) {
      printList(answer.path("disturbances"), out);
    } else {
      printAnswer(answer, out);
    }
    out.flush();
    return 0;
  }

  private String query() {
    if (time != null) {
      Instant asked = AskedTime.parse(time, ZonedDateTime.now(ZoneId.systemDefault()));
      return "?time=" + URLEncoder.encode(asked.toString(), UTF_8);
    }
    return reading == null ? "" : "?from_sample=" + reading;
  }

  /// What has just happened is told in some seconds.
  private JsonNode askUntilTold(String path) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return ask(path);
      } catch (IOException e) {
        boolean later = String.valueOf(e.getMessage()).endsWith(LiveWhy.LATER);
        if (!later || attempt == ATTEMPTS) {
          throw e;
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  private JsonNode ask(String path) throws IOException, InterruptedException {
    String of =
        instrument == null
            ? ""
            : "instruments/" + URLEncoder.encode(instrument, UTF_8).replace("+", "%20") + "/";
    URI address = server.resolve("/api/" + of + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(LIMIT);
    String shown = token.text();
    if (shown != null) {
      request.header("Authorization", "Bearer " + shown);
    }
    HttpResponse<String> response;
    try (HttpClient http = trust.client().connectTimeout(LIMIT).build()) {
      response = http.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException("%s doesn't answer: %s".formatted(server, e), e);
    }
    return switch (response.statusCode()) {
      case OK -> JsonMapper.shared().readTree(response.body());
      case UNAUTHORIZED ->
          throw new IOException(
              "%s wants a token: photophone token --role viewer makes one, to be given in"
                      .formatted(server)
                  + " PHOTOPHONE_TOKEN or --token-file");
      case NOT_FOUND ->
          throw new IOException(
              JsonMapper.shared().readTree(response.body()).path("detail").asString());
      default ->
          throw new IOException("%s answers with %d".formatted(address, response.statusCode()));
    };
  }

  private static void printList(JsonNode disturbances, PrintWriter out) {
    if (disturbances.isEmpty()) {
      out.println("Nothing was late, and nothing is missing.");
    }
    for (JsonNode each : disturbances) {
      String step = each.path("step").asString();
      long amount = each.path("amount").asLong();
      String much =
          switch (step) {
            case "late" -> "by %.1f ms".formatted(amount / 1e6);
            case "gap" -> "of %d samples".formatted(amount);
            default -> "of %d frames".formatted(amount);
          };
      out.printf(
          "%s  frame %d  %s %s%n",
          local(each.path("time").asString()), each.path("frame").asLong(), step, much);
    }
  }

  private static void printAnswer(JsonNode answer, PrintWriter out) {
    out.printf(
        "%s to %s%n%n",
        local(answer.path("from").asString()), local(answer.path("until").asString()));
    out.print(answer.path("text").asString());
    JsonNode notes = answer.path("notes");
    if (!notes.isEmpty()) {
      out.println();
      notes.forEach(note -> out.println("Not noted: " + note.asString()));
    }
  }

  private static String local(String instant) {
    return LOCAL.format(Instant.parse(instant).atZone(ZoneId.systemDefault()));
  }
}
