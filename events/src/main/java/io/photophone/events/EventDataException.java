package io.photophone.events;

/// An event whose data doesn't hold what its format says. It has no stack trace and builds its
/// message when it is asked, since a damaged source throws one for each event.
public final class EventDataException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final String event;
  private final String field;
  private final long from;
  private final long to;
  private final long available;

  /// An event that is too short for a field.
  ///
  /// @param from first byte needed, counted from the start of the event
  /// @param to byte after the last one needed
  /// @param available bytes that the event has
  public EventDataException(String event, String field, long from, long to, long available) {
    super(null, null, false, false);
    this.event = event;
    this.field = field;
    this.from = from;
    this.to = to;
    this.available = available;
  }

  /// Name of the field that could not be read.
  public String field() {
    return field;
  }

  @Override
  public String getMessage() {
    return "%s.%s needs bytes %d to %d, the event has %d"
        .formatted(event, field, from, to, available);
  }
}
