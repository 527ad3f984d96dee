package io.photophone.model;

/// An amount of gas as a calibration gives it.
///
/// @param value in the unit; below zero is possible near zero gas, since noise is not cut off
/// @param standardUncertainty in the unit
/// @param calibrationId the calibration that turned the amplitude into this value
public record Concentration(
    double value, double standardUncertainty, ConcentrationUnit unit, String calibrationId) {}
