package io.photophone.server.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("A29")
final class UsersTest {
  private static final String PASSWORD = "correct horse battery";
  private static final String HERE = "192.0.2.1";

  @TempDir private Path data;
  private final TestClock clock = new TestClock();
  private AccessControl access;

  @BeforeEach
  void open() throws IOException {
    access = Cheap.open(data, AccessSettings.DEFAULT, clock);
    access.createUser("ada", Role.ADMIN, PASSWORD);
  }

  private SignIn.Welcome welcome(String name) {
    return assertInstanceOf(SignIn.Welcome.class, access.signIn(name, PASSWORD, HERE));
  }

  private SignIn wrong(String address, String name) {
    return access.signIn(name, "wrong password", address);
  }

  @Test
  void a_password_signs_in_and_is_kept_as_argon2id_alone() throws Exception {
    assertEquals(Role.ADMIN, welcome("ada").caller().role());

    String file = Files.readString(data.resolve("security/users.json"));
    assertFalse(file.contains(PASSWORD), file);
    assertTrue(file.contains("$argon2id$v=19$m=64,t=1,p=1$"), file);
  }

  @Test
  void standard_parameters_are_those_recommended() {
    String hash = PasswordHash.standard().of(PASSWORD);

    assertTrue(hash.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"), hash);
  }

  @Test
  void users_are_there_after_a_restart() throws Exception {
    try (AccessControl again = Cheap.open(data, AccessSettings.DEFAULT, clock)) {
      assertInstanceOf(SignIn.Welcome.class, again.signIn("ada", PASSWORD, HERE));
    }
  }

  @Test
  void another_role_password_or_no_admission_ends_the_sessions() {
    access.createUser("bob", Role.VIEWER, PASSWORD);
    Caller first = welcome("bob").caller();
    access.changeUser("bob", Role.OPERATOR, null, null);
    assertEquals("the user's role, password or admission was changed", access.ended(first));

    Caller second = welcome("bob").caller();
    assertEquals(Role.OPERATOR, second.role());
    access.changeUser("bob", null, "another long password", null);
    assertEquals("the user's role, password or admission was changed", access.ended(second));
    access.changeUser("bob", null, PASSWORD, null);

    Caller third = welcome("bob").caller();
    access.changeUser("bob", null, null, false);
    assertEquals("the user's role, password or admission was changed", access.ended(third));
    assertInstanceOf(SignIn.Wrong.class, access.signIn("bob", PASSWORD, HERE));

    access.changeUser("bob", null, null, true);
    Caller fourth = welcome("bob").caller();
    assertTrue(access.deleteUser("bob"));
    assertFalse(access.deleteUser("bob"));
    assertEquals("the user's role, password or admission was changed", access.ended(fourth));
  }

  @Test
  void a_session_of_a_removed_user_is_none_of_their_namesake() {
    access.createUser("bob", Role.ADMIN, PASSWORD);
    Caller removed = welcome("bob").caller();
    access.deleteUser("bob");

    access.createUser("bob", Role.VIEWER, "another long password");

    assertEquals("the user's role, password or admission was changed", access.ended(removed));
  }

  @Test
  void the_last_administrator_stays() {
    String message = "ada is the last administrator: make another one first";
    List<Runnable> ways =
        List.of(
            () -> access.deleteUser("ada"),
            () -> access.changeUser("ada", Role.OPERATOR, null, null),
            () -> access.changeUser("ada", null, null, false));
    for (Runnable way : ways) {
      assertEquals(message, assertThrows(IllegalStateException.class, way::run).getMessage());
    }

    access.createUser("bob", Role.ADMIN, PASSWORD);
    assertTrue(access.deleteUser("ada"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "-ada", "a/b", "ä", "a\nb", "owner", "anonymous"})
  void a_name_that_is_not_allowed_is_refused(String name) {
    assertThrows(
        IllegalArgumentException.class, () -> access.createUser(name, Role.VIEWER, PASSWORD));
  }

  @Test
  void a_password_that_is_too_short_is_refused_and_not_told() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> access.createUser("bob", Role.VIEWER, "hunter2"))
            .getMessage();

    assertEquals("the password has 7 characters, allowed: [12, 256]", message);
  }

  @Test
  void a_name_is_given_once() {
    assertEquals(
        "there is a user ada already",
        assertThrows(
                IllegalStateException.class, () -> access.createUser("ada", Role.VIEWER, PASSWORD))
            .getMessage());
  }

  @Test
  void who_knows_the_present_password_changes_it() {
    SignIn.Welcome before = welcome("ada");
    assertInstanceOf(
        SignIn.Wrong.class,
        access.changePassword(before.caller(), "wrong password", "the next password", HERE));

    SignIn.Welcome after =
        assertInstanceOf(
            SignIn.Welcome.class,
            access.changePassword(before.caller(), PASSWORD, "the next password", HERE));

    assertInstanceOf(Admission.Refused.class, access.ofToken(before.session()));
    assertInstanceOf(Admission.Admitted.class, access.ofToken(after.session()));
    assertInstanceOf(SignIn.Welcome.class, access.signIn("ada", "the next password", HERE));
  }

  @Test
  void each_failure_beyond_the_fifth_doubles_the_wait() {
    for (int i = 0; i < 5; i++) {
      assertInstanceOf(SignIn.Wrong.class, wrong(HERE, "user" + i));
    }
    for (int seconds = 1; seconds <= 8; seconds *= 2) {
      SignIn.Later later = assertInstanceOf(SignIn.Later.class, wrong(HERE, "another"));
      assertEquals(Duration.ofSeconds(seconds), later.left());
      clock.pass(Duration.ofSeconds(seconds));
      assertInstanceOf(SignIn.Wrong.class, wrong(HERE, "user" + seconds));
    }
  }

  @Test
  void a_name_is_protected_from_many_addresses_without_being_locked_out() {
    for (int i = 0; i < 1000; i++) {
      wrong("198.51.100." + i % 250 + "." + i, "ada");
      clock.pass(Duration.ofMillis(10));
    }
    SignIn.Later later = assertInstanceOf(SignIn.Later.class, access.signIn("ada", PASSWORD, HERE));
    assertTrue(later.left().compareTo(Duration.ofSeconds(30)) <= 0, later::toString);

    clock.pass(Duration.ofSeconds(30));
    welcome("ada");
  }

  @Test
  void addresses_of_one_ipv6_network_wait_together() {
    for (int i = 0; i < 5; i++) {
      wrong("2001:db8:1:2::" + i, "user" + i);
    }

    assertInstanceOf(SignIn.Later.class, wrong("2001:db8:1:2:ffff::1", "user9"));
    assertInstanceOf(SignIn.Wrong.class, wrong("2001:db8:1:3::1", "user9"));
  }

  @Test
  @Timeout(60)
  void ten_thousand_attempts_are_answered_in_bounded_time_and_room() throws Exception {
    for (int i = 0; i < 10_000; i++) {
      wrong(HERE, "user" + i);
      clock.pass(Duration.ofMillis(10));
    }

    AccessControl.Counts counts = access.counts();
    assertEquals(10_000, counts.wrong() + counts.limited());
    assertTrue(counts.wrong() <= 12, counts::toString);
    assertTrue(access.newestAudit(1000).size() <= 20);
  }

  @Test
  @Timeout(60)
  void passwords_from_many_addresses_at_once_are_not_all_checked() throws Exception {
    PasswordHash slow = new PasswordHash(4096, 3);
    try (AccessControl costly =
            AccessControl.open(data.resolve("b"), AccessSettings.DEFAULT, slow, clock);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      costly.createUser("ada", Role.ADMIN, PASSWORD);
      CountDownLatch together = new CountDownLatch(1);
      List<Future<SignIn>> answers = new ArrayList<>();
      for (int i = 0; i < 300; i++) {
        String who = "user" + i;
        String address = "198.51.%d.%d".formatted(i / 250, i % 250);
        answers.add(
            clients.submit(() -> {
              together.await();
              return costly.signIn(who, "wrong password", address);
            }));
      }
      together.countDown();
      int later = 0;
      for (Future<SignIn> answer : answers) {
        later += answer.get() instanceof SignIn.Later ? 1 : 0;
      }

      AccessControl.Counts counts = costly.counts();
      assertTrue(later > 0, counts::toString);
      assertEquals(later, counts.limited());
      assertEquals(300, counts.wrong() + counts.limited());
      assertInstanceOf(SignIn.Welcome.class, costly.signIn("ada", PASSWORD, HERE));
    }
  }

  @Test
  void a_clock_that_is_set_back_lets_nobody_wait_longer() {
    for (int i = 0; i < 5; i++) {
      wrong(HERE, "ada");
    }
    clock.pass(Duration.ofDays(-365));

    SignIn.Later later = assertInstanceOf(SignIn.Later.class, access.signIn("ada", PASSWORD, HERE));
    assertTrue(later.left().compareTo(Duration.ofSeconds(1)) <= 0, later::toString);
    clock.pass(Duration.ofSeconds(1));
    welcome("ada");
  }

  @Test
  void strangers_keep_no_owner_out() throws Exception {
    String secret = access.newSignInSecret();
    for (int i = 0; i < 20; i++) {
      access.signInByLink("wrong", "198.51.100." + i);
    }

    assertInstanceOf(SignIn.Welcome.class, access.signInByLink(secret, HERE));
  }

  @Test
  void an_unknown_user_takes_as_long_as_a_wrong_password() throws Exception {
    PasswordHash slow = new PasswordHash(4096, 3);
    try (AccessControl costly =
        AccessControl.open(data.resolve("b"), AccessSettings.DEFAULT, slow, clock)) {
      costly.createUser("ada", Role.ADMIN, PASSWORD);
      costly.signIn("ada", "wrong password", "192.0.2.7");
      double known = fastestNanos(costly, "ada", "192.0.2.8");
      double unknown = fastestNanos(costly, "eve", "192.0.2.9");

      assertEquals(1, unknown / known, 0.5, () -> known + " ns, " + unknown + " ns");
    }
  }

  /// The fastest of a few, since a busy machine only makes them slower.
  private static double fastestNanos(AccessControl access, String name, String address) {
    long fastest = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      long start = System.nanoTime();
      assertInstanceOf(SignIn.Wrong.class, access.signIn(name, "wrong password", address));
      fastest = Math.min(fastest, System.nanoTime() - start);
    }
    return fastest;
  }

  @Test
  void the_audit_tells_of_sign_ins_without_what_was_typed() throws Exception {
    access.signIn("my secret password", "oops, the name", HERE);
    wrong(HERE, "ada");
    welcome("ada");

    List<AuditEntry> entries = access.newestAudit(10);
    assertEquals(
        List.of("unknown wrong", "ada wrong", "ada signed in"),
        entries.stream().map(each -> each.who() + " " + each.result()).toList());
    String file = Files.readString(data.resolve("security/audit.jsonl"));
    assertFalse(file.contains("secret") || file.contains("oops") || file.contains(PASSWORD), file);
  }

  @Test
  void a_full_audit_goes_on_in_a_new_file_and_the_oldest_goes() throws Exception {
    PrivateFolder folder = PrivateFolder.open(data.resolve("audit"));
    try (Audit audit = new Audit(folder, 2000)) {
      for (int i = 0; i < 1000; i++) {
        audit.add(new AuditEntry(clock.instant(), "ada", "admin", HERE, "POST /api/x", "20" + i));
      }

      List<AuditEntry> newest = audit.newest(50);
      assertEquals(50, newest.size());
      assertEquals("20999", newest.getLast().result());
      assertEquals("20950", newest.getFirst().result());
      assertEquals(10, folder.file("").toFile().list((_, name) -> name.endsWith(".jsonl")).length);
    }
  }

  @Test
  void a_line_that_a_crash_has_cut_short_is_left_out() throws Exception {
    access.noteCommand("first", "done");
    Files.writeString(
        data.resolve("security/audit.jsonl"), "{\"time\":\"20", StandardOpenOption.APPEND);
    try (AccessControl again = Cheap.open(data, AccessSettings.DEFAULT, clock)) {
      again.noteCommand("second", "done");

      assertEquals(
          List.of("first", "second"),
          again.newestAudit(10).stream().map(AuditEntry::what).toList());
    }
    assertNull(access.anonymous());
  }
}
