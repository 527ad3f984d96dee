package io.photophone.server;

import io.photophone.acquisition.daemon.AcquisitionState;
import io.photophone.acquisition.processing.AudioProcessor;
import io.photophone.acquisition.processing.ProcessingConfig;
import io.photophone.acquisition.stream.StreamStats;
import io.photophone.model.AudioFrame;
import io.photophone.model.BreakerState;
import io.photophone.model.CaptureTime;
import io.photophone.model.Spectrum;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// `/api/audio/stream/…`: statistics, the latest frame, and the topics of frames and spectra.
/// Contract: A21, A22, A23, A27.
final class AudioResource implements MetricSource {
  /// How far a client may be behind before it goes on at the newest frame: so long, or so many
  /// frames if that is more. Short, since what its connection buffers comes on top, and is full
  /// when a client is behind at all.
  private static final double LATE_S = 0.1;

  private static final int LATE_FRAMES = 3;

  private final LiveInstrument instrument;
  private final Topic audio;
  private final Topic spectral;
  private final EventStreams streams;

  /// One for each of the few ways in which the latest frame can be asked for.
  private final Map<ProcessingConfig, AudioProcessor.Running> processors =
      new ConcurrentHashMap<>();

  private long statsNumber;
  private long spectrumNumber;
  private @Nullable EncodedFrame newest;

  /// The samples before the next frame; of the thread that feeds the topic.
  private Decimator.History before = Decimator.History.NONE;

  AudioResource(LiveInstrument instrument, EventStreams streams) {
    this.instrument = instrument;
    this.streams = streams;
    int retained = instrument.audio().bufferFrames();
    long late = Math.max(LATE_FRAMES, Math.round(instrument.streaming().targetFps() * LATE_S));
    String owner = instrument.name();
    this.audio = Topic.ofFrames(owner, "audio", retained, late, instrument.frames());
    this.spectral = Topic.ofNewest(owner, "spectral", retained, late);
  }

  Topic audio() {
    return audio;
  }

  Topic spectral() {
    return spectral;
  }

  /// How the stream is doing, of the acquisition's side and the clients' together.
  ///
  /// @param fps frames a second over the last five seconds
  /// @param expectedFps what the source should deliver
  /// @param lastUpdate when the newest frame was published, ms since 1970
  /// @param droppedFrames frames that consumers or clients were too slow to get
  /// @param silent whether both microphones are, as when nothing is connected
  /// @param latestFrameAgeMs time since the newest frame was published
  /// @param serverTime ms since 1970
  /// @param stalledClients event streams that were cut since their client didn't read
  record Stats(
      long totalFrames,
      int activeSubscribers,
      double fps,
      double expectedFps,
      @Nullable Long lastUpdate,
      long droppedFrames,
      int laggedConsumers,
      boolean silent,
      int sampleRate,
      @Nullable Double latestFrameAgeMs,
      long serverTime,
      int openStreams,
      long stalledClients,
      Source source) {

    /// Where the audio comes from and how that goes.
    record Source(
        String name,
        String state,
        @Nullable String error,
        boolean simulated,
        boolean live,
        long errors,
        long lostSamples,
        long skippedTicks) {}
  }

  Stats stats() {
    StreamStats stream = instrument.audio().stats();
    AcquisitionState acquisition = instrument.acquisition().get();
    InstrumentInfo.Source source = instrument.info().get().source();
    CaptureTime last = stream.lastUpdate();
    return new Stats(
        stream.totalFrames(),
        stream.activeSubscribers() + audio.subscriberCount(),
        stream.framesPerSecond(),
        instrument.targetFps().getAsDouble(),
        last == null ? null : last.epochMillis(),
        stream.droppedFrames() + audio.missed(),
        stream.laggedConsumers() + audio.laggedSubscribers(),
        stream.silent(),
        stream.sampleRateHz(),
        last == null ? null : (System.nanoTime() - last.monotonicNanos()) / 1e6,
        Instant.now().toEpochMilli(),
        streams.openCount(),
        streams.endedCount(EndReason.STALLED),
        new Stats.Source(
            source.name(),
            acquisition.phase().wireName(),
            acquisition.error(),
            source.simulated(),
            source.live(),
            acquisition.errors(),
            acquisition.lostSamples(),
            acquisition.skippedTicks()));
  }

  @Override
  public void addTo(Metrics metrics) {
    InstrumentInfo info = instrument.info().get();
    Stats stats = stats();
    String[] label = {"instrument", info.instrument()};
    metrics.info(
        "photophone_instrument",
        "What is measured, where the audio comes from, and the program's version.",
        "instrument",
        info.instrument(),
        "gas",
        info.gas(),
        "source",
        info.source().name(),
        "version",
        info.version());
    metrics.counter("photophone_stream_frames", "Frames published.", stats.totalFrames(), label);
    metrics.gauge(
        "photophone_stream_frames_per_second",
        "Frames a second over the last five seconds.",
        stats.fps(),
        label);
    metrics.counter(
        "photophone_stream_dropped_frames",
        "Frames that consumers or clients were too slow to get.",
        stats.droppedFrames(),
        label);
    metrics.gauge(
        "photophone_stream_subscribers",
        "Consumers of frames, clients included.",
        stats.activeSubscribers(),
        label);
    metrics.gauge(
        "photophone_stream_lagged_subscribers",
        "Present consumers of frames, clients included, that have missed one.",
        stats.laggedConsumers(),
        label);
    metrics.gauge(
        "photophone_stream_silent",
        "1 while both microphones are silent.",
        stats.silent() ? 1 : 0,
        label);
    Double ageMs = stats.latestFrameAgeMs();
    if (ageMs != null) {
      metrics.gauge(
          "photophone_stream_latest_frame_age_seconds",
          "Time since the newest frame was published.",
          ageMs / 1000,
          label);
    }
    for (AcquisitionState.Phase phase : AcquisitionState.Phase.values()) {
      metrics.gauge(
          "photophone_source_state",
          "1 for the state that the source is in, 0 for the others.",
          phase.wireName().equals(stats.source().state()) ? 1 : 0,
          "instrument",
          info.instrument(),
          "state",
          phase.wireName());
    }
    metrics.counter(
        "photophone_source_errors", "Failures of the source.", stats.source().errors(), label);
    metrics.counter(
        "photophone_source_lost_samples",
        "Samples that the source lost.",
        stats.source().lostSamples(),
        label);
    metrics.counter(
        "photophone_source_skipped_ticks",
        "Frames that were due while the source was late, and were left out.",
        stats.source().skippedTicks(),
        label);
    AcquisitionState acquisition = instrument.acquisition().get();
    for (BreakerState state : BreakerState.values()) {
      metrics.gauge(
          "photophone_source_breaker",
          "1 for the state that the source's breaker is in, 0 for the others.",
          state == acquisition.breaker() ? 1 : 0,
          "instrument",
          info.instrument(),
          "state",
          state.wireName());
    }
    metrics.counter(
        "photophone_source_stalls",
        "Reads that took longer than they may.",
        acquisition.stalls(),
        label);
    metrics.counter(
        "photophone_wall_clock_steps",
        "How often the wall clock was set.",
        acquisition.clockSteps(),
        label);
    metrics.gauge("photophone_web_clients", "Open event streams.", stats.openStreams(), label);
    metrics.counter(
        "photophone_web_stalled_clients",
        "Event streams that were cut since their client didn't read.",
        stats.stalledClients(),
        label);
    for (EndReason reason : EndReason.values()) {
      metrics.counter(
          "photophone_web_streams_ended",
          "Event streams that have ended, by the reason.",
          streams.endedCount(reason),
          "instrument",
          info.instrument(),
          "reason",
          reason.wireName());
    }
  }

  /// The statistics as an event; called by one thread.
  Event statsEvent() {
    byte[] json = Json.bytes(stats());
    return Event.of(statsNumber++, "stats", _ -> json);
  }

  /// Answers with the latest frame as JSON, or as bytes where the query names their format or the
  /// client accepts bytes rather than JSON; tapered or normalised where it asks for that.
  void latest(Query query, Request request, Response response, Callback callback) {
    Optional<SampleFormat> asked =
        SampleFormat.named(query.word(InstrumentApi.FORMAT, "", SampleFormat.choices()));
    Optional<AudioFrame> latest = instrument.audio().latestFrame();
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    if (latest.isEmpty()) {
      response.setStatus(HttpStatus.NO_CONTENT_204);
      callback.succeeded();
      return;
    }
    AudioFrame frame = latest.get();
    SampleFormat format = asked.orElse(acceptsBytes(request) ? SampleFormat.FLOAT32 : null);
    ProcessingConfig wanted =
        ProcessingConfig.of(
            query.word(
                InstrumentApi.WINDOW,
                ProcessingConfig.NONE.windowName(),
                ProcessingConfig.windowNames()),
            query.flag(InstrumentApi.NORMALIZE));
    EntityTag tag =
        new EntityTag(
            "\"%d-%x%s%s\""
                .formatted(
                    frame.frameNumber(),
                    frame.captured().epochNanos(),
                    suffix(wanted),
                    format == null ? "" : "-" + format.wireName()));
    response.getHeaders().put(HttpHeader.ETAG, tag.text());
    response.getHeaders().add(HttpHeader.VARY, "Accept");
    if (tag.isKnownTo(request)) {
      response.setStatus(HttpStatus.NOT_MODIFIED_304);
      callback.succeeded();
      return;
    }
    response
        .getHeaders()
        .put(
            HttpHeader.CONTENT_TYPE,
            format == null ? "application/json" : AudioFrameBytes.CONTENT_TYPE);
    EncodedFrame encoded =
        wanted.equals(ProcessingConfig.NONE)
            ? encoded(frame)
            : new EncodedFrame(processed(frame, wanted), instrument.frames());
    response.write(true, format == null ? encoded.json() : encoded.bytes(format), callback);
  }

  /// What tells the tag of a processed frame from that of the frame itself.
  private static String suffix(ProcessingConfig wanted) {
    return wanted.equals(ProcessingConfig.NONE)
        ? ""
        : "-" + wanted.windowName() + (wanted.normalize() ? "-normalized" : "");
  }

  private AudioFrame processed(AudioFrame frame, ProcessingConfig wanted) {
    try {
      return processors
          .computeIfAbsent(
              wanted, config -> AudioProcessor.unconfigured().configure(config).start())
          .process(frame);
    } catch (IllegalArgumentException e) {
      throw new Problem.Refusal(HttpStatus.BAD_REQUEST_400, String.valueOf(e.getMessage()));
    }
  }

  private static boolean acceptsBytes(Request request) {
    for (String type : request.getHeaders().getQualityCSV(HttpHeader.ACCEPT)) {
      if (type.equals(AudioFrameBytes.CONTENT_TYPE)) {
        return true;
      }
      if (type.equals("application/json") || type.equals("*/*") || type.equals("application/*")) {
        return false;
      }
    }
    return false;
  }

  /// The frame as an event; called by one thread.
  Event event(AudioFrame frame) {
    Event event = encoded(frame).event(before);
    before = before.then(frame);
    return event;
  }

  /// One object for all who want the newest frame, so that it is encoded once.
  private synchronized EncodedFrame encoded(AudioFrame frame) {
    EncodedFrame known = newest;
    if (known != null && known.frame() == frame) {
      return known;
    }
    EncodedFrame encoded = new EncodedFrame(frame, instrument.frames());
    if (known == null || known.frame().frameNumber() < frame.frameNumber()) {
      newest = encoded;
    }
    return encoded;
  }

  /// The spectrum as an event, whose ids count spectra; called by one thread.
  Event event(Spectrum spectrum) {
    return Event.of(spectrumNumber++, "spectral", new EncodedSpectrum(spectrum));
  }

  /// The frequencies of the bins that follow.
  Event axis(Event.Part part) {
    double stepHz = stepHz();
    int factor = part.resolution().factor();
    int from = firstBin(part.band(), stepHz);
    int to = endBin(part.band(), stepHz, bins());
    double[] frequencies = new double[Math.max(0, Math.ceilDiv(to - from, factor))];
    for (int i = 0; i < frequencies.length; i++) {
      frequencies[i] = (from + i * factor) * stepHz;
    }
    return Event.notice("axis", Json.text(new Axis(frequencies)));
  }

  record Axis(double[] frequencies) {}

  static int firstBin(Event.Band band, double stepHz) {
    return (int) Math.ceil(band.fromHz() / stepHz);
  }

  static int endBin(Event.Band band, double stepHz, int bins) {
    return Math.max(
        firstBin(band, stepHz), (int) Math.min(bins, Math.floor(band.toHz() / stepHz) + 1));
  }

  /// The part of the spectrum that a query asks for by `from_hz` and `to_hz`.
  Event.Band band(Query query) {
    double nyquist = instrument.info().get().sampleRate() / 2.0;
    double from = query.number(InstrumentApi.FROM_HZ, nyquist);
    double to = query.number(InstrumentApi.TO_HZ, nyquist);
    if (from > to) {
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400,
          "from_hz is %s, allowed: up to to_hz, %s".formatted(from, to));
    }
    Event.Band band = new Event.Band(from, to);
    double stepHz = stepHz();
    if (firstBin(band, stepHz) == endBin(band, stepHz, bins())) {
      throw new Problem.Refusal(
          HttpStatus.BAD_REQUEST_400,
          "from_hz is %s and to_hz %s, allowed: a span with a bin in it, which are %s Hz apart"
              .formatted(from, to, stepHz));
    }
    return band;
  }

  private double stepHz() {
    return (double) instrument.info().get().sampleRate() / instrument.streaming().spectralWindow();
  }

  private int bins() {
    return instrument.streaming().spectralWindow() / 2 + 1;
  }
}
