import { axis, axisWidth, Chart, plainTicks } from "./chart.js";
import { requestDraw, setData, setText } from "./draw.js";
import { isDoubtful } from "./flags.js";
import { History } from "./history.js";
import { measurementText, NONE } from "./numbers.js";
import { pauseButton } from "./pause.js";
import { colour } from "./theme.js";
import { clockText, clockTicks, elapsedText, zoneText } from "./times.js";

/** Steps of the time axis in seconds. */
const INCREMENTS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400,
];

const HINT = matchMedia("(hover: hover)").matches ? "drag to zoom" : "touch to read a point";

/** CSS pixels between the marks of neighbouring readings. */
const MARK_DISTANCE = 14;

/** The least that the picture spans, in windows of one reading: fewer points tell no trend. */
const LEAST_READINGS = 30;

/** The concentration over time with its uncertainty; doubtful readings are marked. */
export class PhotophoneTrend extends HTMLElement {
  #history = new History();
  #windowSeconds = 300;
  #zoom = null;
  #pausedAt = null;
  #chart = null;
  #chartKind = null;
  #parts;
  #resume;
  #draw = () => this.#drawNow();

  connectedCallback() {
    this.#parts = {
      plot: this.querySelector("[data-part=plot]"),
      readout: this.querySelector("[data-part=readout]"),
      zone: this.querySelector("[data-part=zone]"),
      reset: this.querySelector("[data-action=reset]"),
      title: this.querySelector("h2"),
    };
    for (const radio of this.querySelectorAll("input[type=radio]")) {
      radio.addEventListener("change", () => {
        this.#windowSeconds = radio.value === "all" ? Infinity : Number(radio.value);
        this.#setZoom(null);
      });
    }
    this.#parts.reset.addEventListener("click", () => this.#setZoom(null));
    this.#resume = pauseButton(this.querySelector("[data-action=pause]"), (paused) => {
      this.#pausedAt = paused ? this.#history.newestTime : null;
      requestDraw(this.#draw);
    });
    requestDraw(this.#draw);
  }

  /** The newest readings that the server remembers, after each connection. */
  merge(readings) {
    this.#history.merge(readings);
    this.#changed();
  }

  add(reading) {
    this.#history.add(reading);
    this.#changed();
  }

  /** Times since a stream's start mean nothing in the stream after it. */
  reconnected() {
    if (!this.#history.hasWallClock) {
      this.#history.clear();
      this.#resume();
      this.#setZoom(null);
      this.#changed();
    }
  }

  #changed() {
    setData(this, "points", this.#history.valued);
    requestDraw(this.#draw);
  }

  #setZoom(zoom) {
    this.#zoom = zoom;
    this.#parts.reset.disabled = zoom === null;
    requestDraw(this.#draw);
  }

  #drawNow() {
    const kind = this.#history.hasWallClock ? "clock" : "elapsed";
    if (kind !== this.#chartKind) {
      this.#chart?.destroy();
      this.#chartKind = kind;
      this.#chart = this.#newChart(kind);
      setText(
        this.#parts.zone,
        kind === "clock" ? zoneText(Date.now()) : "time since the start of the recording",
      );
    }
    const quantity = this.#history.quantity;
    if (quantity !== null) {
      const name = quantity.name === "amplitude" ? "Trend of the amplitude (not calibrated)" : "Trend";
      setText(this.#parts.title, quantity.unit === "" ? name : `${name}, ${quantity.unit}`);
    }
    this.#chart.setData(this.#chartData());
  }

  #chartData() {
    const { time, value, low, high } = this.#history.columns;
    return [time, value, low, high];
  }

  #newChart(kind) {
    return new Chart({
      host: this.#parts.plot,
      readout: this.#parts.readout,
      describe: (index) => this.#describe(index),
      onZoom: (zoom) => this.#setZoom(zoom === null ? null : this.#bounded(zoom)),
      data: this.#chartData(),
      options: {
        scales: {
          x: { time: kind === "clock", range: () => this.#view() },
          y: { range: (_, low, high) => padded(low, high) },
        },
        series: [
          {},
          {
            stroke: () => colour("trend"),
            width: 2,
            points: { size: 5, fill: () => colour("trend") },
          },
          { width: 0, points: { show: false } },
          { width: 0, points: { show: false } },
        ],
        bands: [{ series: [3, 2], fill: () => colour("band") }],
        axes: [
          axis({
            space: 66,
            incrs: INCREMENTS,
            size: 38,
            values: (_, splits, __, ___, increment) =>
              kind === "clock" ? clockTicks(splits, increment) : splits.map(elapsedText),
          }),
          axis({
            size: axisWidth,
            space: 40,
            values: (...ticks) => (this.#history.valued === 0 ? [] : plainTicks(...ticks)),
          }),
        ],
        hooks: { draw: [(plot) => this.#markDoubtful(plot)] },
      },
    });
  }

  /** What the time axis shows: the zoom, or the chosen window up to the newest reading. */
  #view() {
    if (this.#zoom !== null) {
      return this.#zoom;
    }
    const times = this.#history.columns.time;
    const end = this.#pausedAt ?? this.#history.newestTime ?? Date.now() / 1000;
    const span = this.#history.columns.row.at(-1)?.span ?? 1;
    const least = LEAST_READINGS * span;
    const start = Math.max(end - this.#windowSeconds, times[0] ?? end - least);
    return [Math.min(start, end - least), end];
  }

  /** No further out than there are readings, no further in than two of them. */
  #bounded([from, to]) {
    const times = this.#history.columns.time;
    const span = this.#history.columns.row.at(-1)?.span ?? 1;
    const middle = (from + to) / 2;
    const half = Math.max(to - from, 2 * span) / 2;
    const low = Math.max(middle - half, times[0] ?? -Infinity);
    const high = Math.min(middle + half, times.at(-1) ?? Infinity);
    const everything = low <= (times[0] ?? low) && high >= (times.at(-1) ?? high);
    return everything || high <= low ? null : [low, high];
  }

  /** Shapes as in the chips; a doubtful reading without a value is marked at the lower edge. */
  #markDoubtful(plot) {
    const { time, value, severity } = this.#history.columns;
    const [first, last] = plot.series[0].idxs ?? [];
    if (first === null || first === undefined || time.length === 0) {
      return;
    }
    const ratio = devicePixelRatio;
    const size = 5 * ratio;
    const previous = { caution: -Infinity, bad: -Infinity };
    const paths = { caution: new Path2D(), bad: new Path2D() };
    for (let i = first; i <= last; i++) {
      if (!isDoubtful(severity[i])) {
        continue;
      }
      const x = plot.valToPos(time[i], "x", true);
      // Marks that overlap would hide the line and tell no more than a row of them.
      if (x - previous[severity[i]] < MARK_DISTANCE * ratio) {
        continue;
      }
      previous[severity[i]] = x;
      const y =
        value[i] === null
          ? plot.bbox.top + plot.bbox.height - 2 * size
          : plot.valToPos(value[i], "y", true);
      if (severity[i] === "bad") {
        paths.bad.rect(x - size, y - size, 2 * size, 2 * size);
        paths.bad.moveTo(x - size, y - size);
        paths.bad.lineTo(x + size, y + size);
        paths.bad.moveTo(x + size, y - size);
        paths.bad.lineTo(x - size, y + size);
      } else {
        paths.caution.moveTo(x, y - 1.2 * size);
        paths.caution.lineTo(x + 1.1 * size, y + 0.8 * size);
        paths.caution.lineTo(x - 1.1 * size, y + 0.8 * size);
        paths.caution.closePath();
      }
    }
    const context = plot.ctx;
    context.save();
    context.lineWidth = 1.5 * ratio;
    context.fillStyle = colour("card");
    for (const [name, path] of Object.entries(paths)) {
      context.strokeStyle = colour(name);
      context.fill(path);
      context.stroke(path);
    }
    context.restore();
  }

  #describe(index) {
    const { time, value, high, row } = this.#history.columns;
    if (index === null || row[index] === undefined || row[index] === null) {
      return this.#pausedAt !== null
        ? "paused"
        : this.#zoom !== null
          ? "zoomed: new readings continue outside"
          : time.length === 0
            ? "no readings yet"
            : HINT;
    }
    const when = row[index].wallClock
      ? clockText(time[index] * 1000, Date.now())
      : elapsedText(time[index]);
    const what =
      value[index] === null
        ? NONE
        : measurementText(
            value[index],
            high[index] === null ? null : high[index] - value[index],
            row[index].quantity.unit,
          );
    return [when, what, row[index].label].filter((part) => part !== "").join("  ·  ");
  }
}

function padded(low, high) {
  if (low === null || high === null) {
    return [0, 1];
  }
  const margin = high > low ? 0.12 * (high - low) : Math.abs(high) * 0.01 || 1;
  return [low - margin, high + margin];
}
