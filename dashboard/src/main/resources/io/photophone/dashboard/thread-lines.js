import { requestDraw, setData, setText } from "./draw.js";
import { count, rounded, tickDecimals } from "./numbers.js";
import { niceAtLeast } from "./range.js";
import { amountText, isDisturbance, statePattern, stateText } from "./why-words.js";

const SVG = "http://www.w3.org/2000/svg";

/** Shift with an arrow key. */
const BIG_STEP = 10;

/** CSS pixels, from top to bottom: steps of frames, then each thread's name and bar, then the axis. */
const STEPS_HEIGHT = 22;
const NAME_HEIGHT = 17;
const BAR_HEIGHT = 18;
const ROW_GAP = 7;
const AXIS_HEIGHT = 20;

/** CSS pixels from one label of the axis to the next, at least. */
const LABEL_SPACE = 72;

const HINT = matchMedia("(hover: hover)").matches ? "point at a bar to read it" : "touch a bar to read it";

/** CSS pixels within which the pointer means a step. */
const NEAR = 8;

/** What threads do most of the time; whatever else happens within a pixel is worth seeing first. */
const BACKGROUND = ["blocked", "absent"];

/**
 * What threads did over a stretch of time: one row each, below a row with the steps of frames. Read
 * with a mouse, a finger and the keyboard.
 */
export class ThreadLines {
  #host;
  #readout;
  #answer = null;
  #rows = [];
  #span = 1;
  #cursor = null;
  #mark = null;
  #draw = () => this.#drawNow();

  /** @param host element that gives the width and gets the height */
  constructor(host, readout) {
    this.#host = host;
    this.#readout = readout;
    host.tabIndex = 0;
    host.addEventListener("keydown", (event) => this.#key(event));
    host.addEventListener("pointermove", (event) => this.#point(event));
    host.addEventListener("pointerdown", (event) => this.#point(event));
    host.addEventListener("pointerleave", (event) => {
      if (event.pointerType === "mouse") {
        this.#setCursor(null);
      }
    });
    new ResizeObserver(() => requestDraw(this.#draw)).observe(host);
  }

  /** Shows the time lines of this answer of api/why. */
  show(answer) {
    this.#answer = answer;
    const ends = answer.threads.flatMap(({ stretches }) => stretches.slice(-1).map((last) => last.until_ms));
    this.#span = Math.max(1e-3, ...ends, Date.parse(answer.until) - Date.parse(answer.from));
    this.#rows = [
      answer.steps.map((step) => ({ from: step.at_ms, until: step.at_ms, text: describeStep(step) })),
      ...answer.threads.map((thread) =>
        thread.stretches.map((stretch) => ({
          from: stretch.from_ms,
          until: stretch.until_ms,
          text: `${thread.name}: ${describeStretch(stretch)}`,
        })),
      ),
    ];
    setData(this.#host, "rows", answer.threads.length);
    this.#setCursor(null);
    requestDraw(this.#draw);
  }

  #drawNow() {
    const width = this.#host.clientWidth;
    if (this.#answer === null || width === 0) {
      return;
    }
    const { threads, steps } = this.#answer;
    const bottom = this.#rowTop(threads.length) + BAR_HEIGHT;
    const height = bottom + AXIS_HEIGHT;
    const picture = element("svg", { width, height, viewBox: `0 0 ${width} ${height}`, "aria-hidden": "true" });
    picture.append(...this.#delay(steps, bottom), ...this.#axis(width, bottom));
    threads.forEach((thread, at) => picture.append(...this.#thread(thread, this.#rowTop(at + 1))));
    picture.append(...steps.map((step) => this.#step(step, bottom)));
    this.#mark = element("rect", { class: "lines-cursor", rx: 2 });
    picture.append(this.#mark);
    this.#host.replaceChildren(picture);
    this.#showMark();
  }

  #x(ms) {
    return (ms / this.#span) * this.#host.clientWidth;
  }

  /** Upper edge of a row; row 0 is that of the steps. */
  #rowTop(row) {
    return row === 0 ? 0 : STEPS_HEIGHT + NAME_HEIGHT + (row - 1) * (NAME_HEIGHT + BAR_HEIGHT + ROW_GAP);
  }

  /** From when the latest frame was due until it came. */
  #delay(steps, bottom) {
    const late = steps.filter(({ step }) => step === "late").sort((a, b) => b.amount - a.amount)[0];
    if (late === undefined) {
      return [];
    }
    const from = Math.max(0, late.at_ms - late.amount / 1e6);
    return [
      element("rect", {
        class: "lines-delay",
        x: this.#x(from),
        width: this.#x(late.at_ms - from),
        y: STEPS_HEIGHT - 4,
        height: bottom - STEPS_HEIGHT + 4,
      }),
    ];
  }

  #axis(width, bottom) {
    const step = niceAtLeast((this.#span * LABEL_SPACE) / width);
    const parts = [];
    for (let at = 0; at * step <= this.#span * (1 + 1e-9); at++) {
      const x = this.#x(at * step);
      const isLast = x > width - LABEL_SPACE / 2;
      parts.push(
        element("path", { class: "lines-grid", d: `M${x} ${STEPS_HEIGHT}V${bottom + 4}` }),
        element(
          "text",
          { x: isLast ? width : x, y: bottom + 17, "text-anchor": isLast ? "end" : at === 0 ? "start" : "middle" },
          `${rounded(at * step, tickDecimals(step))}${at === 0 ? " ms" : ""}`,
        ),
      );
    }
    return parts;
  }

  #thread({ name, role, tid, stretches }, top) {
    const bars = runs(stretches, this.#host.clientWidth, this.#span).map(({ state, from, until }) =>
      element("rect", {
        class: "lines-bar",
        fill: `url(#state-${statePattern(state)})`,
        x: from,
        width: until - from,
        y: top,
        height: BAR_HEIGHT,
        "data-state": state,
      }),
    );
    return [
      element("text", { class: "lines-name", x: 0, y: top - 5 }, `${name} · ${role} · thread ${tid}`),
      element("g", { class: "lines-row" }, ...bars),
    ];
  }

  #step({ step, at_ms: ms }, bottom) {
    const x = this.#x(ms);
    return isDisturbance(step)
      ? element("path", {
          class: "lines-disturbance",
          d: `M${x} 11V${bottom}M${x} 12L${x - 5} 1H${x + 5}z`,
          "data-step": step,
        })
      : element("path", { class: "lines-step", d: `M${x} ${STEPS_HEIGHT - 12}V${STEPS_HEIGHT - 3}` });
  }

  /** A finger can't hover: where it touches, the cursor stays. */
  #point(event) {
    const { left, top, width } = this.#host.getBoundingClientRect();
    const x = event.clientX - left;
    const y = event.clientY - top;
    const row = y < STEPS_HEIGHT ? 0 : 1 + Math.floor((y - STEPS_HEIGHT) / (NAME_HEIGHT + BAR_HEIGHT + ROW_GAP));
    const ms = (x / width) * this.#span;
    const near = row === 0 ? (NEAR / width) * this.#span : this.#span / width / 2;
    this.#setCursor(row < this.#rows.length ? this.#found(row, ms, near) : null);
  }

  /** What is meant at this time: the nearest step, or the stretch that the picture shows there. */
  #found(row, ms, near) {
    let best = null;
    let bestDistance = Infinity;
    this.#rows[row].forEach(({ from, until }, at) => {
      const distance = Math.max(0, from - ms, ms - until);
      if (distance <= near && (distance < bestDistance || (distance === bestDistance && until - from > 0))) {
        best = { row, at };
        bestDistance = distance;
      }
    });
    return best;
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || this.#answer === null) {
      return;
    }
    const step = event.shiftKey ? BIG_STEP : 1;
    const actions = {
      ArrowLeft: () => this.#move(-step),
      ArrowRight: () => this.#move(step),
      ArrowUp: () => this.#moveRow(-1),
      ArrowDown: () => this.#moveRow(1),
      Home: () => this.#move(-Infinity),
      End: () => this.#move(Infinity),
      Escape: () => this.#setCursor(null),
    };
    if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
      if (this.#cursor !== null) {
        setText(document.getElementById("announcement"), this.#readout.textContent);
      }
    }
  }

  #move(by) {
    const row = this.#cursor?.row ?? Math.min(1, this.#rows.length - 1);
    const at = this.#cursor === null ? 0 : this.#cursor.at + by;
    const last = this.#rows[row].length - 1;
    this.#setCursor(last < 0 ? null : { row, at: Math.max(0, Math.min(last, at)) });
  }

  /** To another row, at the same time. */
  #moveRow(by) {
    const now = this.#cursor === null ? null : this.#rows[this.#cursor.row][this.#cursor.at];
    const middle = now === null ? 0 : (now.from + now.until) / 2;
    let row = this.#cursor === null ? 0 : this.#cursor.row;
    do {
      row += by;
    } while (this.#rows[row]?.length === 0);
    if (this.#rows[row] !== undefined) {
      this.#setCursor(this.#found(row, middle, Infinity));
    }
  }

  #setCursor(cursor) {
    this.#cursor = cursor;
    setText(this.#readout, cursor === null ? HINT : this.#rows[cursor.row][cursor.at].text);
    this.#showMark();
  }

  #showMark() {
    if (this.#mark === null) {
      return;
    }
    this.#mark.classList.toggle("none", this.#cursor === null);
    if (this.#cursor !== null) {
      const { row, at } = this.#cursor;
      const { from, until } = this.#rows[row][at];
      const x = this.#x(from) - 2;
      const box = { x, width: this.#x(until) + 2 - x, y: this.#rowTop(row), height: row === 0 ? STEPS_HEIGHT : BAR_HEIGHT };
      Object.entries(box).forEach(([name, value]) => this.#mark.setAttribute(name, value));
    }
  }
}

/** Neighbouring pixels of one state, as {state, from, until}: what is shorter is one pixel wide. */
function runs(stretches, width, span) {
  const pixels = new Array(Math.max(1, Math.floor(width))).fill(null);
  const times = new Float64Array(pixels.length);
  for (const { from_ms: from, until_ms: until, state } of stretches) {
    const first = Math.max(0, Math.floor((from / span) * pixels.length));
    const last = Math.min(pixels.length, Math.max(first + 1, Math.ceil((until / span) * pixels.length)));
    for (let at = first; at < last; at++) {
      const pixelMs = span / pixels.length;
      const inside = Math.min(until, (at + 1) * pixelMs) - Math.max(from, at * pixelMs);
      const weight = BACKGROUND.includes(state) ? inside - span : inside;
      if (pixels[at] === null || weight > times[at]) {
        pixels[at] = state;
        times[at] = weight;
      }
    }
  }
  const found = [];
  pixels.forEach((state, at) => {
    if (state !== null && found.at(-1)?.state === state && found.at(-1).until === at) {
      found.at(-1).until = at + 1;
    } else if (state !== null) {
      found.push({ state, from: at, until: at + 1 });
    }
  });
  return found;
}

function describeStretch({ state, detail, from_ms: from, until_ms: until }) {
  const words = [stateText(state), detail.replaceAll("_", " ")].filter((part) => part !== "").join(", ");
  return `${words}  ·  ${rounded(until - from, 2)} ms, from ${rounded(from, 2)} to ${rounded(until, 2)} ms`;
}

function describeStep({ at_ms: ms, step, frame, amount }) {
  const what = frame < 0 ? step : `frame ${count(frame)} ${step}`;
  const much = amountText(step, amount);
  return `${what}${much === "" ? "" : `, ${much}`}  ·  at ${rounded(ms, 2)} ms`;
}

function element(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  made.append(...children);
  return made;
}
