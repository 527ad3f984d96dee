package io.photophone.server;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.daemon.AcquisitionState.Phase;
import io.photophone.channels.ChannelStats;
import io.photophone.model.Density;
import io.photophone.model.Level;
import io.photophone.model.Locked;
import io.photophone.model.NodeOutput;
import io.photophone.model.NodeTiming;
import io.photophone.model.Phasor;
import io.photophone.model.Reading;
import io.photophone.model.ReadingFlag;
import io.photophone.model.ResonanceTrack;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/// `/api/streams/…`: what any node of the analysis gives. A node is tapped from its first client on
/// and until it has none.
final class NodesResource {
  /// Events that a client may be behind before it loses some; a node of samples has 30 a second.
  private static final int RETAINED = 64;

  /// What a node's events may be, by what the node gives.
  static final List<Class<?>> EVENTS =
      List.of(
          Samples.class,
          Signal.class,
          Reading.class,
          SpectralDataResponse.class,
          Loudness.class,
          Tone.class,
          Densities.class);

  private final String instrument;
  private final LiveAnalysis analysis;
  private final Supplier<AcquisitionState> acquisition;

  /// Nodes come and go under this object's lock, so that none is left that is being asked for.
  private final Map<String, Tap> taps = new ConcurrentHashMap<>();

  /// Why the source ended last; null before. Guarded by this object's lock.
  private @Nullable String ended;

  NodesResource(String instrument, LiveAnalysis analysis, Supplier<AcquisitionState> acquisition) {
    this.instrument = instrument;
    this.analysis = analysis;
    this.acquisition = acquisition;
  }

  /// A node's topic, and the number of its next event.
  private static final class Tap {
    private final Topic topic;

    /// Of the thread that publishes.
    private long next;

    /// Whether nobody has listened or asked since [#supervise] last looked; guarded by the lock.
    private boolean idle;

    Tap(Topic topic) {
      this.topic = topic;
    }

    /// Whether nobody listens and nobody did the last time: a client may be about to join.
    boolean isAbandoned() {
      boolean wasIdle = idle;
      idle = topic.subscriberCount() == 0;
      return wasIdle && idle;
    }
  }

  /// What a lock-in gave.
  record Signal(
      @Nullable Instant startTime,
      long fromSample,
      long toSample,
      double frequencyHz,
      @Nullable Double x,
      @Nullable Double y,
      @Nullable Double amplitude,
      @Nullable Double phaseDeg,
      @Nullable Double standardUncertainty,
      @Nullable Double noiseDensity,
      @Nullable Double resonanceHz,
      @Nullable Double resonanceUncertaintyHz,
      @Nullable Double quality,
      List<String> flags) {
    static Signal of(Locked locked) {
      Phasor phasor = locked.phasor();
      ResonanceTrack track = locked.resonance();
      return new Signal(
          locked.startTime(),
          locked.fromSample(),
          locked.toSample(),
          locked.frequencyHz(),
          finite(phasor.inPhase()),
          finite(phasor.quadrature()),
          finite(phasor.amplitude()),
          finite(phasor.phaseDeg()),
          finite(phasor.standardUncertainty()),
          finite(locked.noiseDensity()),
          track == null ? null : finite(track.frequencyHz()),
          track == null ? null : finite(track.frequencyUncertaintyHz()),
          track == null ? null : finite(track.quality()),
          locked.flags().stream().map(ReadingFlag::wireName).toList());
    }
  }

  private static @Nullable Double finite(double value) {
    return Double.isFinite(value) ? value : null;
  }

  /// What a level meter gave.
  record Loudness(long fromSample, long toSample, Channel a, Channel b) {
    /// One microphone.
    private record Channel(
        @Nullable Double rms,
        @Nullable Double dbfs,
        @Nullable Double peak,
        @Nullable Double mean,
        int clipped,
        int missing) {
      static Channel of(Level.Channel level) {
        return new Channel(
            finite(level.rms()),
            finite(level.dbfs()),
            finite(level.peak()),
            finite(level.mean()),
            level.clipped(),
            level.missing());
      }
    }

    static Loudness of(Level level) {
      return new Loudness(
          level.startIndex(), level.endIndex(), Channel.of(level.a()), Channel.of(level.b()));
    }
  }

  /// What a peak tracker gave.
  record Tone(
      long fromSample,
      long toSample,
      boolean complete,
      @Nullable Double frequencyHz,
      @Nullable Double frequencyUncertaintyHz,
      @Nullable Double amplitude,
      @Nullable Double amplitudeUncertainty,
      @Nullable Double phaseDeg) {
    static Tone of(NodeOutput.Peaked peak) {
      return new Tone(
          peak.startIndex(),
          peak.endIndex(),
          peak.complete(),
          finite(peak.frequencyHz()),
          finite(peak.frequencyUncertaintyHz()),
          finite(peak.amplitude()),
          finite(peak.amplitudeUncertainty()),
          finite(peak.phaseDeg()));
    }
  }

  /// The fields of a piece of signal, written by hand.
  ///
  /// @param timestamp of the first sample, ms since 1970
  record Samples(
      long firstSample, int sampleRate, @Nullable Long timestamp, List<@Nullable Float> samples) {}

  /// The fields of a power density, written by hand.
  ///
  /// @param density from 0 Hz on, per Hz
  record Densities(
      long fromSample,
      long toSample,
      double frequencyStepHz,
      int segments,
      int missing,
      List<@Nullable Float> density) {}

  private static byte[] json(Density density) {
    float[] values = new float[density.density().length];
    for (int k = 0; k < values.length; k++) {
      values[k] = (float) density.density()[k];
    }
    return new JsonFloats()
        .raw(
            "{\"from_sample\":%d,\"to_sample\":%d,\"frequency_step_hz\":%s,\"segments\":%d,\"missing\":%d,\"density\":"
                .formatted(
                    density.startIndex(),
                    density.endIndex(),
                    density.stepHz(),
                    density.segments(),
                    density.missing()))
        .array(values, 0, values.length)
        .raw("}")
        .toBytes();
  }

  /// Nodes that can be listened to.
  record Streams(List<Stream> streams) {
    record Stream(String node, String type, int subscribers) {}
  }

  Streams list() {
    return new Streams(
        analysis.timings().get().stream()
            .map(node -> new Streams.Stream(node.node(), node.type(), subscribers(node.node())))
            .toList());
  }

  private int subscribers(String node) {
    Tap tap = taps.get(node);
    return tap == null ? 0 : tap.topic.subscriberCount();
  }

  /// The topic of a node, tapped from now on.
  ///
  /// @throws Problem.Refusal if there is no such node
  synchronized Topic topic(String node) {
    Set<String> names =
        analysis.timings().get().stream().map(NodeTiming::node).collect(Collectors.toSet());
    if (!names.contains(node)) {
      throw new Problem.Refusal(
          HttpStatus.NOT_FOUND_404,
          "there is no node %s, allowed: %s"
              .formatted(node, String.join(", ", names.stream().sorted().toList())));
    }
    Tap tap = taps.computeIfAbsent(node, this::newTap);
    tap.idle = false;
    analysis.tap().accept(Set.copyOf(taps.keySet()));
    return tap.topic;
  }

  /// A topic that begins with its end if the source has ended and was not started anew. The calling
  /// thread then leaves it to the one that publishes, which doesn't know of it yet.
  private Tap newTap(String node) {
    Tap tap = new Tap(Topic.ofNewest(instrument, "node " + node, RETAINED, RETAINED));
    Phase phase = acquisition.get().phase();
    if (ended != null && (phase == Phase.ENDED || phase == Phase.STOPPED)) {
      tap.topic.publish(Event.end(tap.topic.name(), ended));
      tap.topic.giveUpPublishing();
    }
    return tap;
  }

  /// Leaves the nodes that nobody listens to; called once a second or so.
  synchronized void supervise() {
    boolean left = taps.values().removeIf(Tap::isAbandoned);
    if (left) {
      analysis.tap().accept(Set.copyOf(taps.keySet()));
    }
  }

  /// Sends what a node gave to who listens; called by one thread.
  void publish(NodeOutput output) {
    Tap tap = taps.get(output.node());
    if (tap != null) {
      long id = tap.next++;
      tap.topic.publish(Event.of(id, "node", _ -> json(output)));
    }
  }

  /// Tells every client what the server itself missed; called by the thread that publishes.
  void publishLag(long missed) {
    taps.values().forEach(tap -> tap.topic.publishLag(missed));
  }

  /// Ends every stream; called by the thread that publishes.
  synchronized void end(String reason) {
    ended = reason;
    taps.values().forEach(tap -> tap.topic.publish(Event.end(tap.topic.name(), reason)));
  }

  List<ChannelStats> channels() {
    return taps.values().stream().map(tap -> tap.topic.channelStats()).toList();
  }

  private static byte[] json(NodeOutput output) {
    return switch (output) {
      case NodeOutput.Samples samples -> json(samples);
      case NodeOutput.LockedIn(String _, Locked locked) -> Json.bytes(Signal.of(locked));
      case NodeOutput.Measured measured -> Json.bytes(measured.reading());
      case NodeOutput.Spectral spectral ->
          new EncodedSpectrum(spectral.spectrum()).json(Event.Part.ALL);
      case NodeOutput.Levelled levelled -> Json.bytes(Loudness.of(levelled.level()));
      case NodeOutput.Powered powered -> json(powered.density());
      case NodeOutput.Peaked peaked -> Json.bytes(Tone.of(peaked));
    };
  }

  private static byte[] json(NodeOutput.Samples samples) {
    return new JsonFloats()
        .raw(
            "{\"first_sample\":%d,\"sample_rate\":%d,\"timestamp\":%s,\"samples\":"
                .formatted(
                    samples.firstSampleIndex(),
                    samples.sampleRateHz(),
                    samples.captured().isKnown() ? samples.captured().epochMillis() : "null"))
        .array(samples.samples(), 0, samples.samples().length)
        .raw("}")
        .toBytes();
  }
}
