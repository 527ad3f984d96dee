package io.photophone.server;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the parameters of a stream's request subscribe to. Contract: A23, A27, A43.
final class StreamQueries {
  private static final String SPECTRAL_TOPIC = "spectral";
  private static final Event.View PLAIN = new Event.View(false, Event.Part.ALL);
  private static final Event.View NAMED = new Event.View(true, Event.Part.ALL);

  private final Map<String, Topic> topics;
  private final AudioResource audio;

  /// @param topics by name
  StreamQueries(Map<String, Topic> topics, AudioResource audio) {
    this.topics = topics;
    this.audio = audio;
  }

  Subscription audio(Query query) {
    return new Subscription(List.of(audio.audio()), PLAIN, true, null)
        .at(resolution(query, Resolution.AUTO));
  }

  Subscription spectral(Query query) {
    Event.View view = new Event.View(false, part(query));
    return new Subscription(List.of(audio.spectral()), view, true, audio::axis)
        .at(resolution(query, Resolution.AUTO));
  }

  Subscription many(Query query) {
    List<String> names = query.words(InstrumentApi.TOPICS);
    return new Subscription(
            topicsNamed(names), NAMED, false, names.contains(SPECTRAL_TOPIC) ? audio::axis : null)
        .at(resolution(query, Resolution.AUTO));
  }

  /// At full resolution unless asked for otherwise, since who reads bytes computes with them.
  Subscription webSocket(Query query) {
    List<String> names = query.words(InstrumentApi.TOPICS, List.of("audio"));
    Event.View view = new Event.View(false, part(query));
    return new Subscription(topicsNamed(names), view, names.size() == 1, null)
        .at(resolution(query, Resolution.FULL.wireName()));
  }

  SampleFormat format(Query query) {
    return SampleFormat.named(query.word(InstrumentApi.FORMAT, "", SampleFormat.choices()))
        .orElse(SampleFormat.FLOAT32);
  }

  private List<Topic> topicsNamed(List<String> names) {
    return names.stream().map(topics::get).toList();
  }

  private Event.Part part(Query query) {
    return new Event.Part(audio.band(query), query.flag(InstrumentApi.PHASES), Resolution.FULL);
  }

  /// Empty for one that follows the client's bandwidth.
  private static Optional<Resolution> resolution(Query query, String fallback) {
    return Resolution.named(query.word(InstrumentApi.RESOLUTION, fallback, Resolution.choices()));
  }
}
