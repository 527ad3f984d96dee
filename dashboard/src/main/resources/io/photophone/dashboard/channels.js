import { channels } from "./api.js";
import { Asking } from "./asking.js";
import { setText } from "./draw.js";
import { count, isNumber, NONE, significant } from "./numbers.js";

const PERIOD_MS = 1000;

/** What each channel of the server carries; asked for only while the table is unfolded. */
export class PhotophoneChannels extends HTMLElement {
  #rows;
  #note;

  connectedCallback() {
    this.#rows = this.querySelector("tbody");
    this.#note = this.querySelector("[data-part=note]");
    Asking.whileUnfolded(this.querySelector("details"), () => this.#ask(), PERIOD_MS);
  }

  async #ask() {
    try {
      this.#show(await channels());
      setText(this.#note, "");
    } catch (error) {
      setText(this.#note, `These are of the past: ${error.message}.`);
    }
  }

  #show(list) {
    while (this.#rows.rows.length > list.length) {
      this.#rows.deleteRow(-1);
    }
    list.forEach((channel, at) => {
      const row = this.#rows.rows[at] ?? this.#rows.appendChild(newRow());
      const behind = Math.max(0, ...channel.receivers.map((receiver) => receiver.pending));
      const dropped = Object.values(channel.dropped).reduce((sum, each) => sum + each, 0);
      const { count: timed, p99_nanos: p99 } = channel.latency;
      const [name, pending, lost, latency] = row.cells;
      const [bar, text] = pending.children;
      setText(name, channel.name);
      bar.max = channel.capacity;
      bar.value = behind;
      setText(text, `${count(behind)} of ${count(channel.capacity)}`);
      setText(lost, count(dropped));
      setText(latency, timed > 0 ? durationText(p99) : NONE);
    });
  }
}

function newRow() {
  return document.getElementById("channel").content.firstElementChild.cloneNode(true);
}

function durationText(nanos) {
  if (!isNumber(nanos)) {
    return NONE;
  }
  const [size, unit] = nanos < 1e6 ? [1e3, "µs"] : nanos < 1e9 ? [1e6, "ms"] : [1e9, "s"];
  return `${significant(nanos / size, 2)} ${unit}`;
}
