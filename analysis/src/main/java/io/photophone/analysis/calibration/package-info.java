/// From amplitude to concentration: calibrations, how they are made, and which one is in force.
/// Depends on the model and on fits; the graph depends on it.
package io.photophone.analysis.calibration;
