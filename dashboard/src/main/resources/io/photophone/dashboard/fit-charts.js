import { axis, axisWidth, Chart, plainTicks } from "./chart.js";
import { setText } from "./draw.js";
import { isNumber, significant } from "./numbers.js";
import { colour } from "./theme.js";

const POINT_SIZE = 8;

/** The points of a calibration with its line, and their residuals beneath. */
export class FitCharts {
  #parts;
  #shown = "";
  #charts = [];

  /** @param parts elements by name: fit, fit-title, line, readout, residuals, residual-readout */
  constructor(parts) {
    this.#parts = parts;
  }

  /** @param fitted a calibration with its fit, or null for none */
  show(fitted, title) {
    const points = fitted?.fit?.points ?? [];
    const key = JSON.stringify([title, points]);
    if (key === this.#shown) {
      return;
    }
    this.#shown = key;
    this.#charts.forEach((chart) => chart.destroy());
    this.#charts = [];
    this.#parts.fit.hidden = points.length === 0;
    if (points.length === 0) {
      return;
    }
    setText(this.#parts["fit-title"], title);
    const phase = (fitted.phase_deg * Math.PI) / 180;
    const sorted = points.toSorted((a, b) => a.concentration - b.concentration);
    const x = sorted.map((point) => point.concentration);
    const signal = sorted.map((point) => point.x * Math.cos(phase) + point.y * Math.sin(phase));
    const line = x.map((value) => fitted.offset + fitted.sensitivity * value);
    const uncertainty = sorted.map((point) => point.uncertainty);
    const residuals = sorted.map((point) => point.residual);
    const describe = (values, unit) => (index) =>
      index === null || !isNumber(values[index])
        ? "arrow keys or the pointer read the points"
        : `${significant(x[index], 4)} ${fitted.unit}  ·  ${significant(values[index], 5)}${unit}`;
    this.#charts = [
      chart({
        host: this.#parts.line,
        readout: this.#parts.readout,
        data: [x, line, signal],
        errors: uncertainty,
        unit: fitted.unit,
        describe: describe(signal, ""),
      }),
      chart({
        host: this.#parts.residuals,
        readout: this.#parts["residual-readout"],
        data: [x, x.map(() => 0), residuals],
        errors: uncertainty.map((value) => value / fitted.sensitivity),
        unit: fitted.unit,
        describe: describe(residuals, ` ${fitted.unit}`),
      }),
    ];
  }
}

/** A line, and points with bars of one standard uncertainty. */
function chart({ host, readout, data, errors, unit, describe }) {
  const [x, line, values] = data;
  const lows = values.map((value, i) => value - errors[i]);
  const highs = values.map((value, i) => value + errors[i]);
  return new Chart({
    host,
    readout,
    data,
    describe,
    options: {
      scales: {
        x: { time: false, range: () => padded([...x]) },
        y: { range: () => padded([...line, ...lows, ...highs]) },
      },
      series: [
        {},
        { stroke: () => colour("trend"), width: 2, points: { show: false } },
        {
          stroke: () => colour("mark"),
          width: 0,
          points: { show: true, size: POINT_SIZE, fill: () => colour("mark") },
        },
      ],
      axes: [
        axis({ label: unit, values: plainTicks }),
        axis({ size: axisWidth, values: plainTicks }),
      ],
      hooks: { draw: [(plot) => drawBars(plot, x, lows, highs)] },
    },
  });
}

function drawBars(plot, x, lows, highs) {
  plot.ctx.save();
  plot.ctx.strokeStyle = colour("mark");
  plot.ctx.lineWidth = devicePixelRatio;
  plot.ctx.beginPath();
  x.forEach((value, i) => {
    const at = plot.valToPos(value, "x", true);
    plot.ctx.moveTo(at, plot.valToPos(lows[i], "y", true));
    plot.ctx.lineTo(at, plot.valToPos(highs[i], "y", true));
  });
  plot.ctx.stroke();
  plot.ctx.restore();
}

function padded(values) {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = high > low ? 0.08 * (high - low) : Math.abs(high) * 0.1 || 1;
  return [low - margin, high + margin];
}
