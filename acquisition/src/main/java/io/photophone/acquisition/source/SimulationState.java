package io.photophone.acquisition.source;

import io.photophone.acquisition.source.SimulatedCellConfig.FaultKind;
import java.util.Set;

/// What is in force in a simulated cell at a sample, by its configuration and by commands.
///
/// @param sample counted from the cell's first
/// @param ppm concentration, without the background
/// @param scripted whether the concentration is the script's
/// @param temperatureC of the gas, °C
/// @param resonanceHz frequency of the mode, the fault [FaultKind#DRIFT] included
/// @param modulationHz frequency of the laser's modulation
/// @param faults configured or raised
public record SimulationState(
    long sample,
    double ppm,
    boolean scripted,
    double temperatureC,
    double resonanceHz,
    double modulationHz,
    Set<FaultKind> faults) {}
