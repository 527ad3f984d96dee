package io.photophone.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.photophone.server.security.AccessControl;
import io.photophone.server.security.AccessSettings;
import io.photophone.server.security.AuditEntry;
import io.photophone.server.security.Cheap;
import io.photophone.server.security.OidcSettings;
import io.photophone.server.security.OidcSettings.RoleOf;
import io.photophone.server.security.OidcSignIn;
import io.photophone.server.security.Role;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A29")
@Timeout(60)
final class OidcTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private static Process process;
  private static String issuer;

  @TempDir private Path folder;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private AccessControl access;
  private LiveServer live;

  @BeforeAll
  static void startProvider() throws IOException {
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                IdentityProvider.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    issuer = "http://127.0.0.1:" + output.readLine();
  }

  @AfterAll
  static void stopProvider() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @BeforeEach
  void start() throws Exception {
    tell("/mode?is=");
    tell("/groups?are=lab");
    access = Cheap.open(folder, AccessSettings.DEFAULT, InstantSource.system());
    live = serverOf(issuer);
  }

  private LiveServer serverOf(String issuer) throws IOException {
    Path secret =
        Files.writeString(folder.resolve("secret"), IdentityProvider.SECRET + "\nnot this\n");
    OidcSettings settings =
        new OidcSettings(
            issuer,
            IdentityProvider.CLIENT,
            secret,
            List.of("profile"),
            "resource.cell.groups",
            List.of(new RoleOf("cell admins", Role.ADMIN), new RoleOf("lab", Role.OPERATOR)));
    return LiveServer.startWithProvider(access, new OidcSignIn(settings, now::get));
  }

  @AfterEach
  void stop() throws IOException {
    live.close();
    access.close();
  }

  private static void tell(String pathAndQuery) throws IOException, InterruptedException {
    get(URI.create(issuer + pathAndQuery.replace(" ", "%20")), "");
  }

  private static HttpResponse<String> get(URI address, String cookie)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(20));
    if (!cookie.isEmpty()) {
      request.header("Cookie", cookie);
    }
    return HTTP.send(request.build(), BodyHandlers.ofString());
  }

  private static URI location(HttpResponse<String> answer) {
    return answer.request().uri().resolve(answer.headers().firstValue("location").orElseThrow());
  }

  /// The cookies that an answer sets, as a browser sends them.
  private static String cookies(HttpResponse<String> answer) {
    return String.join(
        "; ",
        answer.headers().allValues("set-cookie").stream()
            .map(cookie -> cookie.split(";", 2)[0])
            .filter(pair -> !pair.endsWith("="))
            .toList());
  }

  /// A sign-in up to where the provider sends the browser back to.
  ///
  /// @param back with a code
  private record Begun(String cookie, URI back) {}

  private Begun begin() throws Exception {
    HttpResponse<String> toProvider = get(live.address.resolve("/api/auth/oidc/sign-in"), "");
    assertEquals(303, toProvider.statusCode(), toProvider.body());
    HttpResponse<String> provider = get(location(toProvider), "");
    assertEquals(302, provider.statusCode());
    return new Begun(cookies(toProvider), location(provider));
  }

  private HttpResponse<String> signIn() throws Exception {
    Begun begun = begin();
    return get(begun.back, begun.cookie);
  }

  private String audit() throws IOException {
    return access.newestAudit(10).stream().map(AuditEntry::toString).toList().toString();
  }

  @ParameterizedTest
  @CsvSource({"lab, operator", "'x,lab', operator", "'lab,cell admins', admin"})
  void who_the_provider_knows_has_the_role_of_their_group(String groups, String role)
      throws Exception {
    tell("/groups?are=" + groups);
    HttpResponse<String> back = signIn();
    assertEquals(303, back.statusCode(), back.body());
    assertEquals(live.address, location(back));
    String cookie = back.headers().allValues("set-cookie").toString();
    assertTrue(cookie.contains("SameSite=Strict") && cookie.contains("HttpOnly"), cookie);
    HttpResponse<String> me = get(live.address.resolve("/api/auth/me"), cookies(back));
    assertEquals(200, me.statusCode(), me.body());
    assertTrue(me.body().contains("\"name\":\"ada at 127.0.0.1\""), me.body());
    assertTrue(me.body().contains("\"role\":\"%s\"".formatted(role)), me.body());
    assertTrue(audit().contains("ada at 127.0.0.1"), audit());
  }

  @Test
  void who_has_no_group_here_is_told_so() throws Exception {
    tell("/groups?are=visitors");
    HttpResponse<String> back = signIn();
    assertEquals(403, back.statusCode());
    assertTrue(
        back.body()
            .contains(
                "ada at 127.0.0.1 has no role here: the claim resource.cell.groups has visitors,"
                    + " allowed: one of cell admins, lab"),
        back.body());
    assertEquals("", cookies(back));
    assertTrue(audit().contains("has no role here"), audit());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "wrong nonce",
        "wrong audience",
        "wrong issuer",
        "expired",
        "no signature",
        "public key as secret",
        "foreign key"
      })
  void an_identity_token_that_does_not_hold_lets_nobody_in(String mode) throws Exception {
    tell("/mode?is=" + mode);
    HttpResponse<String> back = signIn();
    assertEquals(403, back.statusCode(), back.body());
    assertTrue(back.body().contains("what the identity provider says doesn't hold"), back.body());
    assertEquals("", cookies(back));
  }

  @Test
  void what_the_provider_sent_back_counts_once() throws Exception {
    Begun begun = begin();
    assertEquals(303, get(begun.back, begun.cookie).statusCode());
    HttpResponse<String> again = get(begun.back, begun.cookie);
    assertEquals(403, again.statusCode());
    assertTrue(again.body().contains("this sign-in has ended or took too long"), again.body());
  }

  @Test
  void a_code_that_was_used_lets_nobody_in_under_another_state() throws Exception {
    Begun used = begin();
    assertEquals(303, get(used.back, used.cookie).statusCode());
    Begun next = begin();
    String code = used.back.getQuery().replaceAll(".*code=([^&]*).*", "$1");
    URI forged = URI.create(next.back.toString().replaceAll("code=[^&]*", "code=" + code));
    assertEquals(403, get(forged, next.cookie).statusCode());
  }

  @Test
  void another_browser_can_not_end_a_sign_in() throws Exception {
    Begun begun = begin();
    Begun other = begin();
    for (String cookie : List.of("", other.cookie, "photophone-oidc=x")) {
      HttpResponse<String> back = get(begun.back, cookie);
      assertEquals(403, back.statusCode());
      assertTrue(back.body().contains("begun in another browser"), back.body());
    }
    assertEquals(303, get(begun.back, begun.cookie).statusCode());
  }

  @Test
  void a_sign_in_that_takes_too_long_is_over() throws Exception {
    Begun begun = begin();
    now.set(now.get().plus(OidcSignIn.PATIENCE).plusSeconds(1));
    assertEquals(403, get(begun.back, begun.cookie).statusCode());
  }

  @Test
  void a_new_key_of_the_provider_is_taken_without_a_restart() throws Exception {
    assertEquals(303, signIn().statusCode());
    tell("/rotate");
    assertEquals(303, signIn().statusCode());
  }

  @Test
  void a_provider_that_is_down_is_told_and_other_ways_go_on() throws Exception {
    live.close();
    live = serverOf("http://127.0.0.1:1");
    HttpResponse<String> answer = get(live.address.resolve("/api/auth/oidc/sign-in"), "");
    assertEquals(502, answer.statusCode());
    assertTrue(answer.body().contains("the identity provider can't be reached now"));
    assertTrue(answer.body().contains("href=\"/sign-in.html\""));
    access.createUser("ada", Role.VIEWER, "correct horse battery");
    HttpResponse<byte[]> byPassword =
        live.post(
            "/api/auth/sign-in", "{\"name\": \"ada\", \"password\": \"correct horse battery\"}");
    assertEquals(200, byPassword.statusCode());
  }

  @ParameterizedTest
  @ValueSource(strings = {"down", "other issuer"})
  void a_provider_that_does_not_know_itself_is_not_asked_further(String mode) throws Exception {
    tell("/mode?is=" + mode);
    assertEquals(502, get(live.address.resolve("/api/auth/oidc/sign-in"), "").statusCode());
  }

  @Test
  void what_the_provider_refuses_is_shown_as_text() throws Exception {
    String error = URLEncoder.encode("<script>alert(1)</script>", StandardCharsets.UTF_8);
    HttpResponse<String> answer =
        get(live.address.resolve("/api/auth/oidc/callback?state=x&error=" + error), "");
    assertEquals(403, answer.statusCode());
    assertTrue(answer.body().contains("&lt;script&gt;"), answer.body());
    assertFalse(answer.body().contains("<script>"), answer.body());
  }

  @Test
  void without_a_provider_there_is_nothing_to_sign_in_at() throws Exception {
    try (LiveServer without = LiveServer.startGuarded(access)) {
      assertEquals(404, get(without.address.resolve("/api/auth/oidc/sign-in"), "").statusCode());
      assertEquals(
          "{\"available\":false}", get(without.address.resolve("/api/auth/oidc"), "").body());
    }
    assertEquals("{\"available\":true}", get(live.address.resolve("/api/auth/oidc"), "").body());
  }

  @Test
  void a_secret_that_can_not_be_read_is_told_at_the_start() {
    OidcSettings settings =
        new OidcSettings(
            issuer,
            "photophone",
            folder.resolve("missing"),
            List.of(),
            "groups",
            List.of(new RoleOf("lab", Role.VIEWER)));
    String message =
        assertThrows(IOException.class, () -> new OidcSignIn(settings, now::get)).getMessage();
    assertTrue(message.startsWith("the client secret in " + folder.resolve("missing")), message);
  }
}
