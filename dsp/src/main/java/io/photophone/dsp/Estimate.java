package io.photophone.dsp;

/// A value that was estimated from data, and its standard uncertainty, in the value's unit.
public record Estimate(double value, double standardUncertainty) {}
