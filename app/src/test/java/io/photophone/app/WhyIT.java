package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `photophone why` asks the server that runs.
@Timeout(120)
final class WhyIT {
  @TempDir private Path folder;

  @Test
  void it_explains_a_reading_and_lists_what_was_late() throws Exception {
    Path data = folder.resolve("data");
    try (Photophone server =
        Photophone.start(folder, "serve", "--port", "0", "--data", data.toString())) {
      String address = server.address().toString();
      JsonNode reading = firstReading(Tokens.signedIn(server.address(), data));
      Path token = Files.writeString(folder.resolve("token"), Tokens.operator(data));
      Photophone.Outcome told =
          ask(address, token, "--reading", reading.get("from_sample").asString());
      assertEquals(0, told.exitCode(), told.errors());
      assertTrue(told.output().contains("acquisition"), told.output());
      assertTrue(told.output().lines().allMatch(line -> line.length() <= 200), told.output());
      assertEquals(0, ask(address, token, "--list").exitCode());
      Photophone.Outcome early = ask(address, token, "2020-01-01T00:00:00Z");
      assertEquals(1, early.exitCode());
      assertTrue(early.errors().contains("the notes reach from"), early.errors());
    }
  }

  @Test
  void without_a_token_it_says_how_to_get_one_and_where_nobody_answers_so() throws Exception {
    Path data = folder.resolve("data");
    try (Photophone server =
        Photophone.start(folder, "serve", "--port", "0", "--data", data.toString())) {
      Photophone.Outcome refused =
          Photophone.run(folder, "why", "--server", server.address().toString());
      assertEquals(1, refused.exitCode());
      assertTrue(refused.errors().contains("photophone token --role viewer"), refused.errors());
    }
    Photophone.Outcome nobody = Photophone.run(folder, "why", "--server", "http://127.0.0.1:1/");
    assertEquals(1, nobody.exitCode());
    assertTrue(nobody.errors().contains("doesn't answer"), nobody.errors());
  }

  @Test
  void a_wrong_argument_is_refused_with_what_is_allowed() throws Exception {
    Photophone.Outcome wrong = Photophone.run(folder, "why", "quarter past three");
    assertTrue(wrong.exitCode() != 0);
    assertTrue(
        wrong.errors().contains("TIME is quarter past three, allowed: 03:12"), wrong.errors());
    Photophone.Outcome both = Photophone.run(folder, "why", "03:12", "--reading", "5");
    assertEquals(2, both.exitCode());
  }

  /// The stream of readings gives it as soon as there is one.
  private static JsonNode firstReading(URI server) throws Exception {
    try (Stream<String> lines = Http.lines(server.resolve("/api/readings/stream")).body()) {
      return lines
          .filter(line -> line.startsWith("data: ") && line.contains("from_sample"))
          .map(line -> JsonMapper.shared().readTree(line.substring(6)))
          .findFirst()
          .orElseThrow();
    }
  }

  private Photophone.Outcome ask(String address, Path token, String... arguments) throws Exception {
    String[] all = new String[arguments.length + 5];
    System.arraycopy(
        new String[] {"why", "--server", address, "--token-file", token.toString()}, 0, all, 0, 5);
    System.arraycopy(arguments, 0, all, 5, arguments.length);
    return Photophone.run(folder, all);
  }
}
