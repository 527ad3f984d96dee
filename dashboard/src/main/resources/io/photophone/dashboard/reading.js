import { setData, setText } from "./draw.js";
import { describeAll, isDoubtful } from "./flags.js";
import { labelWithIcon } from "./icon.js";
import { hertz, isNumber, measurement, measurementText, NONE, rounded, significant, unitText } from "./numbers.js";
import { isUncalibrated, shown } from "./quantity.js";
import { ageSeconds, agoText, clockText, elapsedText, endTime, staleAfterSeconds } from "./times.js";

/** Longer numbers get smaller digits, so that they stay on one line. */
const LONG_NUMBER = 7;

/** A screen reader that reads every number aloud says nothing else any more. */
const ANNOUNCE_MS = 10_000;

/** The newest reading, large, with everything that says how far to trust it. */
export class PhotophoneReading extends HTMLElement {
  #parts;
  #instrument = {};
  #entry = null;
  #streamed = false;
  #serverAheadMs = 0;
  #stale = false;
  #announcedAt = -Infinity;
  #announcedFlags = "";

  connectedCallback() {
    const part = (name) => document.getElementById(`reading-${name}`);
    this.#parts = Object.fromEntries(
      ["title", "value", "uncertainty", "unit", "basis", "stale", "time", "age", "flags", "why", "announcement"].map(
        (name) => [name, part(name)],
      ),
    );
    this.#showTitle();
  }

  set instrument(instrument) {
    this.#instrument = instrument;
    this.#showTitle();
    this.tick();
  }

  /** How much later it is on the server's clock than on this one. */
  set serverAheadMs(ms) {
    this.#serverAheadMs = ms;
  }

  /** What is shown came by an earlier connection, so the server may remember a newer one. */
  reconnected() {
    this.#streamed = false;
  }

  /**
   * @param reading to show
   * @param receivedAt when the stream brought it; null for one that the server remembered
   */
  show(reading, receivedAt) {
    if (receivedAt === null && (this.#streamed || isSame(reading, this.#entry?.reading))) {
      return;
    }
    this.#streamed = receivedAt !== null;
    this.#entry = { reading, receivedAt, endTime: endTime(reading) };
    this.#showValue(reading);
    this.#showFlags(reading.flags);
    this.#showFacts(reading);
    this.#showTitle();
    this.tick();
    this.#announce(reading);
  }

  /** Age and staleness, which change without a new reading. */
  tick() {
    if (this.#entry === null) {
      return;
    }
    const now = Date.now();
    const { reading } = this.#entry;
    const live = this.#instrument.source?.live === true;
    const age = ageSeconds(this.#entry, { now, serverAheadMs: this.#serverAheadMs, live });
    const integration = this.#instrument.integration_s ?? reading.to_s - reading.from_s;
    this.#stale = age === null || age > staleAfterSeconds(integration);
    this.#parts.stale.hidden = !this.#stale;
    this.classList.toggle("stale", this.#stale);
    setText(this.#parts.time, this.#timeText(now));
    setText(this.#parts.age, agoText(age));
    this.#showPageTitle();
  }

  #timeText(now) {
    const { reading, endTime: end } = this.#entry;
    if (end === null) {
      this.#parts.time.removeAttribute("datetime");
      return `at ${elapsedText(reading.to_s)} of the recording`;
    }
    const iso = new Date(end).toISOString();
    if (this.#parts.time.dateTime !== iso) {
      this.#parts.time.dateTime = iso;
      this.#parts.time.title = `end of the window, ${iso}`;
    }
    return clockText(end, now);
  }

  #showValue(reading) {
    const { value, uncertainty, unit } = shown(reading);
    const text = measurement(value, uncertainty);
    setText(this.#parts.value, text.value);
    setText(this.#parts.uncertainty, `± ${text.uncertainty}`);
    setText(this.#parts.unit, unitText(text.exponent, unit));
    setText(
      this.#parts.basis,
      isUncalibrated(reading)
        ? "not calibrated: amplitude in full-scale units, standard uncertainty, k = 1"
        : "standard uncertainty, k = 1",
    );
    this.#parts.value.classList.toggle("long", text.value.length > LONG_NUMBER);
    setData(this.#parts.value, "value", numberOrNull(reading.concentration));
    setData(this.#parts.value, "amplitude", numberOrNull(reading.amplitude));
    setData(this.#parts.value, "fromS", numberOrNull(reading.from_s));
    setData(this.#parts.value, "toS", numberOrNull(reading.to_s));
    setData(this.#parts.uncertainty, "value", numberOrNull(reading.standard_uncertainty));
  }

  #showFlags(names) {
    const key = (names ?? []).join(" ");
    if (this.#parts.flags.dataset.flags === key) {
      return;
    }
    this.#parts.flags.dataset.flags = key;
    const flags = describeAll(names);
    const chips = flags.map((flag) => chip(flag.severity, flag.label, flag.meaning, flag.name));
    this.#parts.flags.replaceChildren(
      ...(chips.length > 0 ? chips : [chip("ok", "no flags", "Nothing speaks against this reading.", null)]),
    );
    setText(this.#parts.why, explanation(flags));
  }

  #showFacts(reading) {
    const facts = {
      amplitude: measurementText(reading.amplitude, reading.amplitude_uncertainty, "FS"),
      phase: measurementText(reading.phase_deg, reading.phase_uncertainty_deg, "°"),
      snr: significant(reading.signal_to_noise, 3),
      noise: isNumber(reading.noise_density) ? `${significant(reading.noise_density, 3)} FS/√Hz` : NONE,
      modulation: hertz(reading.modulation_hz),
      window: windowText(reading),
      calibration: reading.calibration_id ?? "none",
    };
    for (const [name, text] of Object.entries(facts)) {
      setText(this.querySelector(`[data-fact=${name}]`), text);
    }
  }

  #showTitle() {
    const uncalibrated = this.#entry !== null && isUncalibrated(this.#entry.reading);
    const gas = this.#entry?.reading.gas ?? this.#instrument.gas;
    const concentration = gas === undefined ? "Concentration" : `Concentration of ${gas}`;
    setText(this.#parts.title, uncalibrated ? "Signal amplitude" : concentration);
  }

  #showPageTitle() {
    const { reading } = this.#entry;
    const { value, uncertainty, unit } = shown(reading);
    const number = measurementText(value, uncertainty, unit);
    const text = isUncalibrated(reading)
      ? `${number} (not calibrated)`
      : `${number} ${reading.gas ?? ""}`.trim();
    const title = `${this.#stale ? "stale: " : ""}${text} – Photophone`;
    if (document.title !== title) {
      document.title = title;
    }
  }

  /** New flags at once, numbers now and then. */
  #announce(reading) {
    const flags = describeAll(reading.flags)
      .map((flag) => flag.label)
      .join(", ");
    const now = performance.now();
    if (flags === this.#announcedFlags && now - this.#announcedAt < ANNOUNCE_MS) {
      return;
    }
    this.#announcedFlags = flags;
    this.#announcedAt = now;
    const { value, uncertainty, unit } = shown(reading);
    const text = measurement(value, uncertainty);
    const number = isNumber(value)
      ? `${text.value} plus or minus ${text.uncertainty} ${unitText(text.exponent, unit)}`
      : "no value";
    setText(this.#parts.announcement, flags === "" ? number : `${number}, ${flags}`);
  }
}

/** Tenths of a second are enough for a window of seconds, and fit after a day, too. */
function windowText({ from_s: from, to_s: to }) {
  const decimals = to - from < 1 ? 2 : 1;
  return `${rounded(from, decimals)}–${rounded(to, decimals)} s`;
}

/** Where the samples come from is explained only when there is nothing graver to say. */
function explanation(flags) {
  const doubts = flags.filter((flag) => isDoubtful(flag.severity));
  return (doubts.length > 0 ? doubts : flags).map((flag) => flag.meaning).join(" ");
}

function chip(severity, label, meaning, flag) {
  const item = document.createElement("li");
  item.className = "chip";
  item.title = meaning;
  setData(item, "flag", flag);
  labelWithIcon(item, severity, label);
  return item;
}

function isSame(one, other) {
  return one.from_sample === other?.from_sample && one.start_time === other?.start_time;
}

function numberOrNull(value) {
  return isNumber(value) ? value : null;
}
