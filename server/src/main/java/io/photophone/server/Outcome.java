package io.photophone.server;

import java.util.List;
import org.eclipse.jetty.http.HttpStatus;

/// One way in which an operation answers.
sealed interface Outcome {
  int status();

  String meaning();

  /// JSON.
  ///
  /// @param type a record whose components are its fields
  record Json(int status, String meaning, Class<?> type) implements Outcome {}

  /// Text or bytes of another kind.
  record Content(int status, String meaning, String mediaType) implements Outcome {}

  /// Nothing but a status.
  record Nothing(int status, String meaning) implements Outcome {}

  /// Server-sent events, until the client or the server ends them.
  record Events(String meaning, List<EventType> types) implements Outcome {
    public Events {
      types = List.copyOf(types);
    }

    @Override
    public int status() {
      return HttpStatus.OK_200;
    }
  }

  /// Problem details beside those that any operation may answer with.
  record Refused(int status, String meaning) implements Outcome {}

  /// A kind of event on a stream.
  ///
  /// @param name `message` for one that goes to a browser's `onmessage`
  /// @param types records whose components are the fields of its JSON; it is of one of them
  record EventType(String name, String meaning, List<Class<?>> types) {
    public EventType {
      types = List.copyOf(types);
    }
  }
}
