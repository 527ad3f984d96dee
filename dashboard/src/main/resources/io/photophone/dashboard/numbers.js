/** Numbers as text. Pure functions; a value that is absent or not finite is shown as a dash. */

export const NONE = "—";
const MINUS = "\u2212";
const NARROW_SPACE = "\u202f";
const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

/** Digits that a double holds; more would be invented. */
const MOST_DIGITS = 15;

export function isNumber(value) {
  return typeof value === "number" && Number.isFinite(value);
}

/**
 * A value and its standard uncertainty as text: the uncertainty with two significant digits, the
 * value with the same decimals. Very small and very large ones share a power of ten, so
 * {value: "412.3", uncertainty: "1.9", exponent: 0}.
 */
export function measurement(value, uncertainty) {
  if (!isNumber(value)) {
    return { value: NONE, uncertainty: NONE, exponent: 0 };
  }
  const known = isNumber(uncertainty) && uncertainty >= 0;
  const size = Math.max(Math.abs(value), known ? uncertainty : 0);
  const exponent =
    size !== 0 && (size < 1e-3 || size >= 1e7) ? 3 * Math.floor(Math.log10(size) / 3) : 0;
  const scale = 10 ** exponent;
  const wanted =
    known && uncertainty > 0 ? decimalsFor(uncertainty / scale, 2) : decimalsFor(value / scale, 4);
  const decimals = Math.min(wanted, MOST_DIGITS - 1 - Math.max(0, magnitude(size / scale)));
  return {
    value: rounded(value / scale, decimals),
    uncertainty: !known
      ? NONE
      : decimals === wanted
        ? rounded(uncertainty / scale, decimals)
        : significant(uncertainty / scale, 2),
    exponent,
  };
}

/** "412.3 ± 1.9 ppm". */
export function measurementText(value, uncertainty, unit) {
  if (!isNumber(value)) {
    return NONE;
  }
  const text = measurement(value, uncertainty);
  return [`${text.value} ± ${text.uncertainty}`, unitText(text.exponent, unit)]
    .filter((part) => part !== "")
    .join(" ");
}

/** "×10⁻⁶ ppm", or only the unit when there is no power of ten. */
export function unitText(exponent, unit) {
  return [exponent === 0 ? "" : `×10${superscript(exponent)}`, unit ?? ""]
    .filter((part) => part !== "")
    .join(" ");
}

/** With this many significant digits, a power of ten where the number asks for one. */
export function significant(value, digits) {
  if (!isNumber(value)) {
    return NONE;
  }
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const exponent = magnitude(value);
    const mantissa = rounded(value / 10 ** exponent, digits - 1);
    return `${mantissa}×10${superscript(exponent)}`;
  }
  return rounded(value, decimalsFor(value, digits));
}

/** With this many decimals; negative decimals round to tens, hundreds and so on. */
export function rounded(value, decimals) {
  if (!isNumber(value)) {
    return NONE;
  }
  const step = 10 ** Math.max(0, -decimals);
  const whole = decimals < 0 ? Math.round(value / step) * step : value;
  const text = whole.toFixed(Math.max(0, Math.min(decimals, 20)));
  return /^-0*\.?0*$/.test(text) ? text.slice(1) : text.replace("-", MINUS);
}

/** 1 234 567, for counts. */
export function count(value) {
  return isNumber(value)
    ? value.toFixed(0).replace("-", MINUS).replace(/\B(?=(\d{3})+$)/g, NARROW_SPACE)
    : NONE;
}

/** "2.000 kHz". */
export function hertz(value) {
  if (!isNumber(value)) {
    return NONE;
  }
  return Math.abs(value) >= 1000
    ? `${rounded(value / 1000, 3)} kHz`
    : `${rounded(value, 1)} Hz`;
}

/** Decimals that tell two neighbouring ticks apart when they are this far from each other. */
export function tickDecimals(increment) {
  const exponent = Math.floor(Math.log10(increment) + 1e-9);
  const mantissa = increment / 10 ** exponent;
  const whole = Math.abs(mantissa - Math.round(mantissa)) < 1e-6;
  return Math.max(0, -exponent + (whole ? 0 : 1));
}

function decimalsFor(value, digits) {
  if (value === 0) {
    return digits - 1;
  }
  const decimals = digits - 1 - magnitude(value);
  // Rounding up can carry: 0.0996 has two significant digits as 0.10, not as 0.100.
  const carried = Math.round(Math.abs(value) * 10 ** decimals) >= 10 ** digits;
  return carried ? decimals - 1 : decimals;
}

function magnitude(value) {
  return value === 0 ? 0 : Math.floor(Math.log10(Math.abs(value)));
}

function superscript(exponent) {
  const digits = [...String(Math.abs(exponent))].map((digit) => SUPERSCRIPTS[digit]).join("");
  return exponent < 0 ? `⁻${digits}` : digits;
}
