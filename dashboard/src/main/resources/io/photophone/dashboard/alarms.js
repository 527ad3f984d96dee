import { acknowledge, alarmEvents, alarms } from "./api.js";
import { setData, setText } from "./draw.js";
import { labelWithIcon } from "./icon.js";
import { measurementText, NONE } from "./numbers.js";
import { clockText } from "./times.js";

/** While there is something to see; changes come by the stream besides. */
const PERIOD_MS = 2000;

const SHOWN_EVENTS = 10;
const WHO = "photophone-who";

const STATES = new Map([
  ["normal", ["ok", "normal"]],
  ["pending", ["wait", "pending"]],
  ["raised", ["bad", "raised"]],
  ["acknowledged", ["caution", "acknowledged"]],
  ["cleared_unacknowledged", ["info", "cleared, not acknowledged"]],
]);

/** The alarms that somebody ought to see, above everything; all rules and events, folded. */
export class PhotophoneAlarms extends HTMLElement {
  #parts;
  #past = false;
  #asking = false;
  #askAgain = false;
  #next;

  connectedCallback() {
    this.#parts = {
      details: this.querySelector("details"),
      summary: this.querySelector("[data-part=summary]"),
      rules: this.querySelector("[data-part=rules]"),
      events: this.querySelector("[data-part=events]"),
      note: this.querySelector("[data-part=note]"),
      banner: document.getElementById("alarm-banner"),
      list: document.getElementById("alarm-list"),
      spoken: document.getElementById("alarm-spoken"),
      who: document.getElementById("alarm-who"),
      problem: document.getElementById("alarm-problem"),
    };
    this.#parts.who.value = rememberedName();
    this.#parts.who.addEventListener("change", () => rememberName(this.#parts.who.value));
    this.#parts.details.addEventListener("toggle", () => this.refresh());
    document.addEventListener("visibilitychange", () => this.refresh());
  }

  /** Asks where the alarms stand: after each connection and each change. */
  async refresh() {
    clearTimeout(this.#next);
    if (this.#asking) {
      this.#askAgain = true;
      return;
    }
    this.#asking = true;
    try {
      this.#show(await alarms(), await alarmEvents(SHOWN_EVENTS));
      this.#heard();
    } catch (error) {
      this.disconnected(error.message);
    } finally {
      this.#asking = false;
      this.#askLater();
    }
  }

  /** What is shown stays, since an alarm that isn't heard of any more isn't gone. */
  disconnected(reason) {
    this.#past = true;
    setText(this.#parts.note, `This is of the past: ${reason}.`);
    setText(this.#parts.problem, `This is of the past: ${reason}.`);
  }

  /** A problem of another kind stays until the next attempt. */
  #heard() {
    if (this.#past) {
      this.#past = false;
      setText(this.#parts.note, "");
      setText(this.#parts.problem, "");
    }
  }

  #askLater() {
    const wanted = this.#askAgain;
    this.#askAgain = false;
    if (wanted) {
      this.refresh();
    } else if (!document.hidden && (this.#parts.details.open || !this.#parts.banner.hidden)) {
      this.#next = setTimeout(() => this.refresh(), PERIOD_MS);
    }
  }

  #show(list, events) {
    const { rules, events: eventRows, summary, banner } = this.#parts;
    const up = list.filter(({ state }) => state !== "normal" && state !== "pending");
    const worst = up.find(({ state }) => state === "raised") ?? up[0];
    const [severity, words] =
      list.length === 0
        ? ["info", "none configured"]
        : up.length === 0
          ? ["ok", `${list.length} normal`]
          : [stateOf(worst)[0], up.length === 1 ? stateOf(worst)[1] : `${up.length} not normal`];
    labelWithIcon(summary, severity, words);
    rows(rules, list, "alarm-rule").forEach((row, i) => fillRule(row, list[i]));
    const newest = events.toReversed();
    rows(eventRows, newest, "alarm-event").forEach((row, i) => fillEvent(row, newest[i]));
    if (up.length === 0) {
      setText(this.#parts.problem, "");
    }
    banner.hidden = up.length === 0;
    setData(banner, "severity", worst === undefined ? null : stateOf(worst)[0]);
    this.#showBanner(up);
  }

  /** Rows stay with their alarm, so that the focus isn't lost while numbers change. */
  #showBanner(up) {
    const { list, spoken } = this.#parts;
    const old = new Map([...list.children].map((item) => [item.dataset.alarm, item]));
    const items = up.map((alarm) => {
      const item = old.get(alarm.alarm) ?? this.#newItem(alarm.alarm);
      const [state, rule, value, button] = item.children;
      labelWithIcon(state, ...stateOf(alarm));
      setText(rule, `${alarm.alarm}: ${alarm.rule}`);
      setText(value, [valueText(alarm), sinceText(alarm)].filter((part) => part !== NONE).join(" · "));
      button.hidden = alarm.state === "acknowledged";
      return item;
    });
    [...old.values()].filter((item) => !items.includes(item)).forEach((item) => item.remove());
    items.forEach((item, i) => {
      if (list.children[i] !== item) {
        list.insertBefore(item, list.children[i] ?? null);
      }
    });
    setText(spoken, up.map((alarm) => `Alarm ${alarm.alarm} ${stateOf(alarm)[1]}: ${alarm.rule}.`).join(" "));
  }

  #newItem(alarm) {
    const item = fromTemplate("alarm-item");
    item.dataset.alarm = alarm;
    const button = item.querySelector("button");
    button.setAttribute("aria-label", `Acknowledge alarm ${alarm}`);
    button.addEventListener("click", () => this.#acknowledge(alarm, button));
    return item;
  }

  async #acknowledge(alarm, button) {
    const { who, problem } = this.#parts;
    const name = who.value.trim();
    if (name === "") {
      setText(problem, "Say who acknowledges it.");
      who.focus();
      return;
    }
    button.disabled = true;
    try {
      await acknowledge(alarm, name);
      setText(problem, "");
    } catch (error) {
      setText(problem, `Not acknowledged: ${error.message}.`);
    } finally {
      button.disabled = false;
      this.refresh();
    }
  }
}

function fillRule(row, alarm) {
  const [name, state, since, value] = row.cells;
  setText(name, `${alarm.alarm}: ${alarm.rule}${alarm.latching ? ", latching" : ""}`);
  labelWithIcon(state.firstElementChild, ...stateOf(alarm));
  setText(since, clockText(Date.parse(alarm.since), Date.now()));
  setText(value, alarm.unusable === null ? valueText(alarm) : `newest reading doesn't count: ${alarm.unusable}`);
}

function fillEvent(row, event) {
  const [time, name, change, value] = row.cells;
  setText(time, clockText(Date.parse(event.time), Date.now()));
  setText(name, event.alarm);
  labelWithIcon(change.firstElementChild, ...stateOf({ state: event.to }));
  setText(change.lastElementChild, event.who === null ? "" : `by ${event.who}`);
  setText(value, valueText(event));
}

function stateOf({ state }) {
  return STATES.get(state) ?? ["caution", String(state)];
}

function valueText({ value, standard_uncertainty: uncertainty, unit }) {
  return value === null ? NONE : measurementText(value, uncertainty, unit);
}

function sinceText({ since, acknowledged_by: who }) {
  const time = `since ${clockText(Date.parse(since), Date.now())}`;
  return who === null ? time : `${time} by ${who}`;
}

/** As many rows as there are items. */
function rows(body, items, template) {
  while (body.rows.length > items.length) {
    body.deleteRow(-1);
  }
  return items.map((_, i) => body.rows[i] ?? body.appendChild(fromTemplate(template)));
}

function fromTemplate(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** A browser that stores nothing asks for the name again. */
function rememberedName() {
  try {
    return localStorage.getItem(WHO) ?? "";
  } catch {
    return "";
  }
}

function rememberName(name) {
  try {
    localStorage.setItem(WHO, name);
  } catch {
    // It is asked for again next time.
  }
}
