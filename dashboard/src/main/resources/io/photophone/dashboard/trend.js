import { axis, axisWidth, Chart, plainTicks } from "./chart.js";
import { requestDraw, setData, setText } from "./draw.js";
import { isDoubtful, isGrave } from "./flags.js";
import { History } from "./history.js";
import { iconPaths } from "./icon.js";
import { measurementText, NONE } from "./numbers.js";
import { pauseButton } from "./pause.js";
import { colour } from "./theme.js";
import { clockText, clockTicks, elapsedText, zoneText } from "./times.js";

/** Steps of the time axis in seconds. */
const INCREMENTS = [
  0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21_600, 43_200, 86_400,
];

const HINT = matchMedia("(hover: hover)").matches ? "drag to zoom" : "touch to read a point";

/** CSS pixels: the size of a mark, which is also how far apart two of them are at least. */
const MARK_SIZE = 14;

/** CSS pixels: the ticks of flagged readings that are too close to a mark. */
const TICK_WIDTH = 2;
const TICK_HEIGHT = { caution: 5, bad: 10 };

/** Units in which the icons are drawn. */
const ICON_SIZE = 16;

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
  #picked = null;
  #draw = () => this.#drawNow();

  connectedCallback() {
    this.#parts = {
      plot: this.querySelector("[data-part=plot]"),
      readout: this.querySelector("[data-part=readout]"),
      zone: this.querySelector("[data-part=zone]"),
      reset: this.querySelector("[data-action=reset]"),
      why: this.querySelector("[data-action=why]"),
      title: this.querySelector("h2"),
    };
    for (const radio of this.querySelectorAll("input[type=radio]")) {
      radio.addEventListener("change", () => {
        this.#windowSeconds = radio.value === "all" ? Infinity : Number(radio.value);
        this.#setZoom(null);
      });
    }
    this.#parts.reset.addEventListener("click", () => this.#setZoom(null));
    this.#parts.why.addEventListener("click", () =>
      this.dispatchEvent(new CustomEvent("why", { detail: { fromSample: this.#picked.fromSample } })),
    );
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

  /** Forgets all: what comes is of another gas. */
  clear() {
    this.#history.clear();
    this.#pick(null);
    this.#resume();
    this.#setZoom(null);
    this.#changed();
  }

  /** Times since a stream's start mean nothing in the stream after it. */
  reconnected() {
    if (!this.#history.hasWallClock) {
      this.clear();
    }
  }

  #changed() {
    setData(this, "points", this.#history.valued);
    requestDraw(this.#draw);
  }

  /** The reading that can be asked about: only of live ones it is noted what happened meanwhile. */
  #pick(row) {
    this.#picked = row?.wallClock ? row : null;
    this.#parts.why.disabled = this.#picked === null;
    setText(
      this.#parts.why,
      this.#picked === null ? "Late?" : `Late at ${clockText(row.time * 1000, Date.now())}?`,
    );
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
      onPick: (index) => this.#pick(this.#history.columns.row[index] ?? null),
      onZoom: (zoom) => this.#setZoom(zoom === null ? null : this.#bounded(zoom)),
      data: this.#chartData(),
      options: {
        scales: {
          x: { time: kind === "clock", range: () => this.#view() },
          y: { range: (_, low, high) => padded(...(low === null ? this.#untrustedExtent() : [low, high])) },
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
        hooks: { draw: [(plot) => this.#markFlagged(plot)] },
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

  /** Lowest and highest of the shown values that are not to be trusted, for want of better ones. */
  #untrustedExtent() {
    const { time, untrusted } = this.#history.columns;
    const [from, to] = this.#view();
    const values = untrusted.filter((value, i) => value !== null && time[i] >= from && time[i] <= to);
    return values.length === 0
      ? [null, null]
      : values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [
          Infinity,
          -Infinity,
        ]);
  }

  /**
   * Marks with the shapes of the key. Marks that overlap would hide each other and the line, so a
   * flagged reading that is too close to another's mark gets a tick at the lower edge; grave ones
   * are marked first. One without a value, or outside the axis, is marked at the edge.
   */
  #markFlagged(plot) {
    const { time, severity } = this.#history.columns;
    const [first, last] = plot.series[0].idxs ?? [];
    if (first === null || first === undefined || time.length === 0) {
      return;
    }
    const flagged = [];
    for (let i = first; i <= last; i++) {
      if (isDoubtful(severity[i])) {
        flagged.push(i);
      }
    }
    const taken = new Uint8Array(plot.ctx.canvas.width + 1);
    const grave = flagged.filter((i) => isGrave(severity[i]));
    const others = flagged.filter((i) => !isGrave(severity[i]));
    const marks = [];
    for (const i of [...grave, ...others]) {
      const x = plot.valToPos(time[i], "x", true);
      if (taken[Math.round(x)]) {
        this.#drawTick(plot, x, severity[i]);
      } else {
        const distance = MARK_SIZE * devicePixelRatio;
        taken.fill(1, Math.max(0, Math.round(x - distance)), Math.round(x + distance));
        marks.push({ x, y: this.#markHeight(plot, i), name: severity[i] });
      }
    }
    for (const { x, y, name } of marks) {
      drawMark(plot.ctx, x, y, name);
    }
  }

  #markHeight(plot, index) {
    const { value, untrusted } = this.#history.columns;
    const half = (MARK_SIZE / 2) * devicePixelRatio;
    const highest = plot.bbox.top + half;
    const lowest = plot.bbox.top + plot.bbox.height - half - TICK_HEIGHT.bad * devicePixelRatio;
    const known = value[index] ?? untrusted[index];
    return known === null
      ? lowest
      : Math.max(highest, Math.min(lowest, plot.valToPos(known, "y", true)));
  }

  #drawTick(plot, x, name) {
    const width = TICK_WIDTH * devicePixelRatio;
    const height = TICK_HEIGHT[name] * devicePixelRatio;
    plot.ctx.fillStyle = colour(name);
    plot.ctx.fillRect(x - width / 2, plot.bbox.top + plot.bbox.height - height, width, height);
  }

  #describe(index) {
    const { time, value, untrusted, row } = this.#history.columns;
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
    const known = value[index] ?? untrusted[index];
    const what =
      known === null
        ? NONE
        : measurementText(known, row[index].uncertainty, row[index].quantity.unit);
    return [when, what, row[index].label].filter((part) => part !== "").join("  ·  ");
  }
}

function drawMark(context, x, y, name) {
  const { body, cut } = iconPaths(name);
  const size = MARK_SIZE * devicePixelRatio;
  context.save();
  context.translate(x - size / 2, y - size / 2);
  context.scale(size / ICON_SIZE, size / ICON_SIZE);
  context.lineWidth = 2;
  context.lineCap = "round";
  context.lineJoin = "round";
  context.strokeStyle = colour("card");
  context.stroke(body);
  context.fillStyle = colour(name);
  context.fill(body);
  context.strokeStyle = colour("cut");
  context.stroke(cut);
  context.restore();
}

function padded(low, high) {
  if (low === null || high === null) {
    return [0, 1];
  }
  const margin = high > low ? 0.12 * (high - low) : Math.abs(high) * 0.01 || 1;
  return [low - margin, high + margin];
}
