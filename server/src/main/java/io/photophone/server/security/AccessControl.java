package io.photophone.server.security;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Who may use this program: its keys, tokens, users and sessions, which lie in the folder
/// `security` of the data directory, and the audit of what they changed.
///
/// The server and the commands of the directory's owner have one each, and see each other's changes
/// within a fifth of a second. For any thread.
public final class AccessControl implements AutoCloseable {
  /// What somebody goes by who came with a sign-in link.
  public static final String OWNER = "owner";

  static final String ANONYMOUS = "anonymous";

  /// Where the owner's commands come from, for the audit.
  private static final String CONSOLE = "console";

  private static final long AUDIT_FILE_BYTES = 1 << 20;
  private static final String ADDRESS = "address";

  /// Passwords that are checked or wait for it at a time; what many addresses try at once beyond
  /// that would occupy the machine for minutes.
  private static final int MOST_PASSWORDS = 16;

  private static final Duration BUSY_WAIT = Duration.ofSeconds(1);

  private final AccessSettings settings;
  private final InstantSource clock;
  private final PrivateFolder folder;
  private final SigningKeys keys;
  private final Tokens tokens;
  private final Users users;
  private final SignInLink link;
  private final SignInLimit limit;
  private final Tickets tickets;
  private final Audit audit;
  private final Semaphore passwords = new Semaphore(MOST_PASSWORDS);
  private final LongAdder busy = new LongAdder();
  private final LongAdder welcomed = new LongAdder();
  private final LongAdder wrong = new LongAdder();

  private AccessControl(
      PrivateFolder folder, AccessSettings settings, PasswordHash hashes, InstantSource clock)
      throws IOException {
    this.settings = settings;
    this.clock = clock;
    this.folder = folder;
    keys = new SigningKeys(folder, settings.keyPeriod(), clock);
    tokens = new Tokens(folder, keys, clock);
    users = new Users(folder, hashes, clock);
    link = new SignInLink(folder, clock);
    limit = new SignInLimit(clock);
    tickets = new Tickets(clock);
    audit = new Audit(folder, AUDIT_FILE_BYTES);
  }

  /// Reads what there is, and makes the folder and the first key where they are missing.
  ///
  /// @param data the data directory
  /// @throws IOException if a file can't be read or made
  public static AccessControl open(Path data, AccessSettings settings) throws IOException {
    return open(data, settings, PasswordHash.standard(), InstantSource.system());
  }

  /// The same with other costs of a password, and by another clock.
  public static AccessControl open(
      Path data, AccessSettings settings, PasswordHash hashes, InstantSource clock)
      throws IOException {
    return new AccessControl(PrivateFolder.open(data.resolve("security")), settings, hashes, clock);
  }

  /// Who asks without showing anything; null if nobody may.
  public @Nullable Caller anonymous() {
    Role role = settings.anonymous();
    return role == null ? null : Caller.anonymous(role);
  }

  /// Who shows this token.
  public Admission ofToken(String text) {
    try {
      Caller caller = tokens.read(text);
      String ended = ended(caller);
      return ended == null ? new Admission.Admitted(caller) : new Admission.Refused(ended);
    } catch (Tokens.RefusedException e) {
      return new Admission.Refused(String.valueOf(e.getMessage()));
    }
  }

  /// Who shows this ticket for this path, which is used then.
  public Admission ofTicket(String text, String path) {
    Caller caller = tickets.use(text, path);
    if (caller == null) {
      return new Admission.Refused(
          "the ticket is unknown, used, expired, or for another path; get a new one");
    }
    String ended = ended(caller);
    return ended == null ? new Admission.Admitted(caller) : new Admission.Refused(ended);
  }

  /// Why somebody who was let in is no more; null while they are.
  public @Nullable String ended(Caller caller) {
    if (caller.isAnonymous()) {
      return null;
    }
    String ended = tokens.ended(caller);
    if (ended != null || caller.revision() == null) {
      return ended;
    }
    User user = users.named(caller.name());
    return user != null && user.enabled() && user.revision() == caller.revision()
        ? null
        : "the user's role, password or admission was changed";
  }

  /// Signs in with a password.
  ///
  /// @param address of the client
  public SignIn signIn(String name, String password, String address) {
    return unlessBusy(() -> checked(name, password, address));
  }

  /// Counts nobody's attempt as failed where there is no room for it.
  private SignIn unlessBusy(Supplier<SignIn> attempt) {
    if (!passwords.tryAcquire()) {
      busy.increment();
      return new SignIn.Later(BUSY_WAIT);
    }
    try {
      return attempt.get();
    } finally {
      passwords.release();
    }
  }

  private SignIn checked(String name, String password, String address) {
    // What is no name isn't remembered, however long.
    Duration wait =
        limit.attempt(ClientAddress.network(address), Names.areAllowed(name) ? name : "");
    if (!wait.isZero()) {
      return new SignIn.Later(wait);
    }
    User user = users.withPassword(name, password);
    if (user == null) {
      wrong.increment();
      // A password typed in place of the name is not to be kept.
      String who = users.named(name) == null ? "unknown" : name;
      note(who, null, address, "sign in", new SignIn.Wrong().outcome());
      return new SignIn.Wrong();
    }
    limit.succeeded(ClientAddress.network(address), name);
    return welcome(user.name(), user.role(), user.revision(), address, "sign in");
  }

  /// Signs in as administrator with the secret of a sign-in link, which is used then.
  ///
  /// @throws IOException if the data directory can't be written
  public SignIn signInByLink(String secret, String address) throws IOException {
    // By the address alone: strangers keep no owner out, and nobody guesses the secret.
    String network = ClientAddress.network(address);
    Duration wait = limit.attempt(network, network);
    if (!wait.isZero()) {
      return new SignIn.Later(wait);
    }
    if (!link.redeem(secret)) {
      wrong.increment();
      note(OWNER, null, address, "sign in by link", new SignIn.Wrong().outcome());
      return new SignIn.Wrong();
    }
    limit.succeeded(network, network);
    return welcome(OWNER, Role.ADMIN, null, address, "sign in by link");
  }

  /// Begins a session of somebody whom an identity provider knows.
  public SignIn.Welcome signInByProvider(OidcOutcome.Known known, String address) {
    return welcome(known.name(), known.role(), null, address, "sign in by provider");
  }

  /// Notes that somebody came from an identity provider and may not come in.
  public void refusedByProvider(String address, String reason) {
    wrong.increment();
    note("somebody", null, address, "sign in by provider", Names.shown(reason));
  }

  private SignIn.Welcome welcome(
      String name, Role role, @Nullable Integer revision, String address, String what) {
    welcomed.increment();
    SignIn.Welcome welcome = begun(name, role, revision);
    note(name, role, address, what, welcome.outcome());
    return welcome;
  }

  private SignIn.Welcome begun(String name, Role role, @Nullable Integer revision) {
    String session = tokens.session(name, role, revision, settings.sessionLife());
    return switch (ofToken(session)) {
      case Admission.Admitted(Caller caller) -> new SignIn.Welcome(session, caller);
      case Admission.Refused(String reason) -> throw new IllegalStateException(reason);
    };
  }

  /// Another session in place of one that is past half its life; null for any other.
  public SignIn.@Nullable Welcome renewed(Caller caller) {
    Duration life = Duration.between(caller.issued(), caller.expires());
    return caller.session() && clock.instant().isAfter(caller.issued().plus(life.dividedBy(2)))
        ? begun(caller.name(), caller.role(), caller.revision())
        : null;
  }

  /// Ends a page's session.
  public void signOut(Caller caller, String address) {
    if (caller.session()) {
      tokens.endSession(caller);
      note(caller.name(), caller.role(), address, "sign out", "done");
    }
  }

  /// A ticket for one request of this path.
  ///
  /// @throws IllegalStateException if too many wait
  public String ticket(Caller caller, String path) {
    return tickets.make(caller, path);
  }

  /// How long a ticket counts.
  public Duration ticketLife() {
    return Tickets.LIFE;
  }

  /// Makes a token for a program.
  ///
  /// @param name that its holder goes by
  /// @throws IllegalArgumentException for a name or a life that isn't allowed
  public MadeToken makeToken(String name, Role role, Duration life, String by) {
    return tokens.issue(name, role, life, by);
  }

  /// The tokens for programs that haven't ended, the oldest first.
  public List<IssuedToken> tokens() {
    return tokens.all();
  }

  /// Ends a token for programs, at once.
  ///
  /// @return what is known of it; null if there is none
  public @Nullable IssuedToken revokeToken(String id) {
    return tokens.revoke(id);
  }

  /// All users.
  public List<User> users() {
    return users.all();
  }

  /// Makes a user.
  ///
  /// @throws IllegalArgumentException for a name or a password that isn't allowed
  /// @throws IllegalStateException if there is such a user
  public User createUser(String name, Role role, String password) {
    return users.create(name, role, password);
  }

  /// Changes what isn't null, which ends the user's sessions.
  ///
  /// @return the user; null if there is none
  /// @throws IllegalArgumentException for a password that isn't allowed
  /// @throws IllegalStateException if no administrator would be left
  public @Nullable User changeUser(
      String name, @Nullable Role role, @Nullable String password, @Nullable Boolean enabled) {
    return users.change(name, new Users.Change(role, password, enabled));
  }

  /// Changes somebody's own password, who knows the present one, and begins a new session.
  public SignIn changePassword(Caller caller, String present, String next, String address) {
    return unlessBusy(() -> changed(caller, present, next, address));
  }

  private SignIn changed(Caller caller, String present, String next, String address) {
    Duration wait = limit.attempt(ClientAddress.network(address), caller.name());
    if (!wait.isZero()) {
      return new SignIn.Later(wait);
    }
    User user = users.withPassword(caller.name(), present);
    if (user == null) {
      wrong.increment();
      note(caller.name(), caller.role(), address, "change own password", "wrong");
      return new SignIn.Wrong();
    }
    limit.succeeded(ClientAddress.network(address), caller.name());
    User changed = users.change(user.name(), new Users.Change(null, next, null));
    if (changed == null) {
      return new SignIn.Wrong();
    }
    note(caller.name(), caller.role(), address, "change own password", "done");
    return begun(changed.name(), changed.role(), changed.revision());
  }

  /// Removes a user; false if there is none.
  ///
  /// @throws IllegalStateException if no administrator would be left
  public boolean deleteUser(String name) {
    boolean there = users.named(name) != null;
    users.delete(name);
    return there;
  }

  /// Makes the secret of a new sign-in link; the one before it counts no more.
  public String newSignInSecret() throws IOException {
    return link.make();
  }

  /// How long a sign-in link counts.
  public static Duration linkLife() {
    return SignInLink.LIFE;
  }

  /// Keeps where the page is, for those who make links to it.
  public void serverIsAt(String address) throws IOException {
    folder.write(ADDRESS, address);
  }

  /// Where a server said last that its page is; null if none did.
  public @Nullable String serverAddress() throws IOException {
    return folder.text(ADDRESS);
  }

  /// Notes what somebody changed.
  ///
  /// @param result the status, or what came of it
  public void note(Caller caller, String address, String what, String result) {
    note(caller.name(), caller.role(), address, what, result);
  }

  /// Notes what the directory's owner did by a command.
  public void noteCommand(String what, String result) {
    note(OWNER, Role.ADMIN, CONSOLE, what, result);
  }

  private void note(String who, @Nullable Role role, String address, String what, String result) {
    audit.add(
        new AuditEntry(
            clock.instant(), who, role == null ? "" : role.wireName(), address, what, result));
  }

  /// The newest lines of the audit, oldest first.
  public List<AuditEntry> newestAudit(int limit) throws IOException {
    return audit.newest(limit);
  }

  /// The public keys, as a JSON Web Key Set.
  public Map<String, Object> publicKeys() {
    return keys.known().toJSONObject(true);
  }

  /// What was counted since the start.
  public Counts counts() {
    return new Counts(welcomed.sum(), wrong.sum(), limit.refused() + busy.sum(), audit.lost());
  }

  /// Sign-ins and what failed, since the start.
  ///
  /// @param welcomed sign-ins
  /// @param wrong attempts with a wrong password or link
  /// @param limited attempts that were told to wait
  /// @param auditLost lines of the audit that couldn't be written
  public record Counts(long welcomed, long wrong, long limited, long auditLost) {}

  @Override
  public void close() throws IOException {
    audit.close();
  }
}
