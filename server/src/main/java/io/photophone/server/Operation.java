package io.photophone.server;

import io.photophone.server.security.Access;
import io.photophone.server.security.Role;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;

/// What a method of a path does, who may ask for it, what it takes, and how it answers.
///
/// The router, the checks of requests and the document of the API have it from here.
///
/// @param tag heading under which the document has it
/// @param summary one line, for people
/// @param body absent where a body isn't read
record Operation(
    HttpMethod method,
    PathTemplate path,
    Access access,
    String tag,
    String summary,
    List<Parameter> parameters,
    Optional<Body<?>> body,
    List<Outcome> outcomes) {

  Operation {
    parameters = List.copyOf(parameters);
    outcomes = List.copyOf(outcomes);
    List<String> told =
        parameters.stream()
            .filter(Parameter.Segment.class::isInstance)
            .map(Parameter::name)
            .toList();
    if (!told.equals(path.names())) {
      throw new IllegalArgumentException(
          "%s has other parts in braces than are told: %s".formatted(path.text(), told));
    }
  }

  /// One that changes nothing, for viewers.
  static Operation get(String path, String tag, String summary, Parameter... parameters) {
    return of(HttpMethod.GET, path, Role.VIEWER, tag, summary, parameters);
  }

  /// A command, for operators.
  static Operation post(String path, String tag, String summary, Body<?> body) {
    return of(HttpMethod.POST, path, Role.OPERATOR, tag, summary).taking(body);
  }

  /// Another value in place of one, for operators.
  static Operation put(
      String path, String tag, String summary, Body<?> body, Parameter... parameters) {
    return of(HttpMethod.PUT, path, Role.OPERATOR, tag, summary, parameters).taking(body);
  }

  /// A command that needs no body, for operators.
  static Operation post(String path, String tag, String summary) {
    return of(HttpMethod.POST, path, Role.OPERATOR, tag, summary);
  }

  /// Takes something away, for operators.
  static Operation delete(String path, String tag, String summary, Parameter... parameters) {
    return of(HttpMethod.DELETE, path, Role.OPERATOR, tag, summary, parameters);
  }

  private static Operation of(
      HttpMethod method,
      String path,
      Role least,
      String tag,
      String summary,
      Parameter... parameters) {
    return new Operation(
        method,
        new PathTemplate(path),
        new Access.AtLeast(least),
        tag,
        summary,
        List.of(parameters),
        Optional.empty(),
        List.of());
  }

  /// The same for others.
  Operation open(Access to) {
    return new Operation(method, path, to, tag, summary, parameters, body, outcomes);
  }

  private Operation taking(Body<?> taken) {
    return new Operation(
        method, path, access, tag, summary, parameters, Optional.of(taken), outcomes);
  }

  /// The same that may answer so, too.
  Operation answering(Outcome outcome) {
    return new Operation(
        method,
        path,
        access,
        tag,
        summary,
        parameters,
        body,
        Stream.concat(outcomes.stream(), Stream.of(outcome)).toList());
  }

  /// The same that may answer with JSON, too.
  Operation json(String meaning, Class<?> type) {
    return answering(new Outcome.Json(HttpStatus.OK_200, meaning, type));
  }

  /// The same that may answer with 204, too.
  Operation nothing(String meaning) {
    return answering(new Outcome.Nothing(HttpStatus.NO_CONTENT_204, meaning));
  }

  /// The same that may refuse with a status of its own, too.
  Operation refusing(int status, String meaning) {
    return answering(new Outcome.Refused(status, meaning));
  }

  /// Whether who asks has to be known.
  boolean isGuarded() {
    return access instanceof Access.AtLeast;
  }

  /// Whether it changes something that viewers may not.
  boolean isAudited() {
    return method != HttpMethod.GET
        && access instanceof Access.AtLeast(Role least)
        && least != Role.VIEWER;
  }

  /// Parameters of the query.
  List<Parameter.OfQuery> ofQuery() {
    return parameters.stream()
        .filter(Parameter.OfQuery.class::isInstance)
        .map(Parameter.OfQuery.class::cast)
        .toList();
  }
}
