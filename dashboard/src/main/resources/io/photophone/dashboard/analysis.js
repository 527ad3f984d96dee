import { analysis } from "./api.js";
import { Asking } from "./asking.js";
import { setText } from "./draw.js";
import { isNumber, NONE, significant } from "./numbers.js";

const PERIOD_MS = 1000;

/** The nodes of the graph that measures, and what they cost; asked for only while unfolded. */
export class PhotophoneAnalysis extends HTMLElement {
  #rows;
  #sum;
  #note;
  #fps = null;

  connectedCallback() {
    this.#rows = this.querySelector("tbody");
    this.#sum = this.querySelector("[data-part=sum]");
    this.#note = this.querySelector("[data-part=note]");
    Asking.whileUnfolded(this.querySelector("details"), () => this.#ask(), PERIOD_MS);
  }

  /** Frames a second at present. */
  set fps(fps) {
    this.#fps = fps;
  }

  async #ask() {
    try {
      this.#show(await analysis());
      setText(this.#note, "");
    } catch (error) {
      setText(this.#note, `These are of the past: ${error.message}.`);
    }
  }

  #show({ analysis: nodes, timings }) {
    const inputs = new Map(nodes.map((node) => [node.name, node.of]));
    while (this.#rows.rows.length > timings.length) {
      this.#rows.deleteRow(-1);
    }
    timings.forEach((time, at) => {
      const row = this.#rows.rows[at] ?? this.#rows.appendChild(newRow());
      const texts = [
        time.node,
        this.#shareText(time.mean_us),
        durationText(time.frames > 0 ? time.mean_us : null),
        durationText(time.frames > 0 ? time.slowest_us : null),
        time.type,
        inputs.get(time.node)?.join(", ") ?? NONE,
      ];
      texts.forEach((text, cell) => setText(row.cells[cell], text));
    });
    setText(this.#sum, this.#shareText(timings.reduce((sum, time) => sum + time.mean_us, 0)));
  }

  /** Of a core: the part of each second that the frames of a second take. */
  #shareText(us) {
    return isNumber(this.#fps) ? `${significant((us * this.#fps) / 1e4, 2)} %` : NONE;
  }
}

function newRow() {
  return document.getElementById("analysis-node").content.firstElementChild.cloneNode(true);
}

function durationText(us) {
  if (!isNumber(us)) {
    return NONE;
  }
  const [size, unit] = us < 1e3 ? [1, "µs"] : us < 1e6 ? [1e3, "ms"] : [1e6, "s"];
  return `${significant(us / size, 2)} ${unit}`;
}
