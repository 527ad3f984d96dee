package io.photophone.server.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.nimbusds.jose.jwk.JWKSet;
import io.photophone.server.security.Admission.Admitted;
import io.photophone.server.security.Admission.Refused;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A29")
final class TokensTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path data;
  private final TestClock clock = new TestClock();
  private AccessControl access;

  @BeforeEach
  void open() throws Exception {
    access = Cheap.open(data, AccessSettings.DEFAULT, clock);
  }

  private String viewer() {
    return access.makeToken("a script", Role.VIEWER, HOUR, "a test").text();
  }

  private Caller admitted(String token) {
    return assertInstanceOf(Admitted.class, access.ofToken(token)).caller();
  }

  private String refused(String token) {
    return assertInstanceOf(Refused.class, access.ofToken(token)).reason();
  }

  private Forgery forgery() {
    return Forgery.of(data);
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void a_token_says_who_and_what_they_may_do(Role role) {
    Caller caller = admitted(access.makeToken("a script", role, HOUR, "a test").text());

    assertEquals("a script", caller.name());
    assertEquals(role, caller.role());
    assertEquals(clock.instant().plus(HOUR), caller.expires());
  }

  @Test
  void a_token_counts_until_it_expires_and_a_little_skew() {
    String token = viewer();
    Caller caller = admitted(token);

    clock.pass(HOUR.plusSeconds(4));
    assertNull(access.ended(caller));
    clock.pass(Duration.ofSeconds(2));
    assertEquals("the token is refused: Expired JWT", refused(token));
    assertEquals("the token has expired", access.ended(caller));
  }

  @Test
  void a_token_for_later_does_not_count_yet() {
    assertEquals(
        "the token is refused: JWT before use time",
        refused(forgery().claim("nbf", clock.instant().plusSeconds(60)).signed()));
  }

  @Test
  void a_token_of_the_own_key_counts_only_if_it_was_noted() {
    assertEquals(
        "the token is not among those that this server knows", refused(forgery().signed()));
  }

  @Test
  void a_token_for_another_audience_is_refused() {
    String reason = refused(forgery().claim("aud", "elsewhere").signed());

    assertTrue(reason.contains("aud claim"), reason);
  }

  @Test
  void a_token_of_another_issuer_is_refused() {
    String reason = refused(forgery().claim("iss", "elsewhere").signed());

    assertTrue(reason.contains("iss"), reason);
  }

  @Test
  void a_token_without_a_signature_is_refused() {
    String token = forgery().unsigned();

    assertTrue(refused(token).startsWith("the token is refused: Unsecured (plain) JWTs"), token);
  }

  @Test
  void a_token_signed_with_the_public_key_as_a_shared_secret_is_refused() {
    refusedForItsKey(forgery().signedWithThePublicKeyAsSecret());
  }

  @Test
  void a_token_of_a_foreign_key_is_refused_under_our_keys_id_too() {
    assertEquals(
        "the token is refused: Signed JWT rejected: Invalid signature",
        refused(forgery().signedByAForeignKey()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../../../etc/passwd", "/dev/null", "https://example.org/keys", "' OR 1=1", ""})
  void a_key_id_that_is_a_path_is_an_unknown_key(String id) {
    refusedForItsKey(forgery().keyId(id).signed());
  }

  @Test
  void a_key_that_the_token_brings_along_is_not_used() {
    refusedForItsKey(forgery().signedByAForeignKeyThatItBrings());
  }

  private void refusedForItsKey(String token) {
    String reason = refused(token);

    assertTrue(reason.contains("no matching key"), reason);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "a.b.c", "eyJhbGciOiJFUzI1NiJ9..", "ey.ey.ey.ey.ey", "\u0000"})
  void what_is_no_token_is_refused(String text) {
    assertFalse(refused(text).isEmpty());
  }

  @Test
  void a_huge_token_is_not_even_read() {
    assertEquals("the token has 100000 characters, allowed: 4096", refused("a".repeat(100_000)));
  }

  @Test
  void a_token_without_our_scopes_is_refused() {
    String reason = refused(forgery().claim("scope", "write:everything").signed());

    assertTrue(reason.startsWith("the token has no scope of this server"), reason);
  }

  @Test
  void a_revoked_token_counts_no_more() {
    MadeToken made = access.makeToken("a script", Role.VIEWER, HOUR, "a test");
    Caller caller = admitted(made.text());

    access.revokeToken(made.about().id());

    assertEquals("the token was revoked", refused(made.text()));
    assertEquals("the token was revoked", access.ended(caller));
    assertEquals(clock.instant(), access.tokens().getFirst().revoked());
  }

  @Test
  void a_token_of_another_process_counts_and_its_revocation_too() throws Exception {
    try (AccessControl other = Cheap.open(data, AccessSettings.DEFAULT, clock)) {
      MadeToken made = other.makeToken("a script", Role.OPERATOR, HOUR, "a test");
      admitted(made.text());

      other.revokeToken(made.about().id());

      while (!(access.ofToken(made.text()) instanceof Refused)) {
        Thread.onSpinWait();
      }
      assertEquals("the token was revoked", refused(made.text()));
    }
  }

  @Test
  void tokens_of_an_older_key_count_until_they_end() throws Exception {
    Duration month = Duration.ofDays(100);
    String old = access.makeToken("old", Role.VIEWER, month, "a test").text();
    clock.pass(AccessSettings.DEFAULT.keyPeriod());
    String young = viewer();

    assertEquals(2, keys().size());
    assertNotEquals(Forgery.keyIdOf(old), Forgery.keyIdOf(young));
    assertEquals(Forgery.keyIdOf(young), Forgery.keyIdOf(viewer()));
    admitted(old);
    admitted(young);

    clock.pass(Tokens.LONGEST_LIFE);
    viewer();
    assertEquals(2, keys().size(), "the oldest key's tokens have all ended");
  }

  private List<?> keys() {
    return (List<?>) access.publicKeys().get("keys");
  }

  @Test
  void published_keys_have_no_private_half() throws Exception {
    String text = access.publicKeys().toString();

    assertFalse(text.contains(" d="), text);
    assertFalse(
        JWKSet.parse(access.publicKeys()).getKeys().stream().anyMatch(key -> key.isPrivate()));
  }

  @Test
  void only_the_owner_reads_the_files() throws Exception {
    viewer();
    access.createUser("ada", Role.ADMIN, "correct horse battery");
    access.newSignInSecret();
    access.noteCommand("a test", "done");

    assertEquals("rwx------", permissions(data.resolve("security")));
    try (Stream<Path> files = Files.list(data.resolve("security"))) {
      for (Path file : files.toList()) {
        assertEquals("rw-------", permissions(file), file.toString());
      }
    }
  }

  @Test
  void files_that_the_machines_administrator_makes_are_the_folders_owners() throws Exception {
    assumeTrue(System.getProperty("user.name").equals("root"), "SKIPPED: not root");
    Path folder = data.resolve("security");
    UserPrincipal owner =
        folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Files.setOwner(folder, owner);

    viewer();
    access.revokeToken("x");

    for (String name : List.of("tokens.json", "lock")) {
      assertEquals(owner, Files.getOwner(folder.resolve(name)), name);
    }
  }

  private static String permissions(Path file) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void a_damaged_file_stops_the_start_and_is_named_without_its_content() throws Exception {
    viewer();
    for (String name : List.of("keys.json", "tokens.json")) {
      Path file = data.resolve("security").resolve(name);
      String whole = Files.readString(file);
      Files.writeString(file, whole.substring(0, whole.length() / 2));
      String message =
          assertThrows(
                  java.io.IOException.class, () -> Cheap.open(data, AccessSettings.DEFAULT, clock))
              .getMessage();
      assertEquals(file + " is damaged: restore it from a copy, or remove it", message);
      Files.writeString(file, whole);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[]",
        "{\"users\": null}",
        "{\"users\": [null]}",
        "{\"users\": [{\"name\": null}]}",
        "{\"users\": [{\"name\": \"ada\", \"role\": \"admin\"}]}"
      })
  void a_file_of_users_that_is_none_stops_the_start(String text) throws Exception {
    Path file = data.resolve("security/users.json");
    Files.writeString(file, text);

    assertEquals(
        file + " is damaged: restore it from a copy, or remove it",
        assertThrows(
                java.io.IOException.class, () -> Cheap.open(data, AccessSettings.DEFAULT, clock))
            .getMessage());
  }

  @Test
  void a_file_that_is_no_text_stops_the_start() throws Exception {
    Path file = data.resolve("security/tokens.json");
    Files.write(file, new byte[] {'{', (byte) 0xff, '}'});

    assertEquals(
        file + " is damaged: restore it from a copy, or remove it",
        assertThrows(
                java.io.IOException.class, () -> Cheap.open(data, AccessSettings.DEFAULT, clock))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 366 * 86_400 + 1})
  void a_life_that_is_not_allowed_is_refused(long seconds) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () ->
                    access.makeToken("a script", Role.VIEWER, Duration.ofSeconds(seconds), "test"))
            .getMessage();

    assertEquals("the token's life is %d s, allowed: [1, 31622400] s".formatted(seconds), message);
  }

  @Test
  void a_session_ends_with_its_sign_out() throws Exception {
    SignIn.Welcome welcome =
        assertInstanceOf(
            SignIn.Welcome.class, access.signInByLink(access.newSignInSecret(), "127.0.0.1"));
    assertEquals(Role.ADMIN, admitted(welcome.session()).role());

    access.signOut(welcome.caller(), "127.0.0.1");

    assertEquals("the session was signed out", refused(welcome.session()));
  }

  @Test
  void a_session_is_renewed_past_half_its_life() throws Exception {
    SignIn.Welcome welcome =
        assertInstanceOf(
            SignIn.Welcome.class, access.signInByLink(access.newSignInSecret(), "127.0.0.1"));
    assertNull(access.renewed(welcome.caller()));

    clock.pass(AccessSettings.DEFAULT.sessionLife().dividedBy(2).plusSeconds(1));
    SignIn.Welcome renewed = access.renewed(welcome.caller());

    assertEquals(
        clock.instant().plus(AccessSettings.DEFAULT.sessionLife()), renewed.caller().expires());
  }

  @Test
  void a_sign_in_link_counts_once_and_for_a_quarter_of_an_hour() throws Exception {
    String first = access.newSignInSecret();
    String second = access.newSignInSecret();
    assertInstanceOf(SignIn.Wrong.class, access.signInByLink(first, "127.0.0.1"));
    assertInstanceOf(SignIn.Welcome.class, access.signInByLink(second, "127.0.0.1"));
    assertInstanceOf(SignIn.Wrong.class, access.signInByLink(second, "127.0.0.1"));

    String late = access.newSignInSecret();
    clock.pass(Duration.ofMinutes(15));
    assertInstanceOf(SignIn.Wrong.class, access.signInByLink(late, "127.0.0.1"));
  }

  @Test
  void a_ticket_counts_once_for_one_path_and_half_a_minute() {
    Caller caller = admitted(viewer());
    String ticket = access.ticket(caller, "/api/stream");
    assertEquals(
        caller, assertInstanceOf(Admitted.class, access.ofTicket(ticket, "/api/stream")).caller());
    assertInstanceOf(Refused.class, access.ofTicket(ticket, "/api/stream"));

    String other = access.ticket(caller, "/api/stream");
    assertInstanceOf(Refused.class, access.ofTicket(other, "/api/readings/stream"));
    assertInstanceOf(Refused.class, access.ofTicket(other, "/api/stream"), "it is used now");

    String late = access.ticket(caller, "/api/stream");
    clock.pass(Duration.ofSeconds(30));
    assertInstanceOf(Refused.class, access.ofTicket(late, "/api/stream"));
  }

  @Test
  void a_ticket_ends_with_the_token_it_was_made_with() {
    MadeToken made = access.makeToken("a script", Role.VIEWER, HOUR, "a test");
    String ticket = access.ticket(admitted(made.text()), "/api/stream");

    access.revokeToken(made.about().id());

    assertInstanceOf(Refused.class, access.ofTicket(ticket, "/api/stream"));
  }
}
