/** Which number of a reading the page shows. Pure functions. */

/** Full-scale units: 1 is the largest amplitude that a microphone's input can tell. */
const FULL_SCALE = "FS";

/**
 * The concentration; without a calibration the amplitude, in full-scale units, which is a different
 * quantity and says so.
 */
export function shown(reading) {
  return isUncalibrated(reading)
    ? {
        name: "amplitude",
        value: reading.amplitude,
        uncertainty: reading.amplitude_uncertainty,
        unit: FULL_SCALE,
      }
    : {
        name: "concentration",
        value: reading.concentration,
        uncertainty: reading.standard_uncertainty,
        unit: reading.unit ?? "",
      };
}

export function isUncalibrated(reading) {
  return (reading.flags ?? []).includes("uncalibrated");
}
