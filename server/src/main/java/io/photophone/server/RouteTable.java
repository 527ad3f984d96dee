package io.photophone.server;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// Operations, and what answers them. Filled by one thread before requests come.
final class RouteTable {
  private final Map<String, Route> routes = new HashMap<>();
  private final List<Route> templates = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();

  /// A path, and what its methods do.
  private record Route(PathTemplate path, Map<String, Bound> methods) {}

  /// An operation, and what answers it.
  record Bound(Operation operation, Answer answer) {}

  /// A path that was asked for.
  ///
  /// @param methods by their names
  /// @param segments values of the parts in braces, by their names
  record Found(Map<String, Bound> methods, Map<String, String> segments) {

    /// The methods that the path takes.
    Set<String> allowed() {
      Set<String> allowed = new TreeSet<>(methods.keySet());
      if (allowed.contains(HttpMethod.GET.asString())) {
        allowed.add(HttpMethod.HEAD.asString());
      }
      return allowed;
    }

    /// What answers a method that is allowed; `HEAD` is answered like `GET`.
    Bound of(String method) {
      Bound bound = methods.get(HttpMethod.HEAD.is(method) ? HttpMethod.GET.asString() : method);
      if (bound == null) {
        throw new IllegalArgumentException("a method that is not allowed: " + method);
      }
      return bound;
    }
  }

  /// Writes the response and completes the callback, now or later.
  interface Answer {
    void answer(Query query, Request request, Response response, Callback callback);
  }

  /// The same where there are no parameters.
  interface Plain {
    void answer(Request request, Response response, Callback callback);
  }

  /// Has this answer that operation.
  ///
  /// @throws IllegalArgumentException if another does already
  void add(Operation operation, Answer answer) {
    Route route =
        routes.computeIfAbsent(
            operation.path().text(), _ -> new Route(operation.path(), new HashMap<>()));
    Bound before =
        route.methods().putIfAbsent(operation.method().asString(), new Bound(operation, answer));
    if (before != null) {
      throw new IllegalArgumentException(
          "answered twice: %s %s".formatted(operation.method(), operation.path().text()));
    }
    operations.add(operation);
    if (!route.path().names().isEmpty() && !templates.contains(route)) {
      templates.add(route);
    }
  }

  void addPlain(Operation operation, Plain answer) {
    add(operation, (_, request, response, callback) -> answer.answer(request, response, callback));
  }

  /// Answers with a value as JSON, or with 204 if there is none.
  void addJson(Operation operation, Function<Query, @Nullable Object> value) {
    add(
        operation,
        (query, _, response, callback) -> {
          Object body = value.apply(query);
          response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
          if (body == null) {
            response.setStatus(HttpStatus.NO_CONTENT_204);
            callback.succeeded();
            return;
          }
          Routes.writeJson(response, callback, body);
        });
  }

  /// In the order in which they were added.
  List<Operation> operations() {
    return List.copyOf(operations);
  }

  @Nullable Found at(String path) {
    Route plain = routes.get(path);
    if (plain != null && plain.path().names().isEmpty()) {
      return new Found(plain.methods(), Map.of());
    }
    for (Route template : templates) {
      Map<String, String> segments = template.path().match(path);
      if (segments != null) {
        return new Found(template.methods(), segments);
      }
    }
    return null;
  }
}
