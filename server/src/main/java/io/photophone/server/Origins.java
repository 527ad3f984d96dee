package io.photophone.server;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.handler.CrossOriginHandler;

/// Whose pages may use the interface: this server's own, and those of the configured origins, each
/// exactly as its browser names it.
///
/// Contract: A30.
final class Origins {
  private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");
  private static final Set<String> HEADERS =
      Set.of("Accept", "Authorization", "Content-Type", "Last-Event-ID");
  private static final Duration PREFLIGHT_AGE = Duration.ofMinutes(10);

  private final List<String> allowed;

  Origins(List<String> allowed) {
    this.allowed = allowed;
  }

  /// Refuses what a foreign page asks for: to change something, or a connection whose messages it
  /// could read. Its browser tells where the page comes from; a program tells nothing.
  void check(Request request) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    if (origin == null || (Routes.READ.contains(request.getMethod()) && !isUpgrade(request))) {
      return;
    }
    String own = own(request.getHttpURI());
    if (!origin.equalsIgnoreCase(own) && !allowed.contains(origin)) {
      throw new Problem.Refusal(
          HttpStatus.FORBIDDEN_403,
          "the origin is %s, allowed: %s"
              .formatted(
                  origin, allowed.isEmpty() ? own : own + ", " + String.join(", ", allowed)));
    }
  }

  private static boolean isUpgrade(Request request) {
    return request.getHeaders().contains(HttpHeader.UPGRADE)
        || request.getHeaders().contains(HttpHeader.SEC_WEBSOCKET_KEY);
  }

  /// The origin of a page that was asked for like this.
  private static String own(HttpURI uri) {
    String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
    int standard = scheme.equals("https") ? 443 : 80;
    int port = uri.getPort();
    return port <= 0 || port == standard
        ? "%s://%s".formatted(scheme, uri.getHost())
        : "%s://%s:%d".formatted(scheme, uri.getHost(), port);
  }

  /// Answers preflights, and lets pages of the allowed origins read answers.
  Handler around(Handler handler) {
    if (allowed.isEmpty()) {
      return handler;
    }
    CrossOriginHandler cors = new CrossOriginHandler();
    cors.setAllowedOriginPatterns(
        allowed.stream().map(Pattern::quote).collect(Collectors.toUnmodifiableSet()));
    cors.setAllowCredentials(true);
    cors.setAllowedMethods(METHODS);
    cors.setAllowedHeaders(HEADERS);
    cors.setPreflightMaxAge(PREFLIGHT_AGE);
    cors.setDeliverNonAllowedOriginRequests(true);
    cors.setDeliverNonAllowedOriginWebSocketUpgradeRequests(true);
    cors.setHandler(handler);
    return cors;
  }
}
