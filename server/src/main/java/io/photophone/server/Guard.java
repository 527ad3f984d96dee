package io.photophone.server;

import io.photophone.server.security.Access;
import io.photophone.server.security.AccessControl;
import io.photophone.server.security.Admission;
import io.photophone.server.security.Caller;
import io.photophone.server.security.Lease;
import io.photophone.server.security.Role;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/// Lets a request through to its operation if who asks may have it. Contract: A29.
///
/// They show a token in the header `Authorization`, a ticket in the query where they read, or the
/// cookie of a page's session, the first of which alone counts.
final class Guard implements MetricSource {
  /// The query parameter of any operation that reads.
  static final String TICKET = "ticket";

  private static final String BEARER = "bearer ";
  private static final String HOW =
      "; sign in at /sign-in.html, or send 'Authorization: Bearer TOKEN' with what"
          + " './photophone token --data DIR' prints";

  private final AccessControl control;
  private final LongAdder strangers = new LongAdder();
  private final LongAdder forbidden = new LongAdder();
  private final LongAdder crossSite = new LongAdder();

  Guard(AccessControl control) {
    this.control = control;
  }

  /// Who asks for an operation; null where anyone may.
  ///
  /// @throws Problem.Refusal with 401 for who shows nothing that counts, with 403 for who may not
  @Nullable Lease check(Request request, Response response, Access access) {
    return switch (access) {
      case Access.Anyone _ -> null;
      case Access.AtLeast(Role least) -> {
        Caller caller = caller(request, response);
        if (!caller.role().includes(least)) {
          if (caller.isAnonymous()) {
            throw stranger(response, "this takes the role " + least.wireName());
          }
          forbidden.increment();
          throw new Problem.Refusal(
              HttpStatus.FORBIDDEN_403,
              "the role of %s is %s, allowed: %s%s"
                  .formatted(
                      caller.name(),
                      caller.role().wireName(),
                      least.wireName(),
                      least == Role.ADMIN ? "" : " or above"));
        }
        Lease lease = new Lease(caller, control);
        lease.grant(request);
        yield lease;
      }
    };
  }

  private Caller caller(Request request, Response response) {
    String header = request.getHeaders().get(HttpHeader.AUTHORIZATION);
    if (header != null) {
      if (!header.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
        throw stranger(response, "the authorization is of another scheme, allowed: Bearer");
      }
      return admitted(control.ofToken(header.substring(BEARER.length()).strip()), response);
    }
    String ticket = ticket(request);
    if (ticket != null) {
      return admitted(control.ofTicket(ticket, Request.getPathInContext(request)), response);
    }
    String session = session(request);
    if (session != null) {
      checkSite(request);
      Admission admission = control.ofToken(session);
      Caller anonymous = control.anonymous();
      return anonymous != null && admission instanceof Admission.Refused
          ? anonymous
          : admitted(admission, response);
    }
    Caller anonymous = control.anonymous();
    if (anonymous == null) {
      throw stranger(response, "nobody is signed in");
    }
    return anonymous;
  }

  private Caller admitted(Admission admission, Response response) {
    return switch (admission) {
      case Admission.Admitted(Caller caller) -> caller;
      case Admission.Refused(String reason) -> throw stranger(response, reason);
    };
  }

  private Problem.Refusal stranger(Response response, String reason) {
    strangers.increment();
    response.getHeaders().put(HttpHeader.WWW_AUTHENTICATE, "Bearer realm=\"photophone\"");
    return new Problem.Refusal(HttpStatus.UNAUTHORIZED_401, reason + HOW);
  }

  private static @Nullable String ticket(Request request) {
    if (!Routes.READ.contains(request.getMethod())
        || request.getHttpURI().getQuery() == null
        || !request.getHttpURI().getQuery().contains(TICKET + "=")) {
      return null;
    }
    Fields.Field field;
    try {
      field = Request.extractQueryParameters(request).get(TICKET);
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400, "the query is not UTF-8 in percent encoding");
    }
    return field == null ? null : field.getValue();
  }

  /// A cookie comes along whoever makes the browser ask; where a browser tells who did, it must be
  /// a page of ours, or the user.
  private void checkSite(Request request) {
    String site = request.getHeaders().get("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      crossSite.increment();
      throw new Problem.Refusal(
          HttpStatus.FORBIDDEN_403,
          "the request's site is %s, allowed with a session: same-origin".formatted(site));
    }
  }

  private static @Nullable String session(Request request) {
    String name = cookieName(request);
    for (HttpCookie cookie : Request.getCookies(request)) {
      if (cookie.getName().equals(name)) {
        return cookie.getValue();
      }
    }
    return null;
  }

  /// Has the port in it, since a browser sends a host's cookies to all its ports, and another
  /// Photophone may listen there.
  private static String cookieName(Request request) {
    return "%sphotophone-%d"
        .formatted(request.isSecure() ? "__Host-" : "", Request.getLocalPort(request));
  }

  /// Has the browser keep a session, or forget it where the life is zero.
  static void setSession(Request request, Response response, String session, Duration life) {
    Response.addCookie(
        response,
        HttpCookie.build(cookieName(request), session)
            .path("/")
            .maxAge(life.toSeconds())
            .httpOnly(true)
            .secure(request.isSecure())
            .sameSite(HttpCookie.SameSite.STRICT)
            .build());
  }

  @Override
  public void addTo(Metrics metrics) {
    String name = "photophone_web_refused_requests";
    String help = "Requests of those who may not ask.";
    metrics.counter(name, help, strangers.sum(), "reason", "not_signed_in");
    metrics.counter(name, help, forbidden.sum(), "reason", "role");
    metrics.counter(name, help, crossSite.sum(), "reason", "cross_site");
    AccessControl.Counts counts = control.counts();
    String signIns = "photophone_sign_ins";
    String ofSignIns = "Attempts to sign in.";
    metrics.counter(signIns, ofSignIns, counts.welcomed(), "result", "welcome");
    metrics.counter(signIns, ofSignIns, counts.wrong(), "result", "wrong");
    metrics.counter(signIns, ofSignIns, counts.limited(), "result", "too_many");
    metrics.counter(
        "photophone_audit_lost_lines",
        "Lines of the audit that couldn't be written.",
        counts.auditLost());
  }
}
