import { simulate, simulation } from "./api.js";
import { Asking } from "./asking.js";
import { setText } from "./draw.js";
import { hertz, rounded, significant } from "./numbers.js";

const PERIOD_MS = 1000;

/** A drop-out can't be cleared: no sample comes before its end. */
const DROPOUT_S = 1;

/** What is in force in the simulated cell, and commands for it; asked for only while unfolded. */
export class PhotophoneSimulation extends HTMLElement {
  #state;
  #note;
  #asking;

  connectedCallback() {
    this.#asking = Asking.whileUnfolded(
      this.querySelector("details"),
      () => this.#ask(),
      PERIOD_MS,
      () => !this.hidden,
    );
    this.#state = this.querySelector("[data-part=state]");
    this.#note = this.querySelector("[data-part=note]");
    for (const button of this.querySelectorAll("[data-fault]")) {
      button.addEventListener("click", () => this.#command(faultCommand(button)));
    }
    this.querySelector("[data-action=script]").addEventListener("click", () =>
      this.#command({ command: "script" }),
    );
    for (const form of this.querySelectorAll("form")) {
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        this.#command(formCommand(form));
      });
    }
  }

  set instrument(instrument) {
    this.hidden = !instrument.source?.simulated;
    this.#asking.now();
  }

  async #ask() {
    try {
      this.#show(await simulation());
    } catch (error) {
      setText(this.#note, `This is of the past: ${error.message}.`);
    }
  }

  async #command(command) {
    try {
      this.#show(await simulate(command));
    } catch (error) {
      setText(this.#note, `Refused: ${error.message}.`);
    }
  }

  #show(state) {
    const faults = state.faults.map((kind) => this.#button(kind)?.textContent.toLowerCase() ?? kind);
    setText(
      this.#state,
      [
        `${significant(state.ppm, 4)} ppm ${state.scripted ? "by the script" : "by command"}`,
        `${rounded(state.temperature_c, 2)} °C`,
        `resonance ${rounded(state.resonance_hz, 2)} Hz`,
        `laser ${hertz(state.modulation_hz)}`,
        faults.length === 0 ? "no fault" : `faults: ${faults.join(", ")}`,
      ].join(" · "),
    );
    for (const button of this.querySelectorAll("[data-fault][aria-pressed]")) {
      button.setAttribute("aria-pressed", String(state.faults.includes(button.dataset.fault)));
    }
    setText(this.#note, "");
  }

  #button(kind) {
    return this.querySelector(`[data-fault=${kind}]`);
  }
}

function faultCommand(button) {
  const kind = button.dataset.fault;
  if (kind === "dropout") {
    return { command: "fault", kind, for_s: DROPOUT_S };
  }
  return { command: button.getAttribute("aria-pressed") === "true" ? "clear" : "fault", kind };
}

/** A field that is empty is left out: the server says what is missing. */
function formCommand(form) {
  const command = { command: form.dataset.command };
  for (const field of form.querySelectorAll("input")) {
    if (field.value !== "") {
      command[field.name] = Number(field.value);
    }
  }
  return command;
}
