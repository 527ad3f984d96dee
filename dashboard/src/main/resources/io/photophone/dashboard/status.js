import { setData, setText } from "./draw.js";
import { labelWithIcon } from "./icon.js";
import { count, isNumber, NONE, rounded } from "./numbers.js";

/** Statistics come every second: after this long they are of the past, and are not shown. */
const SILENT_MS = 3000;

const SOURCE_STATES = new Map([
  ["running", ["ok", "running"]],
  ["starting", ["wait", "starting"]],
  ["retrying", ["caution", "not answering, trying again"]],
  ["stalled", ["bad", "not answering"]],
  ["stopping", ["wait", "stopping"]],
  ["stopped", ["caution", "stopped"]],
  ["ended", ["info", "ended"]],
  ["error", ["bad", "failed, waits for a reset"]],
]);

/** Less than this part of the expected frames is worth a warning. */
const SLOW = 0.9;

/** A newest frame that is older than this is late, at any usual rate of frames. */
const LATE_MS = 1000;

/** The state of the stream: the source, its rate, and what was lost on the way to this page. */
export class PhotophoneStatus extends HTMLElement {
  #receivedAt = null;
  #decimation = 1;
  #missed = new Map();
  #parts;

  connectedCallback() {
    this.#parts = Object.fromEntries(
      ["source-name", "source-state", "fps", "fps-expected", "lag", "frame-age", "lost-samples", "subscribers"].map(
        (id) => [id, document.getElementById(id)],
      ),
    );
  }

  set instrument({ source }) {
    const name = source?.name ?? NONE;
    const tells = !source?.simulated || name.includes("simulated");
    setText(this.#parts["source-name"], tells ? name : `${name} (simulated)`);
  }

  show(stats) {
    this.#receivedAt = performance.now();
    const { source = {} } = stats;
    const [severity, words] = SOURCE_STATES.get(source.state) ?? ["caution", source.state ?? NONE];
    const state = this.#parts["source-state"];
    labelWithIcon(state, severity, words);
    state.title = source.error ?? "";
    setData(state, "value", source.state);
    this.#showNumber("fps", stats.fps, rounded(stats.fps, 1), stats.fps < SLOW * stats.expected_fps);
    setText(this.#parts["fps-expected"], isNumber(stats.expected_fps) ? `of ${rounded(stats.expected_fps, 1)}` : "");
    const age = stats.latest_frame_age_ms;
    setText(this.#parts["frame-age"], isNumber(age) ? `newest frame ${ageText(age)} old` : "no frame yet");
    this.#parts["frame-age"].classList.toggle("doubt", age > LATE_MS);
    this.#showNumber("lost-samples", source.lost_samples, count(source.lost_samples), source.lost_samples > 0);
    this.#showNumber("subscribers", stats.active_subscribers, count(stats.active_subscribers), false);
  }

  /** This page was too slow for so many events of a topic. */
  lagged({ topic, missed }) {
    this.#missed.set(topic, (this.#missed.get(topic) ?? 0) + missed);
    this.#showLag();
  }

  /** This page's connection is too slow for more than one sample or bin of so many. */
  resolution({ decimation }) {
    this.#decimation = decimation;
    this.#showLag();
  }

  #showLag() {
    const total = [...this.#missed.values()].reduce((sum, each) => sum + each, 0);
    const words = [`${count(total)} missed`];
    if (this.#decimation > 1) {
      words.push(`1/${this.#decimation} resolution`);
    }
    this.#showNumber("lag", total, words.join(", "), total > 0 || this.#decimation > 1);
    this.#parts.lag.title = [...this.#missed].map(([name, number]) => `${name}: ${number}`).join(", ");
  }

  /** Takes old statistics away: a number that stands still looks like a stream that runs. */
  tick() {
    if (this.#receivedAt !== null && performance.now() - this.#receivedAt > SILENT_MS) {
      this.disconnected();
    }
  }

  disconnected() {
    this.#receivedAt = null;
    for (const id of ["fps", "lost-samples", "subscribers"]) {
      this.#showNumber(id, null, NONE, false);
    }
    setText(this.#parts["frame-age"], "");
    labelWithIcon(this.#parts["source-state"], "wait", "unknown");
    setData(this.#parts["source-state"], "value", "unknown");
  }

  #showNumber(id, value, text, doubtful) {
    const element = this.#parts[id];
    setText(element, text);
    setData(element, "value", isNumber(value) ? value : null);
    element.classList.toggle("doubt", doubtful);
  }
}

function ageText(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${rounded(ms / 1000, 1)} s`;
}
