package io.photophone.server;

import io.photophone.server.connection.HostNames;
import io.photophone.server.security.Lease;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Sends each request to its route, anything outside `/api/` to the page, and refuses what is
/// neither.
final class Router extends Handler.Wrapper {
  static final String POLICY = "Content-Security-Policy";

  private static final String API = "/api/";

  private final Routes routes;
  private final Guard guard;

  private final HostNames hosts;
  private final Origins origins;

  Router(Routes routes, Guard guard, Handler page, HostNames hosts, Origins origins) {
    super(page);
    this.routes = routes;
    this.guard = guard;
    this.hosts = hosts;
    this.origins = origins;
  }

  /// A command's body may arrive after its headers: to wait for it on a thread of the network would
  /// stop what brings it.
  @Override
  public InvocationType getInvocationType() {
    return InvocationType.BLOCKING;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    secure(response.getHeaders());
    try {
      checkHost(request);
      String path = Request.getPathInContext(request);
      RouteTable.Found found = routes.at(path);
      checkMethod(request, response, found == null ? Routes.READ : found.allowed());
      origins.check(request);
      if (found != null) {
        answer(found, found.of(request.getMethod()), request, response, callback);
        return true;
      }
      if (DocPage.isCutShort(path)) {
        DocPage.complete(request, response, callback);
        return true;
      }
      if (DocPage.has(path)) {
        DocPage.secure(response.getHeaders());
        if (super.handle(DocPage.file(request), response, callback)) {
          return true;
        }
      }
      if (!path.startsWith(API) && request.getHttpURI().isAmbiguous()) {
        throw new Problem.Refusal(
            HttpStatus.BAD_REQUEST_400, "a path outside /api/ has %2F or %25: " + path);
      }
      if (!path.startsWith(API) && super.handle(request, response, callback)) {
        return true;
      }
      throw new Problem.Refusal(HttpStatus.NOT_FOUND_404, "there is nothing at " + path);
    } catch (Problem.Refusal refusal) {
      refusal.problem().write(response, callback);
      return true;
    }
  }

  /// Answers with the operation if who asks may have it. What an operator or an administrator may
  /// change goes into the audit, whatever becomes of it.
  private void answer(
      RouteTable.Found found,
      RouteTable.Bound bound,
      Request request,
      Response response,
      Callback callback) {
    Operation operation = bound.operation();
    Lease lease = guard.check(request, response, operation.access());
    Accepted.check(request, operation);
    Query query = new Query(request, operation.ofQuery(), found.segments());
    if (lease == null || !operation.isAudited()) {
      bound.answer().answer(query, request, response, callback);
      return;
    }
    AuditedResponse audited = new AuditedResponse(request, response, lease);
    Callback noting = audited.noting(callback);
    try {
      bound.answer().answer(query, request, audited, noting);
    } catch (Problem.Refusal refusal) {
      refusal.problem().write(audited, noting);
    }
  }

  private static void checkMethod(Request request, Response response, Set<String> allowed) {
    String method = request.getMethod();
    if (!allowed.contains(method)) {
      String list = String.join(", ", new TreeSet<>(allowed));
      response.getHeaders().put(HttpHeader.ALLOW, list);
      throw new Problem.Refusal(
          HttpStatus.METHOD_NOT_ALLOWED_405,
          "the method is %s, allowed: %s".formatted(method, list));
    }
  }

  /// HTTP/2 names the host in place of the header; before, a whole address may stand in the first
  /// line without one.
  private void checkHost(Request request) {
    boolean named =
        request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2
            || request.getHeaders().contains(HttpHeader.HOST);
    String host = named ? request.getHttpURI().getHost() : null;
    if (!hosts.allows(host, request)) {
      throw new Problem.Refusal(
          HttpStatus.MISDIRECTED_REQUEST_421,
          "the host is %s, allowed: localhost, 127.0.0.1, [::1], and what server.names has"
              .formatted(host));
    }
  }

  /// What a browser is to be told with every answer.
  static void secure(HttpFields.Mutable headers) {
    headers.put(
        POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    headers.put("Cross-Origin-Opener-Policy", "same-origin");
    headers.put("Cross-Origin-Embedder-Policy", "require-corp");
    headers.put(
        "Permissions-Policy",
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()");
  }
}
