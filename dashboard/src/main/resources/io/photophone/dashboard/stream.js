/**
 * The page's one connection to the server's event stream.
 *
 * A browser allows six connections to one origin, for all its tabs, so every topic comes through one.
 */

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;

/** A server without a source gets one by a human's hand. */
const UNAVAILABLE_RETRY_MS = 5000;
const UNAVAILABLE = 503;

/** The server sends statistics every second and heartbeats besides: silence is a dead connection. */
const SILENCE_MS = 10_000;

const EVENTS = ["reading", "alarm", "audio", "axis", "spectral", "stats", "lagged", "resolution", "heartbeat", "end"];

export class Stream {
  #url;
  #on;
  #source = null;
  #state = null;
  #reason = "";
  #retryMs = FIRST_RETRY_MS;
  #retryTimer = null;
  #lastEventAt = 0;

  /**
   * @param url of the event stream
   * @param on functions by event name; each gets the event's data as text, because most audio frames
   *     and spectra are replaced before they are drawn and needn't be parsed. Besides, `ready` is
   *     awaited before each connection, and throws while there is nothing to connect to; `opened` is
   *     called after each; `state` gets "connecting", "live", "reconnecting", "unavailable" or
   *     "ended", and a reason.
   */
  constructor(url, on) {
    this.#url = url;
    this.#on = on;
    setInterval(() => this.#checkSilence(), 1000);
    addEventListener("online", () => this.#retryNow());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) {
        this.#retryNow();
      }
    });
  }

  /** Asks first: an EventSource doesn't tell why it can't connect. */
  async connect() {
    if (this.#state === null) {
      this.#setState("connecting");
    }
    try {
      await this.#on.ready();
      this.#open();
    } catch (error) {
      if (error.status === UNAVAILABLE && error.hasDetail) {
        this.#setState("unavailable", error.message);
        this.#retryIn(UNAVAILABLE_RETRY_MS);
      } else {
        const answered = error.status !== undefined;
        this.#setState("reconnecting", answered ? error.message : "the server does not answer");
        this.#retryLater();
      }
    }
  }

  #open() {
    const source = new EventSource(this.#url);
    this.#source = source;
    this.#lastEventAt = performance.now();
    source.onopen = () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#lastEventAt = performance.now();
      this.#setState("live");
      this.#on.opened();
    };
    source.onerror = () => this.#lost(source, "the connection was lost");
    for (const name of EVENTS) {
      source.addEventListener(name, (event) => {
        this.#lastEventAt = performance.now();
        if (name === "end") {
          this.#end(source, JSON.parse(event.data));
          return;
        }
        if (this.#state === "ended" && (name === "audio" || name === "reading")) {
          this.#setState("live");
        }
        this.#on[name]?.(event.data);
      });
    }
  }

  /** The server says so besides its event, which came before this page did. */
  sourceEnded() {
    if (this.#state === "live") {
      this.#setState("ended", "the source has come to its end");
    }
  }

  /** Without a topic the server stops; a topic whose source ended may get another source. */
  #end(source, { topic, reason }) {
    const words = reason ?? "no reason was given";
    if (topic === null) {
      this.#lost(source, words);
    } else {
      this.#setState("ended", words);
    }
  }

  /** EventSource retries by itself after some failures and not after others; this one always does. */
  #lost(source, reason) {
    if (source !== this.#source) {
      return;
    }
    source.close();
    this.#source = null;
    this.#setState("reconnecting", reason);
    this.#retryLater();
  }

  /** A little later each time, and not all pages at once. */
  #retryLater() {
    this.#retryIn(this.#retryMs * (0.8 + 0.4 * Math.random()));
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
  }

  #retryIn(ms) {
    this.#retryTimer = setTimeout(() => this.#retry(), ms);
  }

  #retryNow() {
    if (this.#retryTimer !== null) {
      clearTimeout(this.#retryTimer);
      this.#retry();
    }
  }

  #retry() {
    this.#retryTimer = null;
    this.connect();
  }

  #checkSilence() {
    if (this.#source !== null && performance.now() - this.#lastEventAt > SILENCE_MS) {
      this.#lost(this.#source, "the server fell silent");
    }
  }

  #setState(state, reason = "") {
    const changed = state !== this.#state || reason !== this.#reason;
    this.#state = state;
    this.#reason = reason;
    if (changed) {
      this.#on.state(state, reason);
    }
  }
}
