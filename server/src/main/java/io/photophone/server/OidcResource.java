package io.photophone.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.photophone.server.Parameter.Word;
import io.photophone.server.security.Access;
import io.photophone.server.security.AccessControl;
import io.photophone.server.security.ClientAddress;
import io.photophone.server.security.OidcOutcome;
import io.photophone.server.security.OidcSignIn;
import io.photophone.server.security.SignIn;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/// `/api/auth/oidc/…`: signing in at an identity provider. A browser comes here as it goes from
/// page to page, so what goes wrong is told as a page.
final class OidcResource {
  private static final String TAG = "Access";
  private static final String CALLBACK = "/api/auth/oidc/callback";
  private static final String COOKIE = "photophone-oidc";

  static final Operation GET_OIDC =
      Operation.get("/api/auth/oidc", TAG, "Whether people may sign in at an identity provider")
          .open(new Access.Anyone())
          .json("whether", Available.class);
  static final Operation GET_SIGN_IN =
      Operation.get("/api/auth/oidc/sign-in", TAG, "Sends a browser to the identity provider")
          .open(new Access.Anyone())
          .answering(new Outcome.Nothing(HttpStatus.SEE_OTHER_303, "to the provider"))
          .refusing(HttpStatus.NOT_FOUND_404, "no identity provider is configured")
          .refusing(HttpStatus.BAD_GATEWAY_502, "it can't be reached");
  static final Operation GET_CALLBACK =
      Operation.get(
              CALLBACK,
              TAG,
              "Where the identity provider sends the browser back to",
              new Word("state", "which sign-in this is"),
              new Word("code", "for which the provider tells who it is"),
              new Word("error", "why the provider refuses"),
              new Word("error_description", "the same for people"),
              new Word("error_uri", "a page about it"),
              new Word("iss", "the provider"),
              new Word("scope", "what it tells of"),
              new Word("session_state", "of the provider's own session"),
              new Word("authuser", "which of several sessions"),
              new Word("hd", "the person's domain"),
              new Word("prompt", "what the person was asked"))
          .open(new Access.Anyone())
          .answering(new Outcome.Nothing(HttpStatus.SEE_OTHER_303, "to the page, with a session"))
          .refusing(HttpStatus.NOT_FOUND_404, "no identity provider is configured")
          .refusing(HttpStatus.FORBIDDEN_403, "the sign-in doesn't hold, or gives no role")
          .refusing(HttpStatus.BAD_GATEWAY_502, "the identity provider can't be reached");

  private final AccessControl control;
  private final @Nullable OidcSignIn oidc;

  /// @param oidc null where no provider is configured
  OidcResource(AccessControl control, @Nullable OidcSignIn oidc) {
    this.control = control;
    this.oidc = oidc;
  }

  void addTo(RouteTable table) {
    table.addJson(GET_OIDC, _ -> new Available(oidc != null));
    table.addPlain(GET_SIGN_IN, this::signIn);
    table.addPlain(GET_CALLBACK, this::callback);
  }

  record Available(boolean available) {}

  private OidcSignIn configured() {
    if (oidc == null) {
      throw new Problem.Refusal(
          HttpStatus.NOT_FOUND_404, "no identity provider is configured (security.oidc)");
    }
    return oidc;
  }

  private void signIn(Request request, Response response, Callback callback) {
    OidcSignIn configured = configured();
    try {
      OidcSignIn.Begun begun = configured.begin(redirect(request));
      setState(request, response, begun.state(), OidcSignIn.PATIENCE);
      send(response, callback, begun.provider().toString());
    } catch (IOException e) {
      refuse(response, callback, HttpStatus.BAD_GATEWAY_502, configured.unavailable(e).reason());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    }
  }

  private void callback(Request request, Response response, Callback callback) {
    OidcSignIn configured = configured();
    Fields query = Request.extractQueryParameters(request);
    String state = query.getValue("state");
    String code = query.getValue("code");
    String own = state(request);
    setState(request, response, "", Duration.ZERO);
    if (state == null || code == null) {
      String error = query.getValue("error");
      refuse(
          response,
          callback,
          HttpStatus.FORBIDDEN_403,
          error == null
              ? "the identity provider sent no code"
              : "the identity provider refuses: " + error);
      return;
    }
    try {
      String address = ClientAddress.of(request);
      switch (configured.end(state, own, code)) {
        case OidcOutcome.Known known -> {
          SignIn.Welcome welcome = control.signInByProvider(known, address);
          Guard.setSession(
              request,
              response,
              welcome.session(),
              Duration.between(welcome.caller().issued(), welcome.caller().expires()));
          send(response, callback, "/");
        }
        case OidcOutcome.Refused(String reason) -> {
          control.refusedByProvider(address, reason);
          refuse(response, callback, HttpStatus.FORBIDDEN_403, reason);
        }
        case OidcOutcome.Unavailable(String reason) ->
            refuse(response, callback, HttpStatus.BAD_GATEWAY_502, reason);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      callback.failed(e);
    }
  }

  /// As the browser called this server, which has checked that it is one of its names.
  private static String redirect(Request request) {
    HttpURI uri = request.getHttpURI();
    return "%s://%s%s".formatted(uri.getScheme(), uri.getAuthority(), CALLBACK);
  }

  private static void send(Response response, Callback callback, String location) {
    response.setStatus(HttpStatus.SEE_OTHER_303);
    response.getHeaders().put(HttpHeader.LOCATION, location);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    callback.succeeded();
  }

  /// Comes along as the provider sends the browser back, which a strict cookie wouldn't.
  private static void setState(Request request, Response response, String state, Duration life) {
    Response.addCookie(
        response,
        HttpCookie.build(COOKIE, state)
            .path(CALLBACK)
            .maxAge(life.toSeconds())
            .httpOnly(true)
            .secure(request.isSecure())
            .sameSite(HttpCookie.SameSite.LAX)
            .build());
  }

  private static @Nullable String state(Request request) {
    return Request.getCookies(request).stream()
        .filter(cookie -> cookie.getName().equals(COOKIE))
        .map(HttpCookie::getValue)
        .findFirst()
        .orElse(null);
  }

  private static void refuse(Response response, Callback callback, int status, String reason) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html;charset=utf-8");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    String page =
        """
        <!doctype html>
        <html lang="en">
          <head>
            <meta charset="utf-8">
            <title>Photophone: not signed in</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <link rel="stylesheet" href="/style.css">
          </head>
          <body>
            <main>
              <h1>Not signed in</h1>
              <p role="alert">%s</p>
              <p><a href="/sign-in.html">Other ways to sign in</a></p>
            </main>
          </body>
        </html>
        """
            .formatted(escaped(reason));
    response.write(true, ByteBuffer.wrap(page.getBytes(UTF_8)), callback);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
