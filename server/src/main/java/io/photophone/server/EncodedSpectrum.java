package io.photophone.server;

import io.photophone.model.Spectrum;
import java.nio.ByteBuffer;

/// A spectrum in the formats, parts and resolutions in which clients get it. Safe to share between
/// threads. Contract: A27, A43.
///
/// @param spectrum computed once for all clients
record EncodedSpectrum(Spectrum spectrum) implements Event.Content {
  @Override
  public Event.Part relevant(Event.Part part) {
    return part;
  }

  private ResolvedSpectrum resolved(Event.Part part) {
    return ResolvedSpectrum.of(
        spectrum,
        AudioResource.firstBin(part.band(), spectrum.stepHz()),
        AudioResource.endBin(part.band(), spectrum.stepHz(), spectrum.bins()),
        part.resolution());
  }

  @Override
  public ByteBuffer bytes(Event.Part part, SampleFormat format) {
    return SpectrumBytes.encode(resolved(part), part.phases());
  }

  @Override
  public byte[] json(Event.Part part) {
    ResolvedSpectrum bins = resolved(part);
    JsonFloats json =
        new JsonFloats()
            .raw("{\"magnitude_a\":")
            .array(bins.magnitudeA(), 0, bins.bins())
            .raw(",\"magnitude_b\":")
            .array(bins.magnitudeB(), 0, bins.bins());
    if (part.phases()) {
      json.raw(",\"phase_a\":")
          .array(bins.phaseA(), 0, bins.bins())
          .raw(",\"phase_b\":")
          .array(bins.phaseB(), 0, bins.bins());
    }
    if (part.resolution() != Resolution.FULL) {
      json.raw(",\"decimation\":" + part.resolution().factor());
    }
    return json.raw(
            (",\"frequency_start_hz\":%s,\"frequency_step_hz\":%s,\"frame_number\":%d,"
                    + "\"timestamp\":%d,\"sample_rate\":%d,\"window\":\"%s\",\"size\":%d}")
                .formatted(
                    bins.startHz(),
                    bins.stepHz(),
                    spectrum.frameNumber(),
                    spectrum.captured().epochMillis(),
                    spectrum.sampleRateHz(),
                    spectrum.window(),
                    2 * (spectrum.bins() - 1)))
        .toBytes();
  }
}
