package io.photophone.server;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Sends each request to its route, anything outside `/api/` to the page, and refuses what is
/// neither.
final class Router extends Handler.Wrapper {
  private static final String API = "/api/";

  private final Routes routes;

  Router(Routes routes, Handler page) {
    super(page);
    this.routes = routes;
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
      RouteTable.Bound bound = found == null ? null : found.of(request.getMethod());
      if (bound != null) {
        Query query = new Query(request, bound.operation().ofQuery(), found.segments());
        bound.answer().answer(query, request, response, callback);
        return true;
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

  /// What changes something is asked for by a page of this server, or by no page: a foreign page's
  /// request tells where it comes from.
  private static void checkMethod(Request request, Response response, Set<String> allowed) {
    String method = request.getMethod();
    if (!allowed.contains(method)) {
      String list = String.join(", ", new TreeSet<>(allowed));
      response.getHeaders().put(HttpHeader.ALLOW, list);
      throw new Problem.Refusal(
          HttpStatus.METHOD_NOT_ALLOWED_405,
          "the method is %s, allowed: %s".formatted(method, list));
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    String own = "http://" + request.getHeaders().get(HttpHeader.HOST);
    if (!Routes.READ.contains(method) && origin != null && !origin.equalsIgnoreCase(own)) {
      throw new Problem.Refusal(
          HttpStatus.FORBIDDEN_403, "the origin is %s, allowed: %s".formatted(origin, own));
    }
  }

  /// A foreign page may let its own name point to this machine; its requests then carry that name.
  private static void checkHost(Request request) {
    String host =
        request.getHeaders().contains(HttpHeader.HOST) ? request.getHttpURI().getHost() : null;
    if (host == null || !isLoopback(host.toLowerCase(Locale.ROOT))) {
      throw new Problem.Refusal(
          HttpStatus.MISDIRECTED_REQUEST_421,
          "the host is %s, allowed: localhost, 127.0.0.1, [::1]".formatted(host));
    }
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d{1,3}){3}");
  }

  /// What a browser is to be told with every answer.
  static void secure(HttpFields.Mutable headers) {
    headers.put(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
            + "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
  }
}
