import { axis, axisWidth, Chart, plainTicks } from "./chart.js";
import { isNumber, rounded } from "./numbers.js";
import { CalmRange, niceAtLeast } from "./range.js";
import { SignalPanel } from "./signal-panel.js";

/** The samples of both microphones over the first milliseconds of each frame. */
export class PhotophoneWaveform extends SignalPanel {
  #spanMs = 5;
  #fullScale = false;
  #locked = true;
  #range = new CalmRange();
  #peaks = [null, null];

  connectedCallback() {
    super.connectedCallback();
    const option = (name) => this.querySelector(`[data-option=${name}]`);
    const read = () => {
      const span = option("span").value;
      this.#spanMs = span === "frame" ? null : Number(span);
      this.#fullScale = option("scale").value === "full";
      this.#locked = option("lock").checked;
      this.#range.reset();
      this.redraw();
    };
    for (const name of ["span", "scale", "lock"]) {
      option(name).addEventListener("change", read);
    }
    read();
  }

  chartData({ channel_a: a, channel_b: b, sample_rate: rate, first_sample: first, decimation = 1 }) {
    const start = this.#locked ? this.#phaseZero(first / decimation, rate, a.length) : 0;
    const from = Math.ceil(start);
    const to =
      this.#spanMs === null
        ? a.length
        : Math.min(a.length, Math.floor(start + (this.#spanMs * rate) / 1000) + 2);
    const msPerSample = 1000 / rate;
    const times = Array.from({ length: to - from }, (_, i) => (from + i - start) * msPerSample);
    this.#peaks = [peak(a), peak(b)];
    return [times, a.slice(from, to), b.slice(from, to)];
  }

  /** The first moment of the frame, in samples, at which the modulation's phase is zero. */
  #phaseZero(first, rate, length) {
    if (!isNumber(first) || !(this.modulationHz > 0)) {
      return 0;
    }
    const period = rate / this.modulationHz;
    const start = Math.ceil(first / period - 1e-9) * period - first;
    return start < length / 2 ? Math.max(0, start) : 0;
  }

  newChart(data) {
    return new Chart({
      host: this.parts.plot,
      readout: this.parts.readout,
      describe: (index) => this.#describe(index),
      data,
      options: {
        scales: {
          x: { time: false, range: () => [0, this.#spanMs ?? this.event?.duration_ms ?? 33] },
          y: { range: (_, low, high) => this.#yRange(low, high) },
        },
        series: [{}, ...this.lineSeries()],
        axes: [
          axis({
            space: 50,
            values: (...ticks) => plainTicks(...ticks).map((label) => `${label} ms`),
          }),
          axis({
            label: "full scale",
            size: axisWidth,
            space: 30,
            values: plainTicks,
          }),
        ],
      },
    });
  }

  #yRange(low, high) {
    if (this.#fullScale) {
      return [-1.05, 1.05];
    }
    const peak = Math.max(Math.abs(low ?? 0), Math.abs(high ?? 0));
    if (peak === 0) {
      return [-1, 1];
    }
    const limit = niceAtLeast(peak);
    return this.#range.next([-limit, limit], performance.now());
  }

  #describe(index) {
    const data = this.event === null ? null : this.chart?.data;
    if (!data) {
      return "waiting for audio";
    }
    if (index === null || data[0][index] === undefined) {
      return `peak  A ${rounded(this.#peaks[0], 4)}  B ${rounded(this.#peaks[1], 4)}`;
    }
    const [time, a, b] = data.map((column) => column[index]);
    return `${rounded(time, 3)} ms  A ${rounded(a, 4)}  B ${rounded(b, 4)}`;
  }
}

function peak(samples) {
  let highest = 0;
  for (const sample of samples) {
    const size = Math.abs(sample);
    if (size > highest) {
      highest = size;
    }
  }
  return highest;
}
