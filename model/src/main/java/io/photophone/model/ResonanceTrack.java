package io.photophone.model;

/// Where the cell's resonance was during a window.
///
/// @param frequencyHz of the resonance
/// @param frequencyUncertaintyHz its standard uncertainty
/// @param quality quality factor
/// @param qualityUncertainty its standard uncertainty
public record ResonanceTrack(
    double frequencyHz, double frequencyUncertaintyHz, double quality, double qualityUncertainty) {}
