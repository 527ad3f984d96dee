import { axis, axisWidth, Chart, FONT, labelledSplits, logSplits } from "./chart.js";
import { hertz, isNumber, rounded, significant, tickDecimals } from "./numbers.js";
import { CalmRange, niceAtLeast } from "./range.js";
import { SignalPanel } from "./signal-panel.js";
import { colour } from "./theme.js";

const QUIETEST_DB = -200;

/** Room below the average of the noise, whose dips are deep and mean nothing. */
const BELOW_NOISE_DB = 25;

/** Room above the highest line for the label of the modulation frequency. */
const ABOVE_LINES_DB = 12;

/** The amplitude spectra of both microphones, with the modulation frequency marked. */
export class PhotophoneSpectrum extends SignalPanel {
  #decibels = true;
  #logFrequency = false;
  #zoom = null;
  #range = new CalmRange();
  #axis = [];
  #meanDb = QUIETEST_DB;

  connectedCallback() {
    super.connectedCallback();
    const option = (name) => this.querySelector(`[data-option=${name}]`);
    const read = () => {
      this.#decibels = option("amplitude").value === "db";
      this.#logFrequency = option("frequency").value === "log";
      this.#range.reset();
      this.redraw({ rebuild: true });
    };
    option("amplitude").addEventListener("change", read);
    option("frequency").addEventListener("change", read);
    this.querySelector("[data-action=reset]").addEventListener("click", () => this.#setZoom(null));
    read();
  }

  /** The frequencies of the spectra that follow. */
  set frequencies(frequencies) {
    this.#axis = frequencies;
  }

  chartData(event) {
    const { magnitude_a: a, magnitude_b: b } = event;
    const frequencies = this.#frequenciesOf(event, a.length);
    // The logarithm of 0 Hz is nowhere.
    const from = this.#logFrequency && frequencies[0] <= 0 ? 1 : 0;
    const shown = (magnitudes) => {
      const part = from === 0 ? magnitudes : magnitudes.slice(from);
      return this.#decibels ? part.map(decibels) : part;
    };
    const lines = [shown(a), shown(b)];
    if (this.#decibels) {
      this.#meanDb = Math.min(...lines.map(mean));
    }
    return [from === 0 ? frequencies : frequencies.slice(from), ...lines];
  }

  #frequenciesOf({ frequency_start_hz: start, frequency_step_hz: step }, length) {
    if (this.#axis.length !== length) {
      this.#axis = Array.from({ length }, (_, i) => start + i * step);
    }
    return this.#axis;
  }

  newChart(data) {
    return new Chart({
      host: this.parts.plot,
      readout: this.parts.readout,
      describe: (index) => this.#describe(index),
      onZoom: (zoom) => this.#setZoom(zoom === null ? null : this.#bounded(zoom)),
      data,
      options: {
        scales: {
          x: {
            time: false,
            distr: this.#logFrequency ? 3 : 1,
            range: () => this.#zoom ?? this.#wholeAxis(),
          },
          y: { range: (_, low, high) => this.#yRange(low, high) },
        },
        series: [{}, ...this.lineSeries()],
        axes: [
          axis({
            space: 64,
            values: (_, splits) => splits.map(frequencyTick),
            ...(this.#logFrequency ? { splits: logSplits, filter: labelledSplits } : {}),
          }),
          axis({
            label: this.#decibels ? "dB re full scale" : "full scale",
            size: axisWidth,
            space: 30,
            values: (_, splits, __, ___, increment) =>
              splits.map((split) =>
                Math.abs(increment) < 1e-3
                  ? significant(split, 2)
                  : rounded(split, tickDecimals(increment)),
              ),
          }),
        ],
        hooks: { draw: [(plot) => this.#markModulation(plot)] },
      },
    });
  }

  #wholeAxis() {
    const last = this.#axis.at(-1) ?? 24_000;
    const first = this.#axis[0] ?? 0;
    return [this.#logFrequency && first <= 0 ? (this.#axis[1] ?? 1) : first, last];
  }

  #setZoom(zoom) {
    this.#zoom = zoom;
    this.querySelector("[data-action=reset]").disabled = zoom === null;
    this.redraw();
  }

  /** No further out than the axis, no further in than four lines. */
  #bounded([from, to]) {
    const [first, last] = this.#wholeAxis();
    const step = (this.#axis[1] ?? 1) - (this.#axis[0] ?? 0);
    const half = Math.max(to - from, 4 * step) / 2;
    const low = Math.max(first, (from + to) / 2 - half);
    const high = Math.min(last, (from + to) / 2 + half);
    return low <= first && high >= last ? null : [low, high];
  }

  #yRange(low, high) {
    if (low === null || high === null) {
      return this.#decibels ? [-120, 0] : [0, 1];
    }
    const wanted = this.#decibels
      ? [
          Math.max(QUIETEST_DB, 20 * Math.floor((this.#meanDb - BELOW_NOISE_DB) / 20)),
          20 * Math.ceil((high + ABOVE_LINES_DB) / 20),
        ]
      : [0, niceAtLeast(1.1 * high)];
    return this.#range.next(wanted, performance.now());
  }

  #markModulation(plot) {
    const frequency = this.modulationHz;
    const { min, max } = plot.scales.x;
    if (!isNumber(frequency) || frequency < min || frequency > max) {
      return;
    }
    const { left, top, width, height } = plot.bbox;
    const ratio = devicePixelRatio;
    const x = Math.round(plot.valToPos(frequency, "x", true)) + 0.5;
    const context = plot.ctx;
    const text = `modulation ${hertz(frequency)}`;
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
    const fits = x + 6 * ratio + context.measureText(text).width < left + width;
    context.textAlign = fits ? "left" : "right";
    context.fillStyle = colour("mark");
    context.fillText(text, x + (fits ? 6 : -6) * ratio, top + 3 * ratio);
    context.restore();
  }

  #describe(index) {
    const data = this.event === null ? null : this.chart?.data;
    if (!data) {
      return "waiting for a spectrum";
    }
    const at = index ?? nearest(data[0], this.modulationHz);
    if (at === null || data[0][at] === undefined) {
      return "";
    }
    const [frequency, a, b] = data.map((column) => column[at]);
    return `${hertz(frequency)}  A ${this.#amplitude(a)}  B ${this.#amplitude(b)}`;
  }

  #amplitude(value) {
    return this.#decibels ? `${rounded(value, 1)} dB` : significant(value, 3);
  }
}

function decibels(magnitude) {
  return magnitude === null ? null : Math.max(QUIETEST_DB, 20 * Math.log10(magnitude));
}

function mean(values) {
  let sum = 0;
  let finite = 0;
  for (const value of values) {
    if (value !== null) {
      sum += value;
      finite++;
    }
  }
  return finite === 0 ? QUIETEST_DB : sum / finite;
}

/** Index of the frequency that is nearest, on an axis of equal steps. */
function nearest(frequencies, wanted) {
  if (!isNumber(wanted) || frequencies.length < 2) {
    return null;
  }
  const index = Math.round((wanted - frequencies[0]) / (frequencies[1] - frequencies[0]));
  return index >= 0 && index < frequencies.length ? index : null;
}

/** "500 Hz", "12.5 kHz"; nothing where a line has no label. */
function frequencyTick(frequency) {
  if (frequency === null) {
    return "";
  }
  return Math.abs(frequency) < 1000
    ? `${Number(frequency.toFixed(1))} Hz`
    : `${Number((frequency / 1000).toFixed(3))} kHz`;
}
