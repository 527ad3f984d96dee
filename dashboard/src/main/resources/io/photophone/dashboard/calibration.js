import { calibration, calibrations, commandCalibration } from "./api.js";
import { Asking } from "./asking.js";
import { FitCharts } from "./fit-charts.js";
import { setData, setText } from "./draw.js";
import { labelWithIcon } from "./icon.js";
import { isNumber, measurementText, NONE, significant } from "./numbers.js";
import { agoText, clockText } from "./times.js";

const PERIOD_MS = 1000;

/** A calibration expires while nobody looks at it. */
const HISTORY_PERIOD_MS = 30_000;

const KINDS = new Map([
  ["zero", "zero"],
  ["span", "span"],
  ["multi_point", "multi-point"],
  ["restored", "restored"],
  ["configured", "configured"],
]);

/** The calibration in force and those before it, and the steps to a new one. */
export class PhotophoneCalibration extends HTMLElement {
  #details;
  #parts = {};
  #facts = {};
  #forms = {};
  #commands;
  #rows;
  #charts;
  #inForce = null;
  #askedHistoryAt = -Infinity;

  connectedCallback() {
    this.#details = this.querySelector("details");
    this.#rows = this.querySelector("tbody");
    for (const part of this.querySelectorAll("[data-part]")) {
      this.#parts[part.dataset.part] = part;
    }
    for (const fact of this.querySelectorAll("[data-fact]")) {
      this.#facts[fact.dataset.fact] = fact;
    }
    for (const form of this.querySelectorAll("form")) {
      this.#forms[form.dataset.form] = form;
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#command(commandOf(form));
      });
    }
    this.#commands = [...this.querySelectorAll("[data-command]")];
    for (const button of this.#commands) {
      button.addEventListener("click", () => this.#command({ command: button.dataset.command }));
    }
    this.#charts = new FitCharts(this.#parts);
    const asking = new Asking(() => this.#ask(), PERIOD_MS);
    this.#details.addEventListener("toggle", () => asking.now());
    asking.now();
  }

  /** The history now and then, the state of the workflow only while somebody can see it. */
  async #ask() {
    try {
      if (performance.now() - this.#askedHistoryAt > HISTORY_PERIOD_MS) {
        await this.#askHistory();
      }
      if (this.#details.open) {
        this.#showState(await calibration());
      }
      setText(this.#parts.note, "");
    } catch (error) {
      setText(this.#parts.note, `These are of the past: ${error.message}.`);
    }
  }

  async #askHistory() {
    this.#showHistory(await calibrations());
    this.#askedHistoryAt = performance.now();
  }

  async #command(command) {
    const withKeyboard = this.contains(document.activeElement);
    try {
      this.#showState(await commandCalibration(command));
      setText(this.#parts.refusal, "");
      await this.#askHistory();
      if (withKeyboard) {
        this.#focusNext();
      }
    } catch (error) {
      setText(this.#parts.refusal, error.message);
    }
  }

  /** Whoever works with the keyboard goes on where the next step is. */
  #focusNext() {
    if (!this.contains(document.activeElement) || document.activeElement.closest("[hidden]") !== null) {
      this.querySelector("form:not([hidden]) input, [data-command]:not([hidden])")?.focus();
    }
  }

  #showHistory({ in_force: inForce = [], calibrations: all = [] }) {
    const [current = null] = inForce;
    this.#inForce = current;
    const expired = inForce.some((each) => each.expired);
    const [severity, text, value] =
      current === null
        ? ["caution", "none", "none"]
        : expired
          ? ["bad", "expired", "expired"]
          : ["ok", current.id, "valid"];
    labelWithIcon(this.#parts.status, severity, text);
    setData(this.#parts.status, "value", value);
    this.#showFacts(current);
    this.#rows.replaceChildren(...all.toReversed().map((each) => row(each, inForce)));
    this.#showFit(null);
  }

  #showFacts(current) {
    const now = Date.now();
    const from = Date.parse(current?.valid_from ?? "");
    const until = Date.parse(current?.valid_until ?? "");
    const sensitivity = current?.sensitivity;
    const facts = {
      id: current === null ? "no calibration" : `${current.id} (${current.gas})`,
      age: Number.isFinite(from) ? agoText((now - from) / 1000) : NONE,
      until: Number.isFinite(until)
        ? `${clockText(until, now)}${current.expired ? ": expired" : ""}`
        : current === null
          ? NONE
          : "no end",
      sensitivity: isNumber(sensitivity)
        ? sensitivityText(current)
        : NONE,
      range:
        current === null
          ? NONE
          : `${significant(current.lowest, 4)} to ${significant(current.highest, 4)} ${current.unit}`,
      "r-squared": rSquaredText(current?.fit?.r_squared),
      "chi-squared": significant(current?.fit?.reduced_chi_squared, 3),
      bottle: current?.bottle?.label ?? NONE,
      who: current?.who ?? NONE,
    };
    for (const [name, text] of Object.entries(facts)) {
      setText(this.#facts[name], text);
    }
    this.#facts.until.classList.toggle("doubt", current?.expired === true);
  }

  #showState(state) {
    const { allowed, points = [], unit = "" } = state;
    setText(this.#parts.instruction, state.instruction);
    setData(this, "state", state.state);
    this.#forms.begin.hidden = !allowed.includes("begin");
    this.#forms.point.hidden = !allowed.includes("point");
    for (const button of this.#commands) {
      button.hidden = !allowed.includes(button.dataset.command);
    }
    setText(this.#parts.unit, unit === "" ? "" : ` in ${unit}`);
    this.#showProgress(state);
    show(this.#parts.points, (state.fit?.points ?? points).map((point) => pointText(point, unit)));
    setText(this.#parts.summary, state.fit ? summaryText(state) : "");
    show(this.#parts.warnings, state.fit?.warnings ?? []);
    const gases = this.#parts.gases;
    if ([...gases.options].map((option) => option.value).join() !== state.gases.join()) {
      gases.replaceChildren(...state.gases.map((gas) => new Option(gas)));
    }
    this.#showFit(state.fit ? state : null);
  }

  #showProgress({ state, steady, settled_over: settledOver, collected, readings }) {
    const { progress } = this.#parts;
    progress.hidden = state !== "settling" && state !== "collecting";
    progress.max = (settledOver ?? 0) + (readings ?? 1);
    progress.value = state === "settling" ? steady : (settledOver ?? 0) + (collected ?? 0);
  }

  /** The line that is reviewed, or the one in force. */
  #showFit(reviewed) {
    const shown = reviewed ?? (this.#details.open && this.dataset.state !== "review" ? this.#inForce : null);
    if (reviewed === null && this.dataset.state === "review") {
      return;
    }
    this.#charts.show(shown, reviewed === null ? `Points and line of ${shown?.id ?? ""}` : "Points and line to review");
  }
}

/** What a form asks for, without the fields that were left empty. */
function commandOf(form) {
  const fields = Object.fromEntries(
    [...new FormData(form)].filter(([, value]) => value.trim() !== ""),
  );
  const number = (value) => (value === undefined ? undefined : Number(value));
  if (form.dataset.form === "point") {
    return {
      command: "point",
      concentration: number(fields.concentration),
      concentration_uncertainty: number(fields.uncertainty),
    };
  }
  const { bottle_percent: percent, ...rest } = fields;
  return {
    command: "begin",
    ...rest,
    bottle_relative_uncertainty: percent === undefined ? undefined : Number(percent) / 100,
    valid_for_days: number(fields.valid_for_days),
    readings: number(fields.readings),
  };
}

function row(record, inForce) {
  const cells = [
    record.id + (inForce.some((each) => each.id === record.id) ? " (in force)" : ""),
    KINDS.get(record.kind) ?? record.kind,
    clockText(Date.parse(record.valid_from), Date.now()),
    rSquaredText(record.fit?.r_squared),
    record.who,
    record.bottle?.label ?? NONE,
    record.comment,
  ];
  const line = document.createElement("tr");
  cells.forEach((text, at) => {
    const cell = document.createElement(at === 0 ? "th" : "td");
    if (at === 0) {
      cell.scope = "row";
    }
    cell.textContent = text;
    line.append(cell);
  });
  return line;
}

function show(list, texts) {
  if ([...list.children].map((item) => item.textContent).join("\n") !== texts.join("\n")) {
    list.replaceChildren(
      ...texts.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
  }
}

function pointText({ concentration, x, y, uncertainty, readings, residual }, unit) {
  const amplitude = measurementText(Math.hypot(x, y), uncertainty, "");
  const rest = isNumber(residual) ? `, residual ${significant(residual, 2)} ${unit}` : "";
  return `${significant(concentration, 4)} ${unit}: amplitude ${amplitude}, ${readings} readings${rest}`;
}

function summaryText(state) {
  const { r_squared: rSquared, reduced_chi_squared: chiSquared } = state.fit;
  const quality = isNumber(rSquared)
    ? `, R² ${rSquaredText(rSquared)}, reduced χ² ${significant(chiSquared, 3)}`
    : "";
  return `Sensitivity ${sensitivityText(state)}, zero ${measurementText(state.offset, state.offset_uncertainty, "")}${quality}`;
}

/** A configured one may have no uncertainty. */
function sensitivityText({ sensitivity, relative_uncertainty: relative, unit }) {
  return relative > 0
    ? measurementText(sensitivity, sensitivity * relative, `/${unit}`)
    : `${significant(sensitivity, 4)} /${unit}`;
}

/** The digits that differ from 1 are what one wants to see. */
function rSquaredText(value) {
  return isNumber(value) ? value.toFixed(6) : NONE;
}
