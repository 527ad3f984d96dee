package io.photophone.dsp;

/// A dual-phase lock-in that has a value after every sample: multiplied by the reference, both
/// quadratures pass a low-pass.
///
/// The reference's phase is that of the absolute sample index and restarts nowhere; a harmonic is
/// measured with [Reference#harmonic]. Before the start the samples count as zero, so the value
/// settles from zero. The same samples give the same bits, however they come in frames. Allocates
/// nothing per sample; for one thread.
///
/// Contract: M5.
public sealed interface RunningLockIn permits RcLockIn, BoxcarLockIn {

  /// Forgets all samples; the next one has this index. After a gap, too.
  void start(long index);

  void add(double sample);

  /// The Z of the signal Re(Z · e^(iωn)): its magnitude is the amplitude (peak), its phase that of
  /// a cosine against the reference.
  Complex signal();

  /// Samples since a jump of the signal until all but `remainder`, in (0, 1), of it shows.
  long settlingSamples(double remainder);

  /// One-sided, of the low-pass: white noise of power density D has X and Y with a variance of 2 ·
  /// D times this, each.
  double noiseBandwidthHz();
}
