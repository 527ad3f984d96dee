package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.server.security.AccessControl;
import io.photophone.server.security.AccessSettings;
import io.photophone.server.security.Cheap;
import io.photophone.server.security.Forgery;
import io.photophone.server.security.MadeToken;
import io.photophone.server.security.Role;
import io.photophone.server.security.TestClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who gets in and who doesn't, over a socket.
@Tag("A29")
@Timeout(60)
final class AccessTest {
  private static final String PASSWORD = "correct horse battery";
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path data;
  private final TestClock clock = new TestClock();
  private AccessControl access;
  private LiveServer live;

  @BeforeEach
  void start() throws IOException {
    access = Cheap.open(data, AccessSettings.DEFAULT, clock);
    live = LiveServer.startGuarded(access);
  }

  @AfterEach
  void stop() throws IOException {
    live.close();
    access.close();
  }

  private String token(Role role) {
    return access.makeToken(role.wireName(), role, HOUR, "a test").text();
  }

  private static String bearer(String token) {
    return "Authorization: Bearer " + token;
  }

  private RawResponse send(String line, String body, String... headers) throws IOException {
    StringBuilder request = new StringBuilder(line).append(" HTTP/1.1\r\nConnection: close\r\n");
    request.append("Host: localhost\r\n");
    Arrays.stream(headers).forEach(header -> request.append(header).append("\r\n"));
    if (!body.isEmpty()) {
      request.append("Content-Type: application/json\r\n");
      request.append("Content-Length: ").append(body.length()).append("\r\n");
    }
    return live.raw(request.append("\r\n").append(body).toString());
  }

  private RawResponse get(String path, String... headers) throws IOException {
    return send("GET " + path, "", headers);
  }

  private RawResponse post(String path, String body, String... headers) throws IOException {
    return send("POST " + path, body, headers);
  }

  private static JsonNode json(RawResponse response) {
    assertEquals(200, response.status(), response.toString());
    return JsonMapper.shared().readTree(unchunked(response));
  }

  private static String unchunked(RawResponse response) {
    return "chunked".equals(response.header("transfer-encoding"))
        ? response.body().replaceAll("(?m)^[0-9A-Fa-f]+\\r\\n|\\r\\n$", "")
        : response.body();
  }

  private static String detail(int status, RawResponse response) {
    assertEquals(status, response.status(), response.toString());
    assertEquals("application/problem+json", response.header("content-type"));
    return JsonMapper.shared().readTree(unchunked(response)).get("detail").asString();
  }

  /// Signs in and gives the line with the cookie.
  private String cookie(String name) throws IOException {
    RawResponse response =
        post(
            "/api/auth/sign-in",
            "{\"name\": \"%s\", \"password\": \"%s\"}".formatted(name, PASSWORD));
    assertEquals(200, response.status(), response.toString());
    return "Cookie: " + response.header("set-cookie").split(";", 2)[0];
  }

  static Stream<Operation> guarded() {
    return Stream.concat(InstrumentApi.ALL.stream(), ofAuth().stream())
        .filter(Operation::isGuarded);
  }

  private static List<Operation> ofAuth() {
    RouteTable table = new RouteTable();
    new AuthResource(Cheap.unguarded()).addTo(table);
    return table.operations();
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void without_a_token_nothing_is_told_or_done(Operation operation) throws IOException {
    String path = operation.path().text().replaceAll("\\{\\w+}", "x");
    RawResponse response = send(operation.method() + " " + path, "");

    String detail = detail(401, response);
    assertTrue(detail.startsWith("nobody is signed in; sign in at /sign-in.html"), detail);
    assertEquals("Bearer realm=\"photophone\"", response.header("www-authenticate"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/metrics", "/api/channels", "/api/instruments"})
  void the_program_itself_is_guarded_too(String path) throws IOException {
    detail(401, get(path));
    assertEquals(200, get(path, bearer(token(Role.VIEWER))).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/index.html", "/.well-known/jwks.json"})
  void the_page_and_the_public_keys_are_open(String path) throws IOException {
    assertEquals(200, get(path).status());
  }

  @Test
  void attackers_tokens_are_refused() throws IOException {
    List<String> forged =
        List.of(
            Forgery.of(data).unsigned(),
            Forgery.of(data).signedWithThePublicKeyAsSecret(),
            Forgery.of(data).signedByAForeignKey(),
            Forgery.of(data).signedByAForeignKeyThatItBrings(),
            Forgery.of(data).keyId("../../../../etc/passwd").signed(),
            Forgery.of(data).claim("aud", "elsewhere").signed(),
            Forgery.of(data).claim("iss", "elsewhere").signed(),
            Forgery.of(data).claim("exp", clock.instant().minusSeconds(60)).signed(),
            Forgery.of(data).claim("nbf", clock.instant().plusSeconds(60)).signed(),
            Forgery.of(data).signed(),
            "x",
            "");
    for (String token : forged) {
      RawResponse response = get("/api/instrument", bearer(token));
      String detail = detail(401, response);
      assertFalse(!token.isEmpty() && token.length() > 1 && response.toString().contains(token));
      assertFalse(detail.contains("Exception"), detail);
    }
    assertEquals(200, get("/api/instrument", bearer(token(Role.VIEWER))).status());
  }

  @Test
  void another_scheme_is_refused_without_repeating_it() throws IOException {
    RawResponse response = get("/api/instrument", "Authorization: Basic YWRhOnNlY3JldA==");

    assertTrue(detail(401, response).startsWith("the authorization is of another scheme"));
    assertFalse(response.toString().contains("YWRh"));
  }

  @ParameterizedTest
  @MethodSource("guarded")
  void a_viewer_gets_no_operation_of_others(Operation operation) throws IOException {
    String path = operation.path().text().replaceAll("\\{\\w+}", "x");
    String line = operation.method() + " " + path;
    if (operation.isAudited() || path.matches("/api/auth/(users|tokens|audit).*")) {
      String detail = detail(403, send(line, "", bearer(token(Role.VIEWER))));
      assertTrue(detail.startsWith("the role of viewer is viewer, allowed: "), detail);
    }
  }

  @Test
  void an_operator_commands_but_does_not_administer() throws IOException {
    String operator = bearer(token(Role.OPERATOR));

    assertEquals(200, post("/api/acquisition", "{\"command\": \"stop\"}", operator).status());
    assertEquals(
        "the role of operator is operator, allowed: admin",
        detail(403, get("/api/auth/users", operator)));
  }

  @Test
  void an_anonymous_viewer_reads_and_is_asked_to_sign_in_for_more() throws IOException {
    AccessSettings wall =
        new AccessSettings(
            Role.VIEWER, AccessSettings.DEFAULT.keyPeriod(), AccessSettings.DEFAULT.sessionLife());
    live.close();
    live = LiveServer.startGuarded(Cheap.open(data, wall, clock));

    assertTrue(json(get("/api/auth/me")).get("anonymous").asBoolean());
    assertEquals(200, get("/api/instrument").status());
    String detail = detail(401, post("/api/acquisition", "{\"command\": \"stop\"}"));
    assertTrue(detail.startsWith("this takes the role operator; sign in"), detail);
    detail(401, get("/api/instrument", bearer("x")));
  }

  @Test
  void a_stream_ends_when_its_token_is_revoked() throws Exception {
    MadeToken made = access.makeToken("a script", Role.VIEWER, HOUR, "a test");
    live.publish(0);
    try (Events events = live.events("/api/audio/stream/audio", bearer(made.text()))) {
      assertEquals(0, events.next("message").number());

      String admin = bearer(token(Role.ADMIN));
      assertEquals(204, send("DELETE /api/auth/tokens/" + made.about().id(), "", admin).status());

      JsonNode end = events.next("end").json();
      assertEquals("the token was revoked", end.get("reason").asString());
      assertNull(events.next());
    }
    detail(401, get("/api/audio/stream/audio", bearer(made.text())));
    assertEndedByAccess(1);
  }

  @Test
  void a_stream_ends_when_its_token_expires() throws Exception {
    try (Events events = live.events("/api/stream", bearer(token(Role.VIEWER)))) {
      clock.pass(HOUR.plusSeconds(6));

      Events.Received next = events.next();
      while (!next.type().equals("end")) {
        next = events.next();
      }
      assertEquals("the token has expired", next.json().get("reason").asString());
      assertNull(events.next());
    }
    assertEndedByAccess(1);
  }

  @Test
  void a_slow_client_whose_token_was_revoked_gets_nothing_of_what_was_pending() throws Exception {
    MadeToken made = access.makeToken("a script", Role.VIEWER, HOUR, "a test");
    for (int i = 0; i < LiveServer.BUFFER_FRAMES; i++) {
      live.publish(i);
    }
    try (Events events =
        live.events("/api/audio/stream/audio", bearer(made.text()), "Last-Event-ID: 0")) {
      access.revokeToken(made.about().id());
      Events.Received next = events.next();
      while (!next.type().equals("end")) {
        assertTrue(next.type().equals("message"), next::toString);
        next = events.next();
      }
      live.publish(100);
      assertNull(events.next());
    }
  }

  private void assertEndedByAccess(int count) throws IOException {
    String metrics = get("/metrics", bearer(token(Role.VIEWER))).body();
    assertTrue(
        metrics.contains(
            "photophone_web_streams_ended_total{instrument=\"cell-1\",reason=\"access_ended\"} "
                + count),
        metrics);
  }

  @Test
  void a_ticket_opens_its_stream_once() throws Exception {
    String viewer = bearer(token(Role.VIEWER));
    String path = "/api/readings/stream";
    String ticket =
        json(post("/api/auth/tickets", "{\"path\": \"%s\"}".formatted(path), viewer))
            .get("ticket")
            .asString();
    try (Events events = live.events(path + "?ticket=" + ticket)) {
      live.publishReading(0);
      events.next("message");
    }
    detail(401, get(path + "?ticket=" + ticket));
  }

  @Test
  void a_ticket_is_for_one_path_for_half_a_minute_and_for_reading_alone() throws IOException {
    String operator = bearer(token(Role.OPERATOR));
    String order = "{\"path\": \"/api/acquisition\"}";
    String query = "/api/acquisition?ticket=";
    assertEquals(200, get(query + ticket(order, operator)).status());
    detail(401, get("/api/instrument?ticket=" + ticket(order, operator)));
    detail(401, post(query + ticket(order, operator), "{\"command\": \"stop\"}"));

    String late = ticket(order, operator);
    clock.pass(Duration.ofSeconds(30));
    assertTrue(detail(401, get(query + late)).startsWith("the ticket is unknown, used, expired"));
  }

  private String ticket(String order, String authorization) throws IOException {
    return json(post("/api/auth/tickets", order, authorization)).get("ticket").asString();
  }

  @Test
  void a_session_is_a_cookie_that_scripts_and_other_sites_do_not_get() throws IOException {
    access.createUser("ada", Role.ADMIN, PASSWORD);
    RawResponse response =
        post("/api/auth/sign-in", "{\"name\": \"ada\", \"password\": \"%s\"}".formatted(PASSWORD));

    String cookie = response.header("set-cookie");
    assertTrue(cookie.startsWith("photophone-" + live.address.getPort() + "="), cookie);
    assertTrue(cookie.contains("HttpOnly"), cookie);
    assertTrue(cookie.contains("SameSite=Strict"), cookie);
    assertTrue(cookie.contains("Path=/"), cookie);
    assertEquals("ada", json(response).get("name").asString());
  }

  @Test
  void a_sign_in_link_signs_in_once() throws IOException {
    String order = "{\"link\": \"%s\"}".formatted(access.newSignInSecret());
    RawResponse first = post("/api/auth/sign-in", order);
    assertEquals("admin", json(first).get("role").asString());
    String cookie = "Cookie: " + first.header("set-cookie").split(";", 2)[0];
    assertEquals("owner", json(get("/api/auth/me", cookie)).get("name").asString());

    assertTrue(detail(401, post("/api/auth/sign-in", order)).startsWith("the link was used"));
  }

  @Test
  void who_signs_out_is_out() throws IOException {
    access.createUser("ada", Role.ADMIN, PASSWORD);
    String cookie = cookie("ada");
    assertEquals(200, get("/api/auth/me", cookie).status());

    RawResponse out = post("/api/auth/sign-out", "", cookie);
    assertEquals(204, out.status());
    assertTrue(out.header("set-cookie").contains("Expires=Thu, 01 Jan 1970"), out.toString());

    assertTrue(detail(401, get("/api/auth/me", cookie)).startsWith("the session was signed out"));
  }

  @Test
  void an_old_session_is_renewed_when_the_page_asks_who_it_is() throws IOException {
    access.createUser("ada", Role.ADMIN, PASSWORD);
    String cookie = cookie("ada");
    assertNull(get("/api/auth/me", cookie).header("set-cookie"));

    clock.pass(Duration.ofDays(4));

    assertNotNull(get("/api/auth/me", cookie).header("set-cookie"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Origin: https://evil.example",
        "Origin: null",
        "Origin: http://localhost:1",
        "Sec-Fetch-Site: cross-site",
        "Sec-Fetch-Site: same-site"
      })
  void a_foreign_page_changes_nothing_with_a_session(String header) throws IOException {
    access.createUser("ada", Role.ADMIN, PASSWORD);
    String cookie = cookie("ada");
    String stop = "{\"command\": \"stop\"}";
    assertEquals(
        200, post("/api/acquisition", stop, cookie, "Sec-Fetch-Site: same-origin").status());

    detail(403, post("/api/acquisition", stop, cookie, header));
  }

  @Test
  void a_foreign_page_reads_nothing_with_a_session() throws IOException {
    access.createUser("ada", Role.ADMIN, PASSWORD);

    assertEquals(
        "the request's site is same-site, allowed with a session: same-origin",
        detail(403, get("/api/instrument", cookie("ada"), "Sec-Fetch-Site: same-site")));
  }

  @Test
  void a_foreign_page_signs_nobody_in() throws IOException {
    access.createUser("ada", Role.ADMIN, PASSWORD);

    detail(
        403,
        post(
            "/api/auth/sign-in",
            "{\"name\": \"ada\", \"password\": \"%s\"}".formatted(PASSWORD),
            "Origin: https://evil.example"));
  }

  @Test
  void ten_thousand_attempts_gain_nothing_whatever_address_they_claim() throws Exception {
    access.createUser("ada", Role.ADMIN, PASSWORD);
    int limited = 0;
    for (int i = 0; i < 10_000; i++) {
      int status =
          live.post(
                  "/api/auth/sign-in",
                  "{\"name\": \"user%d\", \"password\": \"guess %d\"}".formatted(i, i),
                  "X-Forwarded-For",
                  "198.51.100." + i % 256,
                  "Forwarded",
                  "for=203.0.113." + i % 256)
              .statusCode();
      limited += status == 429 ? 1 : 0;
    }

    assertEquals(9_995, limited);
    assertEquals(5, access.counts().wrong());
    assertTrue(access.newestAudit(100).stream().allMatch(e -> e.address().equals("127.0.0.1")));
    RawResponse later = post("/api/auth/sign-in", "{\"name\": \"ada\", \"password\": \"x\"}");
    assertEquals("too many attempts failed; the next one in 2 s", detail(429, later));
    assertEquals("2", later.header("retry-after"));
  }

  @Test
  void users_are_made_changed_and_removed() throws IOException {
    String admin = bearer(token(Role.ADMIN));
    String bob =
        "{\"name\": \"bob\", \"role\": \"viewer\", \"password\": \"%s\"}".formatted(PASSWORD);
    String ada =
        "{\"name\": \"ada\", \"role\": \"admin\", \"password\": \"%s\"}".formatted(PASSWORD);
    assertEquals("bob", json(post("/api/auth/users", bob, admin)).get("name").asString());
    assertEquals(200, post("/api/auth/users", ada, admin).status());
    assertEquals("there is a user bob already", detail(409, post("/api/auth/users", bob, admin)));
    String cookie = cookie("bob");

    JsonNode changed = json(send("PUT /api/auth/users/bob", "{\"role\": \"operator\"}", admin));
    assertEquals("operator", changed.get("role").asString());
    assertTrue(detail(401, get("/api/auth/me", cookie)).startsWith("the user's role, password"));
    assertEquals(2, json(get("/api/auth/users", admin)).get("users").size());

    assertEquals(204, send("DELETE /api/auth/users/bob", "", admin).status());
    assertEquals(
        "there is no user bob", detail(404, send("DELETE /api/auth/users/bob", "", admin)));
    assertEquals(
        "ada is the last administrator: make another one first",
        detail(409, send("DELETE /api/auth/users/ada", "", admin)));
  }

  @Test
  void who_signed_in_changes_the_own_password() throws IOException {
    access.createUser("ada", Role.VIEWER, PASSWORD);
    String cookie = cookie("ada");
    String order =
        "{\"password\": \"%s\", \"new_password\": \"another long one\"}".formatted(PASSWORD);

    RawResponse changed = post("/api/auth/password", order, cookie);
    assertEquals(200, changed.status(), changed.toString());
    detail(401, get("/api/auth/me", cookie));
    String next = "Cookie: " + changed.header("set-cookie").split(";", 2)[0];
    assertEquals(200, get("/api/auth/me", next).status());
    assertEquals(
        "the present password is wrong", detail(401, post("/api/auth/password", order, next)));
  }

  @Test
  void tokens_are_made_listed_and_revoked() throws IOException {
    String admin = bearer(token(Role.ADMIN));
    JsonNode made =
        json(
            post(
                "/api/auth/tokens",
                "{\"name\": \"plotter\", \"role\": \"viewer\", \"expires_s\": 60}",
                admin));
    String token = made.get("token").asString();
    assertEquals(200, get("/api/instrument", bearer(token)).status());
    RawResponse list = get("/api/auth/tokens", admin);
    assertTrue(list.body().contains("plotter"));
    assertFalse(list.body().contains(token));

    String line = "DELETE /api/auth/tokens/" + made.get("id").asString();
    assertEquals(204, send(line, "", admin).status());
    detail(401, get("/api/instrument", bearer(token)));
    detail(404, send("DELETE /api/auth/tokens/nobody", "", admin));
  }

  static Stream<String> badOrders() {
    return Stream.of(
        "users|{}",
        "users|{\"name\": \"bob\", \"role\": \"king\", \"password\": \"correct horse battery\"}",
        "users|{\"name\": \"../bob\", \"role\": \"viewer\", \"password\": \"correct horse"
            + " battery\"}",
        "users|{\"name\": \"bob\", \"role\": \"viewer\", \"password\": \"short\"}",
        "users|{\"name\": \"bob\", \"role\": \"viewer\"}",
        "users|{\"name\": 1, \"role\": true}",
        "users|[]",
        "users|null",
        "tokens|{\"name\": \"x\"}",
        "tokens|{\"name\": \"x\", \"role\": \"viewer\", \"expires_s\": -1}",
        "tokens|{\"name\": \"x\", \"role\": \"viewer\", \"expires_s\": 999999999}",
        "tokens|{\"name\": \"x\", \"role\": \"viewer\", \"expires_s\": 1e300}",
        "tickets|{}",
        "tickets|{\"path\": \"https://evil.example/\"}",
        "sign-in|{}",
        "sign-in|{\"name\": \"ada\"}",
        "sign-in|{\"name\": \"ada\", \"password\": \"x\", \"link\": \"y\"}",
        "sign-in|{\"user\": \"ada\"}",
        "sign-in|{");
  }

  @ParameterizedTest
  @MethodSource("badOrders")
  void a_bad_order_is_refused_with_what_is_allowed(String pathAndBody) throws IOException {
    String[] parts = pathAndBody.split("\\|", 2);
    String detail = detail(400, post("/api/auth/" + parts[0], parts[1], bearer(token(Role.ADMIN))));

    assertTrue(detail.contains("allowed"), detail);
  }

  @Test
  void every_change_is_in_the_audit_before_it_is_answered() throws IOException {
    String admin = bearer(token(Role.ADMIN));
    String operator = bearer(token(Role.OPERATOR));
    post("/api/acquisition", "{\"command\": \"stop\"}", operator);
    post("/api/acquisition", "{\"command\": \"fly\"}", operator);
    send("DELETE /api/auth/tokens/nobody", "", admin);

    JsonNode lines = json(get("/api/auth/audit?limit=3", admin)).get("audit");
    assertEquals(3, lines.size());
    JsonNode first = lines.get(0);
    assertEquals("operator", first.get("who").asString());
    assertEquals("operator", first.get("role").asString());
    assertEquals("127.0.0.1", first.get("address").asString());
    assertEquals("POST /api/acquisition {\"command\": \"stop\"}", first.get("what").asString());
    assertEquals("200", first.get("result").asString());
    assertEquals("400", lines.get(1).get("result").asString());
    assertEquals("DELETE /api/auth/tokens/nobody", lines.get(2).get("what").asString());
    assertEquals("404", lines.get(2).get("result").asString());
  }

  @Test
  void no_secret_is_in_a_log_an_answer_or_the_audit() throws Exception {
    List<String> logged = new ArrayList<>();
    Handler listener = new Listening(logged);
    Logger root = Logger.getLogger("");
    Level before = root.getLevel();
    root.addHandler(listener);
    root.setLevel(Level.ALL);
    List<String> answers = new ArrayList<>();
    String link = access.newSignInSecret();
    String token = token(Role.ADMIN);
    try {
      String admin = bearer(token);
      answers.add(post("/api/auth/sign-in", "{\"link\": \"%s\"}".formatted(link)).body());
      answers.add(
          post(
                  "/api/auth/users",
                  "{\"name\": \"ada\", \"role\": \"admin\", \"password\": \"%s\"}"
                      .formatted(PASSWORD),
                  admin)
              .toString());
      answers.add(
          post("/api/auth/users", "{\"name\": \"%s\"}".formatted(PASSWORD), admin).toString());
      answers.add(post("/api/auth/users", "{\"x\": \"%s\"".formatted(PASSWORD), admin).toString());
      answers.add(
          post(
                  "/api/auth/sign-in",
                  "{\"name\": \"ada\", \"password\": [\"%s\"]}".formatted(PASSWORD))
              .toString());
      cookie("ada");
      answers.add(get("/api/auth/users", admin).toString());
      answers.add(get("/api/auth/tokens", admin).toString());
      answers.add(get("/api/auth/audit", admin).toString());
      answers.add(get("/api/auth/me", admin).toString());
      answers.add(get("/.well-known/jwks.json", admin).toString());
      answers.add(get("/metrics", admin).toString());
    } finally {
      root.removeHandler(listener);
      root.setLevel(before);
    }

    String keys = Files.readString(data.resolve("security/keys.json"));
    String key = JsonMapper.shared().readTree(keys).at("/keys/0/d").asString();
    assertTrue(key.length() > 40, keys);
    String everything =
        String.join("\n", answers)
            + String.join("\n", logged)
            + Files.readString(data.resolve("security/audit.jsonl"));
    for (String secret : List.of(PASSWORD, link, token, key, "$argon2")) {
      assertFalse(everything.contains(secret), () -> secret + " is in " + everything);
    }
  }

  /// Keeps what is logged.
  private static final class Listening extends Handler {
    private final List<String> logged;

    Listening(List<String> logged) {
      this.logged = logged;
      setLevel(Level.ALL);
    }

    @Override
    public synchronized void publish(LogRecord log) {
      logged.add(log.getMessage() + Arrays.toString(log.getParameters()) + log.getThrown());
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
