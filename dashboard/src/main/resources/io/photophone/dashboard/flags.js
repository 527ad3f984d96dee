/** What the flags of a reading mean. Pure functions. */

/** From harmless to grave; each has an icon of its own shape in index.html. */
export const SEVERITIES = ["ok", "info", "caution", "bad"];

const FLAGS = new Map([
  ["simulated", ["info", "simulated", "The samples were computed, not measured."]],
  [
    "settling",
    ["caution", "settling", "The signal changed within the window, or a filter had not yet settled."],
  ],
  ["gap", ["caution", "gap", "Samples of this window were lost or were no numbers."]],
  ["clipped", ["bad", "clipped", "A microphone reached its full scale: the amplitude is too small."]],
  [
    "off_resonance",
    [
      "bad",
      "off resonance",
      "The phase is not the calibrated one: the resonance has moved, or the signal is not the gas.",
    ],
  ],
  ["low_signal", ["caution", "low signal", "The signal does not stand out of its noise."]],
  [
    "out_of_range",
    ["caution", "out of range", "The concentration lies outside the range that was calibrated."],
  ],
  [
    "calibration_expired",
    ["caution", "calibration expired", "The calibration is no longer valid: calibrate again."],
  ],
  [
    "uncalibrated",
    [
      "caution",
      "uncalibrated",
      "There is no calibration, so this is the amplitude of the signal, not a concentration.",
    ],
  ],
]);

/** {name, severity, label, meaning}; a flag that this page doesn't know is a reason for caution. */
export function describe(name) {
  const [severity, label, meaning] = FLAGS.get(name) ?? [
    "caution",
    String(name).replaceAll("_", " "),
    "This page does not know this flag.",
  ];
  return { name, severity, label, meaning };
}

/** The flags of a reading in words, the gravest first. */
export function describeAll(flags) {
  return (flags ?? []).map(describe).sort((a, b) => rank(b.severity) - rank(a.severity));
}

export function worst(flags) {
  return describeAll(flags)[0]?.severity ?? "ok";
}

/** A flag that says where the reading comes from is no reason to mark it. */
export function isDoubtful(severity) {
  return rank(severity) >= rank("caution");
}

/** A reading with such a flag is not to be trusted. */
export function isGrave(severity) {
  return severity === "bad";
}

function rank(severity) {
  return SEVERITIES.indexOf(severity);
}
