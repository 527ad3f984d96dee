package io.photophone.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.photophone.app.Photophone.Outcome;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tokens, links and the page that signs in, as their users have them.
@Tag("A29")
@Timeout(180)
final class SignInIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final String PASSWORD = "correct horse battery";

  @TempDir private Path folder;

  private String data() {
    return folder.resolve("data").toString();
  }

  private Photophone serve() throws Exception {
    return Photophone.start(folder, "serve", "--port", "0", "--data", data());
  }

  private String token(String... more) throws Exception {
    Outcome outcome =
        Photophone.run(
            folder,
            Stream.concat(Stream.of("token", "--data", data()), Stream.of(more))
                .toArray(String[]::new));
    assertEquals(0, outcome.exitCode(), outcome::errors);
    return outcome.output().strip();
  }

  private static URI with(String token, URI address) {
    return URI.create(address.toString().replace("://", "://" + token + "@"));
  }

  @Test
  void a_token_from_the_command_line_reads_until_it_is_revoked_and_ends_its_stream()
      throws Exception {
    try (Photophone photophone = serve()) {
      URI page = photophone.address();
      assertEquals(401, Http.get(page.resolve("/api/instrument")).statusCode());
      String token = token("--role", "viewer", "--expires", "1h", "--name", "plotter");
      assertTrue(token.matches("[\\w-]+\\.[\\w-]+\\.[\\w-]+"), token);
      URI reader = with(token, page);
      assertEquals(200, Http.get(reader.resolve("/api/instrument")).statusCode());
      HttpResponse<String> stop =
          Http.postJson(reader.resolve("/api/acquisition"), "{\"command\": \"stop\"}");
      assertEquals(403, stop.statusCode(), stop::body);

      String row =
          token("--list").lines().filter(line -> line.contains("plotter")).findFirst().get();
      HttpResponse<Stream<String>> stream = Http.lines(reader.resolve("/api/readings/stream"));
      assertEquals(200, stream.statusCode());
      assertEquals("", token("--revoke", row.split(" ", -1)[0]));

      try (Stream<String> lines = stream.body()) {
        assertTrue(lines.anyMatch(line -> line.contains("the token was revoked")));
      }
      assertEquals(401, Http.get(reader.resolve("/api/instrument")).statusCode());
    }
  }

  @Test
  void a_token_made_before_the_first_start_counts() throws Exception {
    String token = token("--role", "operator");
    try (Photophone photophone = serve()) {
      assertEquals(
          200, Http.get(with(token, photophone.address()).resolve("/api/instrument")).statusCode());
    }
  }

  @Test
  void the_link_of_the_first_start_is_printed_but_not_logged() throws Exception {
    try (Photophone photophone = serve()) {
      String secret = photophone.signInLink().getFragment();
      assertTrue(secret.length() > 40, secret);
      assertFalse(photophone.errors().contains(secret), photophone.errors());
    }
  }

  @Test
  void the_owner_gets_a_new_link_while_the_server_runs() throws Exception {
    try (Photophone photophone = serve()) {
      URI first = photophone.signInLink();
      Outcome printed = Photophone.run(folder, "sign-in", "--data", data());
      assertEquals(0, printed.exitCode(), printed::errors);
      URI second = URI.create(printed.output().strip());
      assertEquals(first.getPort(), second.getPort());

      assertEquals(401, signIn(first).statusCode());
      assertEquals(200, signIn(second).statusCode());
      assertEquals(401, signIn(second).statusCode());
    }
  }

  private static HttpResponse<String> signIn(URI link) throws Exception {
    return Http.postJson(
        link.resolve("/api/auth/sign-in"), "{\"link\": \"%s\"}".formatted(link.getFragment()));
  }

  @Test
  void wrong_arguments_are_told() throws Exception {
    assertEquals(2, Photophone.run(folder, "token", "--data", data()).exitCode());
    Outcome king = Photophone.run(folder, "token", "--data", data(), "--role", "king");
    assertEquals(1, king.exitCode());
    assertEquals("photophone: role is king, allowed: viewer, operator, admin\n", king.errors());
    Outcome life =
        Photophone.run(folder, "token", "--data", data(), "--role", "viewer", "--expires", "1y");
    assertEquals(
        "photophone: --expires is 1y, allowed: a whole number and s, m, h or d, as in 30d\n",
        life.errors());
    Outcome none = Photophone.run(folder, "token", "--data", data(), "--revoke", "x");
    assertEquals(1, none.exitCode());
    assertEquals("photophone: there is no token x\n", none.errors());
  }

  private static Path browser() {
    Optional<Path> browser = Browser.executable();
    if (System.getenv("CI") != null) {
      assertTrue(browser.isPresent(), "no Chromium, and this is CI");
    }
    assumeTrue(browser.isPresent(), "SKIPPED: no Chromium on this machine");
    return browser.get();
  }

  @ParameterizedTest
  @CsvSource({"360, 800", "1400, 900"})
  void the_page_signs_in_by_link_manages_access_and_signs_in_by_password(int width, int height)
      throws Exception {
    Path executable = browser();
    try (Photophone photophone = serve();
        Browser browser = Browser.start(executable, folder, width, height)) {
      URI link = photophone.signInLink();
      browser.open(link.resolve("/sign-in.html"), width, height);
      browser.await(
          "document.querySelector('#sign-in') !== null && document.readyState === 'complete'",
          PATIENCE);
      browser.open(link, width, height);
      browser.await(
          "document.querySelector('#session [data-part=name]')?.textContent === 'owner (admin)'",
          PATIENCE);
      assertEquals("", browser.evaluate("location.hash").asString());
      browser.evaluate("document.querySelector('#access details').open = true");
      submit(browser, "user", "{name: 'bob', role: 'viewer', password: '%s'}".formatted(PASSWORD));
      browser.await(row("users", "bob"), PATIENCE);
      submit(browser, "token", "{name: 'plotter', role: 'viewer', days: '1'}");
      browser.await(row("tokens", "plotter"), PATIENCE);
      String token =
          browser.evaluate("document.querySelector('#access [data-part=token]').value").asString();
      assertEquals(
          200, Http.get(with(token, link.resolve("/")).resolve("/api/instrument")).statusCode());
      browser.await(row("audit", "POST /api/auth/users bob, viewer"), PATIENCE);
      assertFits(browser);
      assertEquals(List.of(), browser.complaints());

      browser.evaluate("document.querySelector('#session [data-part=sign-out]').click()");
      browser.await("document.querySelector('#sign-in') !== null", PATIENCE);
      assertFits(browser);
      assertTrue(
          browser
              .evaluate(
                  "(form => form.scrollWidth <="
                      + " form.clientWidth)(document.querySelector('#sign-in'))")
              .asBoolean(),
          "the form is narrower than its fields");
      picture(browser, "sign-in-%d".formatted(width));
      password(browser, "wrong password");
      browser.await(
          "document.querySelector('#sign-in-problem').textContent === 'Name or password is wrong.'",
          PATIENCE);
      password(browser, PASSWORD);
      browser.await(
          "document.querySelector('#session [data-part=name]')?.textContent === 'bob (viewer)'",
          PATIENCE);
      browser.await("document.querySelector('#connection').dataset.value === 'live'", PATIENCE);
      assertTrue(
          browser
              .evaluate("document.querySelector('#simulation button').matches(':disabled')")
              .asBoolean(),
          "a viewer can't press what takes an operator");
      assertFits(browser);
      picture(browser, "viewer-%d".formatted(width));

      delete("bob", link.resolve("/"));
      browser.await("document.querySelector('#sign-in') !== null", PATIENCE);
    }
  }

  /// By the owner of the directory, with a token of an administrator.
  private void delete(String user, URI page) throws Exception {
    URI admin = with(token("--role", "admin"), page);
    JsonNode there =
        JsonMapper.shared().readTree(Http.get(admin.resolve("/api/auth/users")).body());
    assertEquals(user, there.path("users").path(0).path("name").asString());
    assertEquals(204, Http.delete(admin.resolve("/api/auth/users/" + user)).statusCode());
  }

  private static void submit(Browser browser, String form, String fields) {
    browser.evaluate(
        """
        (() => {
          const form = document.querySelector('#access [data-form=%s]');
          for (const [name, value] of Object.entries(%s)) {
            form.elements[name].value = value;
          }
          form.requestSubmit();
        })()
        """
            .formatted(form, fields));
  }

  private static void password(Browser browser, String password) {
    browser.evaluate(
        """
        (() => {
          const form = document.querySelector('#sign-in');
          form.elements.name.value = 'bob';
          form.elements.password.value = '%s';
          form.requestSubmit();
        })()
        """
            .formatted(password));
  }

  private static String row(String part, String text) {
    return "document.querySelector('#access [data-part=%s]').textContent.includes('%s')"
        .formatted(part, text);
  }

  private static void assertFits(Browser browser) {
    assertTrue(
        browser
            .evaluate(
                "document.documentElement.scrollWidth <= document.documentElement.clientWidth")
            .asBoolean(),
        "the page is wider than the window");
  }

  private static void picture(Browser browser, String name) throws Exception {
    Path folder = Path.of("target", "pictures");
    Files.createDirectories(folder);
    Files.write(folder.resolve(name + ".png"), browser.screenshot());
  }
}
