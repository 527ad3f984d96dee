import uPlot from "./vendor/uPlot.esm.js";
import { setText } from "./draw.js";
import { rounded, tickDecimals } from "./numbers.js";
import { niceAtLeast } from "./range.js";
import { colour, onThemeChange } from "./theme.js";

export const FONT = '12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** Steps of the keys: arrows by one point, with Shift by this many. */
const BIG_STEP = 10;
const ZOOM_STEP = 1.5;

/** Digits that change faster than this can't be read. */
const READOUT_MS = 200;

/**
 * A uPlot chart that fills its element, follows the page's colours, and can be read and zoomed with
 * a mouse, a finger and the keyboard.
 */
export class Chart {
  #host;
  #plot;
  #onZoom;
  #onPick;
  #showCursor;
  #keyboard = false;

  /**
   * @param host element that gives the size
   * @param options of uPlot, without size
   * @param describe text for the point under the cursor: (index or null) to text
   * @param readout element for that text
   * @param onPick called with the index of a point that is clicked or reached by a key
   * @param onZoom called with [low, high] of the x axis, or null for all of it; absent: no zoom
   */
  constructor({ host, options, data, describe, readout, onPick = null, onZoom = null }) {
    this.#host = host;
    this.#onZoom = onZoom;
    this.#onPick = onPick;
    host.tabIndex = 0;
    host.replaceChildren();
    const shown = { index: undefined, at: -Infinity };
    let later;
    this.#showCursor = (plot) => {
      const index = plot.cursor.idx ?? null;
      const now = performance.now();
      clearTimeout(later);
      if (index === shown.index && now - shown.at < READOUT_MS) {
        later = setTimeout(() => this.#showCursor(plot), shown.at + READOUT_MS - now);
        return;
      }
      Object.assign(shown, { index, at: now });
      const text = describe(index);
      setText(readout, text);
      if (this.#keyboard && plot.cursor.idx !== null) {
        this.#keyboard = false;
        setText(document.getElementById("announcement"), text);
      }
    };
    this.#plot = new uPlot(
      {
        ...options,
        ...size(host),
        legend: { show: false },
        cursor: {
          y: false,
          points: { show: false },
          drag: { x: onZoom !== null, y: false, setScale: false, dist: 5 },
          bind: { dblclick: () => () => onZoom?.(null) },
        },
        hooks: {
          ...options.hooks,
          setCursor: [this.#showCursor],
          setSelect: [(plot) => this.#selected(plot)],
        },
      },
      data,
      host,
    );
    const resize = new ResizeObserver(() => this.#plot.setSize(size(host)));
    resize.observe(host);
    const redraw = () => this.#plot.redraw(false, true);
    const stopListening = onThemeChange(redraw);
    const keys = (event) => this.#key(event);
    const touch = (event) => this.#touch(event);
    const pick = () => this.#pick();
    host.addEventListener("keydown", keys);
    host.addEventListener("pointerdown", touch);
    host.addEventListener("pointermove", touch);
    host.addEventListener("click", pick);
    this.destroy = () => {
      clearTimeout(later);
      resize.disconnect();
      stopListening();
      host.removeEventListener("keydown", keys);
      host.removeEventListener("pointerdown", touch);
      host.removeEventListener("pointermove", touch);
      host.removeEventListener("click", pick);
      this.#plot.destroy();
    };
    this.#showCursor(this.#plot);
  }

  /** The columns that are drawn. */
  get data() {
    return this.#plot.data;
  }

  /** Draws these columns; the scales' range functions say which part of them. */
  setData(data) {
    this.#plot.setData(data);
    this.#showCursor(this.#plot);
  }

  setSeriesShown(index, show) {
    this.#plot.setSeries(index, { show });
  }

  #selected(plot) {
    const { left, width } = plot.select;
    if (width > 0) {
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
      this.#onZoom?.([plot.posToVal(left, "x"), plot.posToVal(left + width, "x")]);
    }
  }

  /** A finger can't hover: where it touches, the cursor stays. */
  #touch(event) {
    if (event.pointerType !== "mouse") {
      const { left, top } = this.#plot.over.getBoundingClientRect();
      this.#plot.setCursor({ left: event.clientX - left, top: event.clientY - top });
    }
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    const step = event.shiftKey ? BIG_STEP : 1;
    const actions = {
      ArrowLeft: () => this.#moveCursor((index) => index - step),
      ArrowRight: () => this.#moveCursor((index) => index + step),
      Home: () => this.#moveCursor((_, first) => first),
      End: () => this.#moveCursor((_, __, last) => last),
      Escape: () => this.#plot.setCursor({ left: -10, top: -10 }),
      "+": () => this.#zoom(1 / ZOOM_STEP),
      "=": () => this.#zoom(1 / ZOOM_STEP),
      "-": () => this.#zoom(ZOOM_STEP),
      0: () => this.#onZoom?.(null),
    };
    if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  }

  #moveCursor(target) {
    const plot = this.#plot;
    const times = plot.data[0];
    if (times.length === 0) {
      return;
    }
    const first = plot.valToIdx(plot.scales.x.min);
    const last = plot.valToIdx(plot.scales.x.max);
    const from = plot.cursor.idx ?? last;
    const index = Math.max(first, Math.min(last, target(from, first, last)));
    this.#keyboard = true;
    plot.setCursor({ left: plot.valToPos(times[index], "x"), top: plot.over.clientHeight / 2 });
    this.#pick();
  }

  #pick() {
    const index = this.#plot.cursor.idx ?? null;
    if (index !== null) {
      this.#onPick?.(index);
    }
  }

  /** Zooms around the cursor, or around the middle when there is none. */
  #zoom(factor) {
    const plot = this.#plot;
    const width = plot.over.clientWidth;
    const centre = plot.cursor.idx === null || plot.cursor.left < 0 ? width / 2 : plot.cursor.left;
    this.#onZoom?.([
      plot.posToVal(centre - centre * factor, "x"),
      plot.posToVal(centre + (width - centre) * factor, "x"),
    ]);
  }
}

/** Labels of equal steps, with the decimals that tell them apart. */
export function plainTicks(_, splits, __, ___, increment) {
  return splits.map((split) => rounded(split, tickDecimals(increment)));
}

/** As wide as the longest label, so that no digit is cut off. */
export function axisWidth(plot, values) {
  plot.ctx.save();
  plot.ctx.font = FONT;
  const widest = Math.max(0, ...(values ?? []).map((value) => plot.ctx.measureText(value).width));
  plot.ctx.restore();
  return Math.ceil(widest) + 14;
}

/** An axis in the page's colours. */
export function axis(options) {
  return {
    stroke: () => colour("muted"),
    font: FONT,
    labelFont: FONT,
    labelSize: 18,
    labelGap: 0,
    size: 26,
    ticks: { show: false },
    grid: { stroke: () => colour("grid"), width: 1 },
    ...options,
  };
}

/** Lines of a logarithmic axis: 1 to 9 times each power of ten, even steps in less than a decade. */
export function logSplits(_, __, min, max) {
  if (max < 10 * min) {
    const step = niceAtLeast((max - min) / 6);
    const first = Math.ceil(min / step);
    return Array.from({ length: Math.floor(max / step) - first + 1 }, (_, i) => (first + i) * step);
  }
  const splits = [];
  for (let power = 10 ** Math.floor(Math.log10(min)); power <= max; power *= 10) {
    for (let digit = 1; digit <= 9; digit++) {
      splits.push(digit * power);
    }
  }
  return splits.filter((split) => split >= min && split <= max);
}

/** Among many lines only 1, 2 and 5 of a decade have room for a label. */
export function labelledSplits(_, splits) {
  return splits.length < 10
    ? splits
    : splits.map((split) => (/^[125]/.test(split.toExponential(3)) ? split : null));
}

function size(host) {
  return { width: Math.max(50, host.clientWidth), height: Math.max(50, host.clientHeight) };
}
