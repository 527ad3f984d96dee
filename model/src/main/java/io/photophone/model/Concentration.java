package io.photophone.model;

/// An amount of gas as a calibration gives it.
///
/// @param value in `unit`; below zero is possible near zero gas, since noise is not cut off
/// @param standardUncertainty in `unit`
/// @param unit as in the calibration: `ppm`, `ppb`, `mg/m³`
/// @param calibrationId the calibration that turned the amplitude into this value
public record Concentration(
    double value, double standardUncertainty, String unit, String calibrationId) {}
