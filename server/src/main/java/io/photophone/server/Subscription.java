package io.photophone.server;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What a client asks a stream for.
///
/// @param view at the resolution that it begins with
/// @param endsWithSource whether the end of a topic's source ends the stream
/// @param adapts whether the resolution follows the client's bandwidth
/// @param preface what a client is to know before the events of such a part, such as their axis;
///   null for nothing
record Subscription(
    List<Topic> topics,
    Event.View view,
    boolean endsWithSource,
    boolean adapts,
    @Nullable Function<Event.Part, Event> preface) {

  /// A client that gets everything.
  Subscription(
      List<Topic> topics,
      Event.View view,
      boolean endsWithSource,
      @Nullable Function<Event.Part, Event> preface) {
    this(topics, view, endsWithSource, false, preface);
  }

  /// Everything of one topic.
  static Subscription to(Topic topic) {
    return new Subscription(List.of(topic), new Event.View(false, Event.Part.ALL), true, null);
  }

  /// The same at a resolution; without one at that which fits the client's bandwidth.
  Subscription at(Optional<Resolution> resolution) {
    return new Subscription(
        topics,
        view.at(resolution.orElse(Resolution.FULL)),
        endsWithSource,
        resolution.isEmpty(),
        preface);
  }
}
