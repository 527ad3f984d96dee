package io.photophone.dsp;

/// A sinusoid as it was found in a block of samples.
///
/// @param amplitude peak, above 0
/// @param phaseRad of a cosine at the block's first sample, in (−π, π]
public record Tone(Estimate frequencyHz, Estimate amplitude, Estimate phaseRad) {}
