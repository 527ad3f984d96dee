import { requestDraw, setData, setText } from "./draw.js";
import { lineButtons } from "./lines.js";
import { pauseButton } from "./pause.js";
import { colour } from "./theme.js";

/** Frames come many times a second: after this long the picture is of the past. */
const SILENT_MS = 2000;

/** Wider lines are no hairlines, and without a graphics processor cost three times as much. */
const LINE_WIDTH = 1;

/**
 * A card that draws the newest of a fast series of events for both microphones.
 *
 * Events arrive as text and only the one that is drawn is parsed. Subclasses have `newChart()`,
 * `chartData(event)` and `label`.
 */
export class SignalPanel extends HTMLElement {
  #text = null;
  #event = null;
  #receivedAt = null;
  #paused = false;
  #hidden = new Set();
  #draw = () => this.#drawNow();
  chart = null;
  parts;
  modulationHz = null;

  connectedCallback() {
    this.parts = {
      plot: this.querySelector("[data-part=plot]"),
      readout: this.querySelector("[data-part=readout]"),
    };
    pauseButton(this.querySelector("[data-action=pause]"), (paused) => {
      this.#paused = paused;
    });
    lineButtons(
      this.querySelector("[data-part=lines]"),
      [
        { name: "A", swatch: "swatch-a" },
        { name: "B", swatch: "swatch-b" },
      ],
      (index, show) => {
        if (show) {
          this.#hidden.delete(index);
        } else {
          this.#hidden.add(index);
        }
        this.chart?.setSeriesShown(index + 1, show);
      },
    );
    this.redraw({ rebuild: true });
  }

  set instrument(instrument) {
    this.modulationHz = instrument.modulation_hz ?? null;
    this.redraw();
  }

  /** The event that was drawn last, null before the first. */
  get event() {
    return this.#event;
  }

  get paused() {
    return this.#paused;
  }

  /** The newest event's data. */
  push(text) {
    this.#receivedAt = performance.now();
    if (!this.#paused) {
      this.#text = text;
      requestDraw(this.#draw);
    }
  }

  /** Says that the picture is not of now when no events come. */
  tick() {
    const silent =
      this.#receivedAt !== null && performance.now() - this.#receivedAt > SILENT_MS;
    this.classList.toggle("silent", silent);
    setText(this.querySelector("[data-part=silent]"), silent ? "not live" : "");
  }

  /** No event will come for now, so the picture is of the past at once. */
  disconnected() {
    if (this.#receivedAt !== null) {
      this.#receivedAt = -Infinity;
      this.tick();
    }
  }

  /** Draws the same event again, after an option changed. */
  redraw({ rebuild = false } = {}) {
    if (rebuild) {
      this.chart?.destroy();
      this.chart = null;
    }
    requestDraw(this.#draw);
  }

  /** Options of uPlot for the two microphones' lines. */
  lineSeries() {
    return ["mic-a", "mic-b"].map((name, index) => ({
      stroke: () => colour(name),
      width: LINE_WIDTH,
      alpha: 0.8,
      show: !this.#hidden.has(index),
      points: { show: false },
    }));
  }

  #drawNow() {
    if (this.#text !== null) {
      this.#event = JSON.parse(this.#text);
      this.#text = null;
    }
    const data = this.#event === null ? [[], [], []] : this.chartData(this.#event);
    this.chart ??= this.newChart(data);
    this.chart.setData(data);
    if (this.#event !== null) {
      setData(this, "frame", this.#event.frame_number);
    }
  }
}
