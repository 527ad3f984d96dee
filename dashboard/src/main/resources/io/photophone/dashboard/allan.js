import { recentReadings, stability } from "./api.js";
import { Asking } from "./asking.js";
import { axis, axisWidth, Chart, FONT, labelledSplits, logSplits } from "./chart.js";
import { requestDraw, setData, setText } from "./draw.js";
import { count, isNumber, NONE, significant } from "./numbers.js";
import { colour } from "./theme.js";

const PERIOD_MS = 10_000;

/** While there is nothing to show yet. */
const WAITING_MS = 2000;

/** Fewer readings without a break tell nothing, and the server refuses them. */
const FEWEST = 10;

/** Readings that are looked through for such a run, before the first answer. */
const LOOKED_THROUGH = 300;

const BREAKS = ["gap", "clipped", "settling"];

/** How much room the curve has above and below. */
const MARGIN = 1.3;

/** Allan deviation over averaging time, and what can be detected; asked for only while unfolded. */
export class PhotophoneAllan extends HTMLElement {
  #parts;
  #chart = null;
  #found = null;
  #gas = null;
  #asking;
  #draw = () => this.#drawNow();

  connectedCallback() {
    const part = (name) => this.querySelector(`[data-part=${name}]`);
    this.#parts = {
      details: this.querySelector("details"),
      plot: part("plot"),
      readout: part("readout"),
      note: part("note"),
      span: this.querySelector("[data-option=seconds]"),
    };
    this.#asking = Asking.whileUnfolded(this.#parts.details, () => this.#ask(), PERIOD_MS);
    this.#parts.span.addEventListener("change", () => {
      this.#found = null;
      this.#asking.now();
    });
  }

  /** Whose readings count. */
  set gas(gas) {
    this.#gas = gas;
    this.#found = null;
    if (this.#chart !== null) {
      requestDraw(this.#draw);
    }
    this.#asking.now();
  }

  /** Resolves with the ms to the next question. */
  async #ask() {
    const span = this.#parts.span.value;
    const gas = this.#gas;
    const isCurrent = () => span === this.#parts.span.value && gas === this.#gas;
    try {
      // A browser complains of every refusal, so nothing is asked that would be refused.
      const enough = this.#found !== null || longestRun(await this.#readings(), span) >= FEWEST;
      const found = enough ? await stability(gas, span) : null;
      this.#found = isCurrent() ? found : null;
      setText(this.#parts.note, enough ? "" : `Waiting for ${FEWEST} steady readings without a break.`);
    } catch (error) {
      this.#found = null;
      setText(this.#parts.note, `Nothing to show: ${error.message}.`);
    }
    requestDraw(this.#draw);
    if (!isCurrent()) {
      return 0;
    }
    return this.#found === null ? WAITING_MS : PERIOD_MS;
  }

  async #readings() {
    return (await recentReadings(LOOKED_THROUGH)).filter((reading) => reading.gas === this.#gas);
  }

  #drawNow() {
    this.#showFacts();
    this.#chart ??= this.#newChart();
    this.#chart.setData(this.#chartData());
    setData(this, "points", this.#found?.points.length ?? 0);
  }

  #chartData() {
    const points = this.#found?.points ?? [];
    const column = (name) => points.map((point) => (point[name] > 0 ? point[name] : null));
    return ["averaging_s", "deviation", "lower", "upper", "white_noise"].map(column);
  }

  #showFacts() {
    const found = this.#found;
    const last = found?.points.at(-1);
    const facts =
      found === null
        ? {}
        : {
            best: `${seconds(found.best.averaging_s)}${found.best.averaged === last.averaged ? " or longer" : ""}`,
            limit: this.#amount(found.best.detection_limit),
            single: this.#amount(found.points[0].detection_limit),
            zero: found.zero_gas_limit === null ? "not zero gas" : this.#amount(found.zero_gas_limit),
            mean: this.#amount(found.mean),
            readings: `${count(found.readings)} of ${seconds(found.interval_s)}, ${count(found.left_out)} left out`,
          };
    for (const element of this.querySelectorAll("[data-fact]")) {
      setText(element, facts[element.dataset.fact] ?? NONE);
    }
  }

  #amount(value) {
    return `${significant(value, 2)} ${this.#found.unit}`;
  }

  #newChart() {
    return new Chart({
      host: this.#parts.plot,
      readout: this.#parts.readout,
      describe: (index) => this.#describe(index),
      data: this.#chartData(),
      options: {
        scales: {
          x: { time: false, distr: 3, range: (_, low, high) => widened(low, high, 1.05) },
          y: { distr: 3, range: (_, low, high) => widened(low, high, MARGIN) },
        },
        series: [
          {},
          {
            stroke: () => colour("trend"),
            width: 2,
            points: { show: true, size: 6, fill: () => colour("trend") },
          },
          { width: 0, points: { show: false } },
          { width: 0, points: { show: false } },
          { stroke: () => colour("muted"), width: 1, dash: [6, 4], points: { show: false } },
        ],
        bands: [{ series: [3, 2], fill: () => colour("band") }],
        axes: [
          axis({
            space: 50,
            splits: logSplits,
            filter: labelledSplits,
            values: (_, splits) => splits.map((split) => (split === null ? "" : seconds(split))),
          }),
          axis({
            size: axisWidth,
            space: 24,
            splits: logSplits,
            filter: labelledSplits,
            values: (_, splits) => splits.map((split) => (split === null ? "" : significant(split, 1))),
          }),
        ],
        hooks: { draw: [(plot) => this.#markBest(plot)] },
      },
    });
  }

  #markBest(plot) {
    const best = this.#found?.best.averaging_s;
    if (!isNumber(best)) {
      return;
    }
    const { left, top, width, height } = plot.bbox;
    const ratio = devicePixelRatio;
    const x = Math.round(plot.valToPos(best, "x", true)) + 0.5;
    const context = plot.ctx;
    context.save();
    context.strokeStyle = colour("mark");
    context.lineWidth = ratio;
    context.setLineDash([5 * ratio, 4 * ratio]);
    context.beginPath();
    context.moveTo(x, top);
    context.lineTo(x, top + height);
    context.stroke();
    context.font = FONT.replace("12px", `${12 * ratio}px`);
    context.textBaseline = "top";
    context.textAlign = x > left + width / 2 ? "right" : "left";
    context.fillStyle = colour("mark");
    context.fillText(`best ${seconds(best)}`, x + (x > left + width / 2 ? -6 : 6) * ratio, top + 3 * ratio);
    context.restore();
  }

  #describe(index) {
    const point = this.#found?.points[index ?? -1] ?? this.#found?.best;
    if (point === undefined) {
      return "";
    }
    return `averaged ${seconds(point.averaging_s)}  ·  Allan deviation ${this.#amount(point.deviation)}  ·  3σ limit ${this.#amount(point.detection_limit)}`;
  }
}

/** How many readings with a concentration follow each other without a break, in the newest seconds. */
function longestRun(readings, span) {
  const start = span === "all" ? -Infinity : (readings.at(-1)?.to_s ?? 0) - Number(span);
  let longest = 0;
  let run = 0;
  let end = null;
  for (const { concentration, flags, from_s: fromS, from_sample: from, to_sample: to } of readings) {
    const counts = fromS >= start && isNumber(concentration) && !flags.some((flag) => BREAKS.includes(flag));
    run = counts ? (from === end ? run + 1 : 1) : 0;
    end = to;
    longest = Math.max(longest, run);
  }
  return longest;
}

function widened(low, high, factor) {
  return low === null || high === null || !(low > 0) ? [0.1, 10] : [low / factor, high * factor];
}

function seconds(value) {
  return `${value >= 100 ? count(value) : significant(value, 2).replace(/\.0$/, "")} s`;
}
