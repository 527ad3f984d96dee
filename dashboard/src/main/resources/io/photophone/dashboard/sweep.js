import { beginSweep, latestSweep, sweepProgress } from "./api.js";
import { axis, axisWidth, Chart, plainTicks } from "./chart.js";
import { setData, setText } from "./draw.js";
import { isNumber, measurementText, NONE, rounded, significant } from "./numbers.js";
import { niceAtLeast } from "./range.js";
import { colour } from "./theme.js";

const PROGRESS_MS = 300;

/** Pixels from one point of the fitted curve to the next. */
const CURVE_STEP = 2;

/** The newest sweep of the resonance with its fit, and a button for another. */
export class PhotophoneSweep extends HTMLElement {
  #details;
  #parts = {};
  #charts = [];
  #sweep = null;
  #waiting = false;
  #next;

  connectedCallback() {
    this.#details = this.querySelector("details");
    for (const part of this.querySelectorAll("[data-part]")) {
      this.#parts[part.dataset.part] = part;
    }
    this.#details.addEventListener("toggle", () => this.#opened());
    this.#parts.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#begin();
    });
  }

  /** Another instrument has other sweeps. */
  set instrument(instrument) {
    this.#parts.form.hidden = !instrument.source?.simulated;
    this.#parts.elsewhere.hidden = !this.#parts.form.hidden;
    this.#opened();
  }

  #opened() {
    if (this.#details.open) {
      this.#askLatest();
      this.#askProgress();
    }
  }

  async #begin() {
    const plan = {};
    for (const field of this.#parts.form.querySelectorAll("input")) {
      if (field.value !== "") {
        plan[field.name] = Number(field.value);
      }
    }
    try {
      await beginSweep(plan);
      setText(this.#parts.note, "");
      this.#askProgress();
    } catch (error) {
      setText(this.#parts.note, `Refused: ${error.message}.`);
    }
  }

  async #askProgress() {
    clearTimeout(this.#next);
    try {
      const { running, done, error } = await sweepProgress();
      this.#parts.progress.hidden = !running;
      this.#parts.progress.value = done;
      this.#parts.button.disabled = running;
      if (running) {
        this.#waiting = true;
        this.#next = setTimeout(() => this.#askProgress(), PROGRESS_MS);
      } else if (this.#waiting) {
        this.#waiting = false;
        setText(this.#parts.note, error ? `The sweep failed: ${error}.` : "");
        this.#askLatest();
      }
    } catch (error) {
      setText(this.#parts.note, `The server doesn't tell of its sweeps: ${error.message}.`);
    }
  }

  async #askLatest() {
    try {
      this.#show(await latestSweep());
    } catch (error) {
      setText(this.#parts.note, `The latest sweep is missing: ${error.message}.`);
    }
  }

  #show(sweep) {
    this.#sweep = sweep;
    setData(this, "points", sweep?.points.length ?? 0);
    this.#parts.curves.hidden = sweep === null;
    setText(this.#parts.result, resultText(sweep));
    const warnings = (sweep?.warnings ?? []).map(({ text }) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    });
    this.#parts.warnings.replaceChildren(...warnings);
    this.#charts.forEach((chart) => chart.destroy());
    this.#charts = sweep === null ? [] : this.#newCharts(sweep);
  }

  #newCharts({ points, fitted }) {
    const hasPhases = fitted === "phasors";
    this.#parts.phase.hidden = !hasPhases;
    const amplitude = this.#newChart({
      host: this.#parts.amplitude,
      label: "full scale",
      values: points.map((point) => point.amplitude),
      curve: (hz) => Math.hypot(...this.#fitAt(hz)),
      range: (_, __, high) => [0, niceAtLeast(1.05 * (high ?? 1))],
    });
    if (!hasPhases) {
      return [amplitude];
    }
    const phase = this.#newChart({
      host: this.#parts.phase,
      label: "degrees",
      values: points.map((point) => this.#near(point.phase_deg)),
      curve: (hz) => {
        const [x, y] = this.#fitAt(hz);
        return this.#near((Math.atan2(y, x) * 180) / Math.PI);
      },
      range: (_, low, high) => (low === null ? [-180, 180] : [low - 10, high + 10]),
    });
    return [amplitude, phase];
  }

  #newChart({ host, label, values, curve, range }) {
    const frequencies = this.#sweep.points.map((point) => point.frequency_hz);
    return new Chart({
      host,
      readout: this.#parts.readout,
      describe: (index) => this.#describe(index),
      data: [frequencies, values],
      options: {
        scales: { x: { time: false }, y: { range } },
        series: [
          {},
          {
            stroke: () => colour("mic-a"),
            paths: () => null,
            points: { show: true, size: 6, fill: () => colour("mic-a") },
          },
        ],
        axes: [
          axis({ space: 64, values: plainTicks }),
          axis({ label, size: axisWidth, space: 30, values: plainTicks }),
        ],
        hooks: { drawClear: [(plot) => this.#drawFit(plot, curve)] },
      },
    });
  }

  /** Below the points, at the canvas's own resolution. */
  #drawFit(plot, curve) {
    if (!this.#sweep?.resonance) {
      return;
    }
    const { left, top, width, height } = plot.bbox;
    const context = plot.ctx;
    context.save();
    context.beginPath();
    context.rect(left, top, width, height);
    context.clip();
    context.beginPath();
    for (let x = 0; x <= width; x += CURVE_STEP) {
      const hz = plot.posToVal(left + x, "x", true);
      context.lineTo(left + x, plot.valToPos(curve(hz), "y", true));
    }
    context.strokeStyle = colour("mic-b");
    context.lineWidth = 2 * devicePixelRatio;
    context.stroke();
    context.restore();
  }

  /** The fitted curve as [x, y]. */
  #fitAt(hz) {
    const { resonance, fitted } = this.#sweep;
    const detuning = (2 * resonance.quality * (hz - resonance.frequency_hz)) / resonance.frequency_hz;
    if (fitted === "magnitudes") {
      return [resonance.amplitude / Math.hypot(1, detuning) + resonance.offset_x, 0];
    }
    const angle = (resonance.phase_deg * Math.PI) / 180 - Math.atan(detuning);
    const size = resonance.amplitude / Math.hypot(1, detuning);
    return [
      size * Math.cos(angle) + resonance.offset_x,
      size * Math.sin(angle) + resonance.offset_y,
    ];
  }

  /** A phase without a jump of a whole turn between it and the one at the resonance. */
  #near(degrees) {
    if (!isNumber(degrees)) {
      return null;
    }
    const centre = this.#sweep.resonance?.phase_deg ?? 0;
    return degrees - 360 * Math.round((degrees - centre) / 360);
  }

  #describe(index) {
    const point = index === null ? null : this.#sweep?.points[index];
    if (!point) {
      return "";
    }
    const phase = isNumber(point.phase_deg) ? `  ${rounded(point.phase_deg, 2)}°` : "";
    const used = point.used === "yes" ? "" : "  left out";
    return `${rounded(point.frequency_hz, 2)} Hz  ${significant(point.amplitude, 4)}${phase}${used}`;
  }
}

function resultText(sweep) {
  if (sweep === null) {
    return "no sweep yet";
  }
  const when = new Date(sweep.time).toLocaleString();
  const { resonance } = sweep;
  if (!resonance) {
    return `no resonance found · ${when}`;
  }
  const frequency = measurementText(
    resonance.frequency_hz,
    resonance.frequency_uncertainty_hz,
    "Hz",
  );
  const quality = measurementText(resonance.quality, resonance.quality_uncertainty, "");
  const chiSquare = isNumber(sweep.reduced_chi_square)
    ? rounded(sweep.reduced_chi_square, 2)
    : NONE;
  return `resonance ${frequency} · quality ${quality} · reduced χ² ${chiSquare} · ${when}`;
}
