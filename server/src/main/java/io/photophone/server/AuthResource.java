package io.photophone.server;

import io.photophone.server.Parameter.Segment;
import io.photophone.server.Parameter.Whole;
import io.photophone.server.security.Access;
import io.photophone.server.security.AccessControl;
import io.photophone.server.security.AuditEntry;
import io.photophone.server.security.Caller;
import io.photophone.server.security.ClientAddress;
import io.photophone.server.security.IssuedToken;
import io.photophone.server.security.Lease;
import io.photophone.server.security.MadeToken;
import io.photophone.server.security.Role;
import io.photophone.server.security.SignIn;
import io.photophone.server.security.User;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// `/api/auth/…`: signing in and out, tickets, and, for administrators, users, tokens and the
/// audit. Contract: A29.
final class AuthResource {
  private static final String TAG = "Access";
  private static final int MOST_BYTES = 8192;
  private static final int LEAST_LIFE_S = 1;
  private static final long DEFAULT_LIFE_S = Duration.ofDays(30).toSeconds();
  private static final Access ADMINS = new Access.AtLeast(Role.ADMIN);
  private static final Access VIEWERS = new Access.AtLeast(Role.VIEWER);
  private static final Segment NAME = new Segment("name", "of a user");
  private static final Segment ID = new Segment("id", "of a token");
  private static final Whole LIMIT =
      new Whole("limit", "how many lines at most, the newest", 100, 1, 10_000);

  private static final Body<SignInOrder> SIGN_IN =
      Body.ofJson(
          SignInOrder.class,
          MOST_BYTES,
          "{\"name\": \"ada\", \"password\": \"…\"}",
          "{\"link\": \"what stands behind # in the sign-in link\"}");
  private static final Body<PasswordOrder> PASSWORD =
      Body.ofJson(
          PasswordOrder.class, MOST_BYTES, "{\"password\": \"…\", \"new_password\": \"…\"}");
  private static final Body<TicketOrder> TICKET =
      Body.ofJson(TicketOrder.class, MOST_BYTES, "{\"path\": \"/api/stream\"}");
  private static final Body<UserOrder> USER =
      Body.ofJson(
          UserOrder.class,
          MOST_BYTES,
          "{\"name\": \"ada\", \"role\": \"viewer\", \"password\": \"…\"}");
  private static final Body<UserChange> CHANGE =
      Body.ofJson(
          UserChange.class,
          MOST_BYTES,
          "{\"role\": \"operator\"}",
          "{\"password\": \"…\"}",
          "{\"enabled\": false}");
  private static final Body<TokenOrder> TOKEN =
      Body.ofJson(
          TokenOrder.class,
          MOST_BYTES,
          "{\"name\": \"plotter\", \"role\": \"viewer\", \"expires_s\": 86400}");

  static final Operation POST_SIGN_IN =
      Operation.post("/api/auth/sign-in", TAG, "Begins a session of a page, with a cookie", SIGN_IN)
          .open(new Access.Anyone())
          .json("who is signed in", Me.class)
          .refusing(HttpStatus.TOO_MANY_REQUESTS_429, "too many attempts; Retry-After says when");
  static final Operation POST_SIGN_OUT =
      Operation.post("/api/auth/sign-out", TAG, "Ends the session of the page")
          .open(VIEWERS)
          .nothing("it has ended");
  static final Operation GET_ME =
      Operation.get("/api/auth/me", TAG, "Who asks; renews the session of a page")
          .json("who, their role, and until when", Me.class);
  static final Operation POST_PASSWORD =
      Operation.post("/api/auth/password", TAG, "Changes one's own password", PASSWORD)
          .open(VIEWERS)
          .json("who is signed in, in a new session", Me.class)
          .refusing(HttpStatus.TOO_MANY_REQUESTS_429, "too many attempts; Retry-After says when");
  static final Operation POST_TICKETS =
      Operation.post(
              "/api/auth/tickets",
              TAG,
              "A ticket for one GET of one path, as its query parameter ticket",
              TICKET)
          .open(VIEWERS)
          .json("the ticket", Ticket.class);
  static final Operation GET_USERS =
      Operation.get("/api/auth/users", TAG, "All users").open(ADMINS).json("all", AllUsers.class);
  static final Operation POST_USERS =
      Operation.post("/api/auth/users", TAG, "Makes a user", USER)
          .open(ADMINS)
          .json("the user", UserInfo.class)
          .refusing(HttpStatus.CONFLICT_409, "there is such a user");
  static final Operation PUT_USER =
      Operation.put(
              "/api/auth/users/{name}",
              TAG,
              "Changes a user's role, password or admission, and ends their sessions",
              CHANGE,
              NAME)
          .open(ADMINS)
          .json("the user", UserInfo.class)
          .refusing(HttpStatus.CONFLICT_409, "no administrator would be left");
  static final Operation DELETE_USER =
      Operation.delete("/api/auth/users/{name}", TAG, "Removes a user", NAME)
          .open(ADMINS)
          .nothing("it is gone")
          .refusing(HttpStatus.CONFLICT_409, "no administrator would be left");
  static final Operation GET_TOKENS =
      Operation.get("/api/auth/tokens", TAG, "The tokens that haven't ended, never themselves")
          .open(ADMINS)
          .json("all", AllTokens.class);
  static final Operation POST_TOKENS =
      Operation.post("/api/auth/tokens", TAG, "Makes a token for a program", TOKEN)
          .open(ADMINS)
          .json("the token, this once", NewToken.class);
  static final Operation DELETE_TOKEN =
      Operation.delete("/api/auth/tokens/{id}", TAG, "Revokes a token, and ends its streams", ID)
          .open(ADMINS)
          .nothing("it counts no more");
  static final Operation GET_AUDIT =
      Operation.get("/api/auth/audit", TAG, "Who changed what, the newest lines", LIMIT)
          .open(ADMINS)
          .json("oldest first", AuditLines.class);
  static final Operation GET_KEYS =
      Operation.get("/.well-known/jwks.json", TAG, "The public keys of tokens (RFC 7517)")
          .open(new Access.Anyone())
          .answering(
              new Outcome.Content(
                  HttpStatus.OK_200, "a JSON Web Key Set", "application/jwk-set+json"));

  private final AccessControl control;

  AuthResource(AccessControl control) {
    this.control = control;
  }

  void addTo(RouteTable table) {
    table.addPlain(POST_SIGN_IN, this::signIn);
    table.addPlain(POST_SIGN_OUT, this::signOut);
    table.addPlain(GET_ME, this::me);
    table.addPlain(POST_PASSWORD, this::changePassword);
    table.addPlain(POST_TICKETS, this::ticket);
    table.addJson(
        GET_USERS, _ -> new AllUsers(control.users().stream().map(UserInfo::of).toList()));
    table.addPlain(POST_USERS, this::createUser);
    table.add(PUT_USER, this::changeUser);
    table.add(DELETE_USER, this::deleteUser);
    table.addJson(GET_TOKENS, _ -> new AllTokens(control.tokens()));
    table.addPlain(POST_TOKENS, this::makeToken);
    table.add(DELETE_TOKEN, this::revokeToken);
    table.addJson(GET_AUDIT, query -> new AuditLines(audit(query)));
    table.addPlain(GET_KEYS, this::keys);
  }

  /// Either a name with a password, or the secret of a sign-in link.
  record SignInOrder(@Nullable String name, @Nullable String password, @Nullable String link) {}

  record PasswordOrder(@Nullable String password, @Nullable String newPassword) {}

  record TicketOrder(@Nullable String path) {}

  record UserOrder(@Nullable String name, @Nullable String role, @Nullable String password) {}

  record UserChange(@Nullable String role, @Nullable String password, @Nullable Boolean enabled) {}

  /// @param expiresS a month if it is left out
  record TokenOrder(@Nullable String name, @Nullable String role, @Nullable Long expiresS) {}

  /// @param expires null where nothing ends
  record Me(String name, String role, boolean anonymous, @Nullable Instant expires) {
    static Me of(Caller caller) {
      return new Me(
          caller.name(),
          caller.role().wireName(),
          caller.isAnonymous(),
          caller.isAnonymous() ? null : caller.expires());
    }
  }

  record Ticket(String ticket, String path, long expiresInS) {}

  record UserInfo(String name, String role, boolean enabled, Instant created) {
    static UserInfo of(User user) {
      return new UserInfo(user.name(), user.role().wireName(), user.enabled(), user.created());
    }
  }

  record AllUsers(List<UserInfo> users) {}

  record AllTokens(List<IssuedToken> tokens) {}

  record NewToken(String id, String name, String role, Instant expires, String token) {}

  record AuditLines(List<AuditEntry> audit) {}

  private void signIn(Request request, Response response, Callback callback) {
    SignInOrder order = secret(SIGN_IN, request);
    String address = ClientAddress.of(request);
    SignIn signIn;
    if (order.link() != null && order.name() == null && order.password() == null) {
      try {
        signIn = control.signInByLink(order.link(), address);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    } else if (order.link() == null && order.name() != null && order.password() != null) {
      signIn = control.signIn(order.name(), order.password(), address);
    } else {
      throw bad(SIGN_IN, "the body has neither a name with a password nor a link");
    }
    answer(
        signIn,
        order.link() == null
            ? "name or password is wrong"
            : "the link was used, has expired or is wrong; './photophone sign-in --data DIR' prints"
                + " a new one",
        request,
        response,
        callback);
  }

  private static void answer(
      SignIn signIn, String wrong, Request request, Response response, Callback callback) {
    switch (signIn) {
      case SignIn.Welcome(String session, Caller caller) -> {
        Guard.setSession(
            request, response, session, Duration.between(caller.issued(), caller.expires()));
        Routes.writeJson(response, callback, Me.of(caller));
      }
      case SignIn.Wrong _ -> throw new Problem.Refusal(HttpStatus.UNAUTHORIZED_401, wrong);
      case SignIn.Later(Duration left) -> {
        long seconds = left.toSeconds() + 1;
        response.getHeaders().put(HttpHeader.RETRY_AFTER, seconds);
        throw new Problem.Refusal(
            HttpStatus.TOO_MANY_REQUESTS_429,
            "too many attempts failed; the next one in %d s".formatted(seconds));
      }
    }
  }

  private void signOut(Request request, Response response, Callback callback) {
    control.signOut(caller(request), ClientAddress.of(request));
    Guard.setSession(request, response, "", Duration.ZERO);
    nothing(response, callback);
  }

  private void me(Request request, Response response, Callback callback) {
    Caller caller = caller(request);
    SignIn.Welcome renewed = control.renewed(caller);
    if (renewed != null) {
      answer(renewed, "", request, response, callback);
      return;
    }
    Routes.writeJson(response, callback, Me.of(caller));
  }

  private void changePassword(Request request, Response response, Callback callback) {
    PasswordOrder order = secret(PASSWORD, request);
    Caller caller = caller(request);
    if (!caller.session() || caller.revision() == null) {
      throw new Problem.Refusal(
          HttpStatus.CONFLICT_409,
          "%s has no password: there is one for users who have signed in".formatted(caller.name()));
    }
    SignIn signIn =
        allowed(() ->
            control.changePassword(
                caller,
                given(PASSWORD, "password", order.password()),
                given(PASSWORD, "new_password", order.newPassword()),
                ClientAddress.of(request)));
    answer(signIn, "the present password is wrong", request, response, callback);
  }

  private void ticket(Request request, Response response, Callback callback) {
    String path = given(TICKET, "path", TICKET.read(request).path());
    if (!path.startsWith("/") || path.contains("?")) {
      throw bad(TICKET, "the path is %s".formatted(path));
    }
    String ticket = allowed(() -> control.ticket(caller(request), path));
    Routes.writeJson(
        response, callback, new Ticket(ticket, path, control.ticketLife().toSeconds()));
  }

  private void createUser(Request request, Response response, Callback callback) {
    UserOrder order = secret(USER, request);
    String name = given(USER, "name", order.name());
    Role role = role(given(USER, "role", order.role()));
    AuditedResponse.tell(request, "%s, %s".formatted(name, role.wireName()));
    User user =
        allowed(() -> control.createUser(name, role, given(USER, "password", order.password())));
    Routes.writeJson(response, callback, UserInfo.of(user));
  }

  private void changeUser(Query query, Request request, Response response, Callback callback) {
    UserChange order = secret(CHANGE, request);
    String name = query.segment(NAME);
    Role role = order.role() == null ? null : role(order.role());
    if (role == null && order.password() == null && order.enabled() == null) {
      throw bad(CHANGE, "the body changes nothing");
    }
    AuditedResponse.tell(
        request,
        "role %s, password %s, enabled %s"
            .formatted(
                role == null ? "as before" : role.wireName(),
                order.password() == null ? "as before" : "new",
                order.enabled() == null ? "as before" : order.enabled()));
    User user = allowed(() -> control.changeUser(name, role, order.password(), order.enabled()));
    if (user == null) {
      throw unknown("user", name);
    }
    Routes.writeJson(response, callback, UserInfo.of(user));
  }

  private void deleteUser(Query query, Request request, Response response, Callback callback) {
    String name = query.segment(NAME);
    if (!allowed(() -> control.deleteUser(name))) {
      throw unknown("user", name);
    }
    nothing(response, callback);
  }

  private void makeToken(Request request, Response response, Callback callback) {
    TokenOrder order = TOKEN.read(request);
    long seconds = order.expiresS() == null ? DEFAULT_LIFE_S : order.expiresS();
    if (seconds < LEAST_LIFE_S || seconds > Integer.MAX_VALUE) {
      throw bad(TOKEN, "expires_s is " + seconds);
    }
    MadeToken made =
        allowed(() ->
            control.makeToken(
                given(TOKEN, "name", order.name()),
                role(given(TOKEN, "role", order.role())),
                Duration.ofSeconds(seconds),
                caller(request).name()));
    IssuedToken about = made.about();
    Routes.writeJson(
        response,
        callback,
        new NewToken(
            about.id(), about.name(), about.role().wireName(), about.expires(), made.text()));
  }

  private void revokeToken(Query query, Request request, Response response, Callback callback) {
    String id = query.segment(ID);
    if (control.revokeToken(id) == null) {
      throw unknown("token", id);
    }
    nothing(response, callback);
  }

  private List<AuditEntry> audit(Query query) {
    try {
      return control.newestAudit(query.whole(LIMIT, LIMIT.highest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void keys(Request request, Response response, Callback callback) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/jwk-set+json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    response.write(true, ByteBuffer.wrap(Json.bytes(control.publicKeys())), callback);
  }

  private static Caller caller(Request request) {
    Lease lease = Lease.of(request);
    if (lease == null) {
      throw new IllegalStateException("the operation is open to anyone");
    }
    return lease.caller();
  }

  /// A body that has a secret in it, which goes into no answer and no audit.
  private static <T> T secret(Body<T> body, Request request) {
    return Json.readSecret(body.text(request), body.type(), body.allowed());
  }

  private static <T> T given(Body<?> body, String key, @Nullable T value) {
    if (value == null) {
      throw bad(body, "the body has no " + key);
    }
    return value;
  }

  private static Role role(String name) {
    try {
      return Role.named(name);
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  /// Something that says by an exception what isn't allowed.
  private interface Order<T extends @Nullable Object> {
    T carryOut();
  }

  private static <T extends @Nullable Object> T allowed(Order<T> order) {
    try {
      return order.carryOut();
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw new Problem.Refusal(HttpStatus.CONFLICT_409, String.valueOf(e.getMessage()));
    }
  }

  private static void nothing(Response response, Callback callback) {
    response.setStatus(HttpStatus.NO_CONTENT_204);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    callback.succeeded();
  }

  private static Problem.Refusal bad(Body<?> body, String what) {
    return new Problem.Refusal(HttpStatus.BAD_REQUEST_400, what + ", allowed: " + body.allowed());
  }

  private static Problem.Refusal unknown(String what, String name) {
    return new Problem.Refusal(HttpStatus.NOT_FOUND_404, "there is no %s %s".formatted(what, name));
  }
}
