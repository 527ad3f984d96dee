import { disturbances, Refusal, why } from "./api.js";
import { Asking } from "./asking.js";
import { setText } from "./draw.js";
import { count, isNumber } from "./numbers.js";
import { ThreadLines } from "./thread-lines.js";
import { clockTextMs } from "./times.js";
import { amountText, disturbanceText, durationText, isDisturbance, statePattern } from "./why-words.js";

const PERIOD_MS = 3000;

/** While the server has nothing to explain. */
const WAITING_MS = 10_000;

/** So long after a question its answer may still grow: the virtual machine tells late what it did. */
const SETTLING_MS = 7000;

/** Two times that are closer are the same disturbance's. */
const SAME_MS = 500;

/** Whichever that is. */
const NEWEST = { query: {} };

/** Disturbances that the server keeps, and why one of them happened; asked for only while unfolded. */
export class PhotophoneWhy extends HTMLElement {
  #parts = {};
  #lines;
  #asking;
  #disturbances = [];
  /** Of each item of the list. */
  #shownIn = new WeakMap();
  /** {query, disturbance} to explain; null for the newest disturbance, once there is one. */
  #chosen = null;
  /** The question that was answered, or refused for good. */
  #asked = null;
  #settledAt = 0;
  /** Whether a newer disturbance takes the place of the chosen one. */
  #follows = true;
  #shown = "";

  connectedCallback() {
    for (const part of this.querySelectorAll("[data-part]")) {
      this.#parts[part.dataset.part] = part;
    }
    const { details, form } = this.#parts;
    this.#lines = new ThreadLines(this.#parts.lines, this.#parts.readout);
    this.#asking = Asking.whileUnfolded(details, () => this.#ask(), PERIOD_MS);
    details.addEventListener("toggle", () => {
      if (!details.open) {
        this.#choose(null);
      }
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#choose(timeQuestion(new Date(form.elements.time.value)));
    });
    this.querySelector("[data-action=newest]").addEventListener("click", () => this.#choose(null));
  }

  /** Unfolds and explains the reading that begins at this sample. */
  explainReading(fromSample) {
    const { details } = this.#parts;
    details.open = true;
    this.scrollIntoView({ block: "start" });
    details.querySelector("summary").focus({ preventScroll: true });
    this.#choose({ query: { from_sample: fromSample } });
  }

  #choose(question) {
    this.#chosen = question;
    this.#follows = question === null;
    this.#asked = null;
    this.#markChosen();
    this.#asking.now();
  }

  /** Resolves with the ms to the next question. */
  async #ask() {
    const { note } = this.#parts;
    const chosen = this.#chosen;
    try {
      this.#disturbances = (await disturbances()).toReversed();
      this.#showList();
      setText(note, "");
    } catch (error) {
      setText(note, `These are of the past: ${error.message}.`);
      return PERIOD_MS;
    }
    if (chosen !== this.#chosen) {
      return 0;
    }
    this.#follow(this.#disturbances[0]);
    this.#markChosen();
    const asked = this.#chosen ?? NEWEST;
    const waitMs = await this.#explain(asked);
    return asked === (this.#chosen ?? NEWEST) ? waitMs : 0;
  }

  /** Once an answer is whole it stays when another disturbance comes, so that it can be read. */
  #follow(newest) {
    const isRead = this.#chosen !== null && this.#asked === this.#chosen && this.#shown !== "";
    this.#follows &&= !isRead || performance.now() < this.#settledAt;
    if (this.#follows && newest !== undefined && !isSame(newest, this.#chosen?.disturbance)) {
      this.#chosen = disturbanceQuestion(newest);
    }
  }

  /** Resolves with the ms to the next question. */
  async #explain(question) {
    const now = performance.now();
    if (question === this.#asked && now > this.#settledAt) {
      return PERIOD_MS;
    }
    if (question !== this.#asked) {
      this.#asked = question;
      this.#settledAt = now + SETTLING_MS;
    }
    this.#parts.answer.setAttribute("aria-busy", "true");
    try {
      this.#show(await why(question.query));
      setText(this.#parts.refusal, "");
      return PERIOD_MS;
    } catch (error) {
      this.#showNothing(error);
      // A refusal stays one, but where nothing has happened yet.
      const isFinal = error instanceof Refusal && question !== NEWEST;
      this.#asked = isFinal ? question : null;
      this.#settledAt = 0;
      return isFinal ? PERIOD_MS : WAITING_MS;
    } finally {
      this.#parts.answer.removeAttribute("aria-busy");
    }
  }

  #showNothing(error) {
    this.#shown = "";
    this.#parts.answer.hidden = true;
    this.#parts.rest.hidden = true;
    setText(this.#parts.refusal, `Not explained: ${error.message}.`);
  }

  #showList() {
    const { list, none } = this.#parts;
    none.hidden = this.#disturbances.length > 0;
    const old = [...list.children];
    // Items stay with their disturbance, so that the focus isn't lost when another comes.
    const items = this.#disturbances.map(
      (each) => old.find((item) => isSame(each, this.#shownIn.get(item))) ?? this.#newItem(each),
    );
    old.filter((item) => !items.includes(item)).forEach((item) => item.remove());
    items.forEach((item, i) => {
      if (list.children[i] !== item) {
        list.insertBefore(item, list.children[i] ?? null);
      }
    });
  }

  #newItem(disturbance) {
    const { time, step, frame, amount } = disturbance;
    const item = document.getElementById("disturbance").content.firstElementChild.cloneNode(true);
    this.#shownIn.set(item, disturbance);
    const [button] = item.children;
    const [when, what, much] = button.children;
    setText(when, clockTextMs(Date.parse(time), Date.now()));
    when.dateTime = time;
    setText(what, frame < 0 ? disturbanceText(step) : `${disturbanceText(step)} ${count(frame)}`);
    setText(much, amountText(step, amount));
    button.addEventListener("click", () => this.#choose(disturbanceQuestion(disturbance)));
    return item;
  }

  #markChosen() {
    for (const item of this.#parts.list.children) {
      const isChosen = isSame(this.#chosen?.disturbance, this.#shownIn.get(item));
      item.firstElementChild.setAttribute("aria-pressed", String(isChosen));
    }
  }

  #show(answer) {
    // Times on the wall clock differ a little from answer to answer.
    const { sentence: said, causes: found, threads, steps, notes: unsaid } = answer;
    const text = JSON.stringify([said, found, threads, steps, unsaid]);
    this.#parts.answer.hidden = false;
    this.#parts.rest.hidden = false;
    if (text === this.#shown) {
      return;
    }
    this.#shown = text;
    const { sentence, about, causes, shares, notes, unknown, plain, lines, picture } = this.#parts;
    setText(sentence, answer.sentence);
    setText(about, aboutText(answer));
    const isLate = answer.late_ms > 0;
    const longest = Math.max(...answer.causes.map(({ ms }) => ms));
    causes.replaceChildren(...answer.causes.map((cause) => causeItem(cause, isLate ? null : longest)));
    shares.hidden = !isLate || longest <= 0;
    unknown.hidden = answer.notes.length === 0;
    notes.replaceChildren(...answer.notes.map((note) => textItem(note)));
    setText(plain, answer.text);
    picture.hidden = answer.threads.length === 0;
    const states = new Set(
      answer.threads.flatMap(({ stretches }) => stretches.map(({ state }) => statePattern(state))),
    );
    for (const each of this.querySelectorAll("[data-state-key]")) {
      each.hidden = !states.has(each.dataset.stateKey);
    }
    lines.setAttribute("aria-label", `What ${answer.threads.length} threads did. ${lines.dataset.how}`);
    this.#lines.show(answer);
  }
}

/** The server tells the same time a little differently each time, since its clocks drift. */
function isSame(one, other) {
  return (
    one?.step === other?.step &&
    one?.frame === other?.frame &&
    Math.abs(Date.parse(one?.time) - Date.parse(other?.time)) < SAME_MS
  );
}

function disturbanceQuestion(disturbance) {
  return { query: { time: disturbance.time }, disturbance };
}

function timeQuestion(date) {
  return { query: { time: date.toISOString() } };
}

/** When it was, what it belongs to. A gap has no time that it should have taken. */
function aboutText({ from, until, from_sample: fromSample, late_ms: lateMs, steps }) {
  const now = Date.now();
  const isLate = lateMs > 0 && steps.some(({ step }) => step === "late");
  const isCalm = lateMs <= 0 && !steps.some(({ step }) => isDisturbance(step));
  return [
    `${clockTextMs(Date.parse(from), now)} to ${clockTextMs(Date.parse(until), now)}`,
    isLate ? `late by ${durationText(lateMs)}` : isCalm ? "not late" : "",
    isNumber(fromSample) ? `reading from sample ${count(fromSample)}` : "",
  ]
    .filter((part) => part !== "")
    .join("  ·  ");
}

/** @param longestMs of all causes, where nothing was late that they could have a share of */
function causeItem({ sentence, ms, share }, longestMs) {
  const item = document.getElementById("cause").content.firstElementChild.cloneNode(true);
  const [words, bar, much] = item.children;
  const part = Math.max(0, Math.min(1, longestMs === null ? share : ms / longestMs));
  const percent = longestMs === null ? `${Math.round(100 * part)} %, ` : "";
  setText(words, sentence);
  setText(much, ms > 0 ? `${percent}${durationText(ms)}` : "");
  bar.lastElementChild.setAttribute("width", 100 * part);
  bar.classList.toggle("none", ms <= 0);
  return item;
}

function textItem(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}
