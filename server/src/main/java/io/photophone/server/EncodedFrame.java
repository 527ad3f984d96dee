package io.photophone.server;

import io.photophone.model.AudioFrame;
import io.photophone.model.FrameLog;
import io.photophone.model.FrameStep;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/// A frame in the formats and resolutions in which clients get it, each made when it is first asked
/// for and not again. Safe to share between threads. Contract: A22, A23, A43.
final class EncodedFrame implements Event.Content {
  private static final Map<Resolution, Decimator> DECIMATORS = new EnumMap<>(Resolution.class);

  static {
    for (Resolution each : Resolution.values()) {
      if (each != Resolution.FULL) {
        DECIMATORS.put(each, new Decimator(each));
      }
    }
  }

  private final AudioFrame frame;
  private final FrameLog log;
  private final Event event;
  private final Map<Resolution, ResolvedFrame> resolved = new ConcurrentHashMap<>(2);
  private final Map<SampleFormat, ByteBuffer> bytes = new ConcurrentHashMap<>(2);

  /// Written before the event is published, whose readers alone need it.
  private Decimator.History before = Decimator.History.NONE;

  /// @param log hears of each form that is made
  EncodedFrame(AudioFrame frame, FrameLog log) {
    this.frame = frame;
    this.log = log;
    this.event = Event.of(frame.frameNumber(), "audio", this);
  }

  AudioFrame frame() {
    return frame;
  }

  /// The frame as an event.
  ///
  /// @param preceding the samples before it
  Event event(Decimator.History preceding) {
    before = preceding;
    return event;
  }

  /// The caller's own view of the JSON.
  ByteBuffer json() {
    return ByteBuffer.wrap(event.json(Event.Part.ALL)).asReadOnlyBuffer();
  }

  /// The caller's own view of the bytes of [AudioFrameBytes].
  ByteBuffer bytes(SampleFormat format) {
    return bytes
        .computeIfAbsent(
            format,
            each -> noted(AudioFrameBytes.encode(at(Resolution.FULL), each)).asReadOnlyBuffer())
        .duplicate();
  }

  private ResolvedFrame at(Resolution resolution) {
    return resolution == Resolution.FULL
        ? ResolvedFrame.full(frame)
        : resolved.computeIfAbsent(resolution, each -> decimator(each).decimate(frame, before));
  }

  private static Decimator decimator(Resolution resolution) {
    return Objects.requireNonNull(DECIMATORS.get(resolution));
  }

  @Override
  public Event.Part relevant(Event.Part part) {
    return Event.Part.ALL.at(part.resolution());
  }

  @Override
  public ByteBuffer bytes(Event.Part part, SampleFormat format) {
    return part.resolution() == Resolution.FULL
        ? bytes(format)
        : noted(AudioFrameBytes.encode(at(part.resolution()), format));
  }

  private ByteBuffer noted(ByteBuffer encoded) {
    log.happened(FrameStep.ENCODED, frame.frameNumber(), encoded.remaining());
    return encoded;
  }

  @Override
  public byte[] json(Event.Part part) {
    ResolvedFrame samples = at(part.resolution());
    JsonFloats json =
        new JsonFloats()
            .raw("{\"channel_a\":")
            .array(samples.a(), 0, samples.length())
            .raw(",\"channel_b\":")
            .array(samples.b(), 0, samples.length());
    int factor = part.resolution().factor();
    String rate =
        frame.sampleRateHz() % factor == 0
            ? Integer.toString(frame.sampleRateHz() / factor)
            : Double.toString(samples.sampleRateHz());
    if (factor > 1) {
      json.raw(",\"decimation\":" + factor);
    }
    byte[] encoded =
        json.raw(
                ",\"sample_rate\":%s,\"timestamp\":%d,\"frame_number\":%d,\"first_sample\":%d,\"duration_ms\":%s}"
                    .formatted(
                        rate,
                        samples.captured().epochMillis(),
                        frame.frameNumber(),
                        samples.firstSample(),
                        samples.durationMs()))
            .toBytes();
    log.happened(FrameStep.ENCODED, frame.frameNumber(), encoded.length);
    return encoded;
  }
}
