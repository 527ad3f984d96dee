import { environment } from "./api.js";
import { Asking } from "./asking.js";
import { setText } from "./draw.js";
import { isNumber, measurementText, rounded } from "./numbers.js";

const PERIOD_MS = 2000;

/** An answer that is older than this is worth telling. */
const OLD_S = 5;

/** Temperature and pressure of the gas; hidden without a sensor. Asked for while the page is seen. */
export class EnvironmentLine {
  #line;
  #values;
  #age;

  constructor(line) {
    this.#line = line;
    this.#values = line.querySelector("[data-part=values]");
    this.#age = line.querySelector("[data-part=age]");
    new Asking(() => this.#ask(), PERIOD_MS).now();
  }

  async #ask() {
    try {
      this.#show(await environment());
    } catch (error) {
      this.#unknown(error.message);
      setText(this.#age, "");
    }
  }

  #show(now) {
    this.#line.hidden = now.sensor === "none";
    this.#line.title = now.sensor;
    const known = [
      isNumber(now.temperature_c)
        ? measurementText(now.temperature_c, now.temperature_uncertainty_c, "°C")
        : "",
      isNumber(now.pressure_hpa)
        ? measurementText(now.pressure_hpa, now.pressure_uncertainty_hpa, "hPa")
        : "",
    ].filter((text) => text !== "");
    if (known.length > 0) {
      setText(this.#values, known.join(", "));
      this.#values.title = "";
      this.#values.classList.remove("doubt");
    } else {
      this.#unknown(now.error ?? "no answer yet");
    }
    setText(this.#age, isNumber(now.age_s) && now.age_s > OLD_S ? ageText(now.age_s) : "");
  }

  #unknown(reason) {
    setText(this.#values, "unknown");
    this.#values.title = reason;
    this.#values.classList.add("doubt");
  }
}

function ageText(seconds) {
  return seconds < 120 ? `${rounded(seconds, 0)} s old` : `${rounded(seconds / 60, 0)} min old`;
}
