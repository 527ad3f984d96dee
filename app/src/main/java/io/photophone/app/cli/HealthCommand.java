package io.photophone.app.cli;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `photophone health`: asks a running server how it is, for containers and scripts.
@Command(
    name = "health",
    description = {
      "Asks a running server whether audio comes and is measured.",
      "Exits with 0 if it does, perhaps with a warning, and with 1 if not."
    },
    mixinStandardHelpOptions = true)
final class HealthCommand implements Callable<Integer> {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final int OK = 200;
  private static final int UNAVAILABLE = 503;

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080/",
      description = "Where the server is (${DEFAULT-VALUE}).")
  private URI address = URI.create("http://127.0.0.1:8080/");

  @Mixin private ServerTrust trust;

  @Override
  public Integer call() throws IOException, InterruptedException {
    HttpResponse<String> response = ask();
    if (response.statusCode() != OK && response.statusCode() != UNAVAILABLE) {
      throw new IOException("%s answers with %d".formatted(address, response.statusCode()));
    }
    JsonNode health = JsonMapper.shared().readTree(response.body());
    spec.commandLine().getOut().println(health.path("status").asString());
    health
        .path("reasons")
        .forEach(reason -> spec.commandLine().getOut().println(reason.asString()));
    spec.commandLine().getOut().flush();
    return response.statusCode() == OK ? 0 : PhotophoneCommand.FAILED;
  }

  private HttpResponse<String> ask() throws IOException, InterruptedException {
    HttpClient.Builder client = trust.client().connectTimeout(LIMIT);
    try (HttpClient http = client.build()) {
      return http.send(
          HttpRequest.newBuilder(address.resolve("/health/ready")).timeout(LIMIT).build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new IOException("%s doesn't answer: %s".formatted(address, e), e);
    }
  }
}
