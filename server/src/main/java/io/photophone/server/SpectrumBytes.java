package io.photophone.server;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// The bytes of a spectrum, as `docs/formats/spectrum.md` describes them. All numbers
/// little-endian.
///
/// ```
///  0  4  magic "PPSP"
///  4  2  version, 1
///  6  2  channels, 2
///  8  4  flags: 1 = with phases
/// 12  4  sample rate, Hz
/// 16  8  frame number
/// 24  8  capture time of that frame, ns since 1970-01-01T00:00:00Z
/// 32  8  float64, frequency of the first bin, Hz
/// 40  8  float64, from bin to bin, Hz
/// 48  4  n, bins for each channel
/// 52  4  bins of the transform for each one here
/// 56  4n float32, magnitudes of A, then of B; with phases those of A, then of B
/// ```
final class SpectrumBytes {
  private static final byte[] MAGIC = {'P', 'P', 'S', 'P'};
  private static final int HEADER_LENGTH = 56;
  private static final int PHASES = 1;

  private SpectrumBytes() {}

  static ByteBuffer encode(ResolvedSpectrum spectrum, boolean phases) {
    int arrays = phases ? 4 : 2;
    ByteBuffer bytes =
        ByteBuffer.allocateDirect(HEADER_LENGTH + arrays * Float.BYTES * spectrum.bins())
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(MAGIC)
            .putShort((short) 1)
            .putShort((short) 2)
            .putInt(phases ? PHASES : 0)
            .putInt(spectrum.spectrum().sampleRateHz())
            .putLong(spectrum.spectrum().frameNumber())
            .putLong(spectrum.spectrum().captured().epochNanos())
            .putDouble(spectrum.startHz())
            .putDouble(spectrum.stepHz())
            .putInt(spectrum.bins())
            .putInt(spectrum.resolution().factor());
    SampleFormat.FLOAT32.put(spectrum.magnitudeA(), bytes);
    SampleFormat.FLOAT32.put(spectrum.magnitudeB(), bytes);
    if (phases) {
      SampleFormat.FLOAT32.put(spectrum.phaseA(), bytes);
      SampleFormat.FLOAT32.put(spectrum.phaseB(), bytes);
    }
    return bytes.flip();
  }
}
