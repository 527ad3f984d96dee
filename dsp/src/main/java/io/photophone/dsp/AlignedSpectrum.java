package io.photophone.dsp;

import java.util.Arrays;

/// The complex spectrum of a stream of samples around a known frequency, averaged over blocks that
/// begin at any sample.
///
/// Before it is averaged, the spectrum of each block is turned back by the phase that the reference
/// has at the block's first sample. So a tone at the reference's frequency adds up, with its phase
/// against the reference; noise and tones elsewhere fall as the blocks grow in number, unlike in an
/// average of power. Without the turn even the tone itself would cancel.
///
/// Blocks follow one another without overlap; a sample that is no finite number drops the block it
/// is part of. Allocates nothing per sample; for one thread.
///
/// Contract: M2.
public final class AlignedSpectrum {
  private final int size;
  private final Reference reference;
  private final DoubleFft fft;
  private final double[] taper;
  private final double[] block;
  private final double[] real;
  private final double[] imaginary;
  private final double[] sumReal;
  private final double[] sumImaginary;
  private final double scale;
  private long blockStart;
  private int filled;
  private int blocks;

  /// @param size samples of one block, a power of two from 256 to 65536
  public AlignedSpectrum(int size, Window window, Reference reference) {
    fft = new DoubleFft(size);
    this.size = size;
    this.reference = reference;
    taper = window.values(size);
    block = new double[size];
    real = new double[size / 2 + 1];
    imaginary = new double[size / 2 + 1];
    sumReal = new double[size / 2 + 1];
    sumImaginary = new double[size / 2 + 1];
    scale = 2 / (size * window.coherentGain());
  }

  /// How many blocks the average is of.
  public int blocks() {
    return blocks;
  }

  /// Takes the next sample.
  ///
  /// @param index since the start of the stream; a jump drops the block in progress
  public void add(long index, double sample) {
    if (!Double.isFinite(sample)) {
      filled = 0;
      return;
    }
    if (filled == 0 || index != blockStart + filled) {
      blockStart = index;
      filled = 0;
    }
    block[filled] = sample * taper[filled];
    filled++;
    if (filled == size) {
      addBlock();
      filled = 0;
    }
  }

  /// Forgets all samples.
  public void reset() {
    filled = 0;
    blocks = 0;
    Arrays.fill(sumReal, 0);
    Arrays.fill(sumImaginary, 0);
  }

  private void addBlock() {
    fft.transform(block, real, imaginary);
    Complex turn = Complex.atCycles(-reference.cycles(blockStart));
    for (int k = 0; k < real.length; k++) {
      sumReal[k] += real[k] * turn.re() - imaginary[k] * turn.im();
      sumImaginary[k] += real[k] * turn.im() + imaginary[k] * turn.re();
    }
    blocks++;
  }

  /// The average of one bin: of a tone at the reference's frequency on the bin, its peak amplitude,
  /// and its phase against a cosine at sample 0. The bins at 0 and at half the rate tell twice what
  /// is there.
  ///
  /// @param bin from 0 to size / 2, at bin · rate / size
  /// @throws IllegalStateException before the first block is complete
  public Complex average(int bin) {
    if (blocks == 0) {
      throw new IllegalStateException("no block of %d samples is complete".formatted(size));
    }
    return new Complex(sumReal[bin], sumImaginary[bin]).times(scale / blocks);
  }
}
