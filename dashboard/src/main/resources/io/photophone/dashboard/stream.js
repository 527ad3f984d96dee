/**
 * The page's one connection to the server's event stream.
 *
 * A browser allows six connections to one origin, for all its tabs, so every topic comes through one.
 */

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 10_000;

/** The server sends statistics every second and heartbeats besides: silence is a dead connection. */
const SILENCE_MS = 10_000;

const TOPICS = ["reading", "audio", "axis", "spectral", "stats", "lagged", "heartbeat", "end"];

export class Stream {
  #url;
  #on;
  #source = null;
  #state = null;
  #retryMs = FIRST_RETRY_MS;
  #retryTimer = null;
  #lastEventAt = 0;

  /**
   * @param url of the event stream
   * @param on functions by event name; each gets the event's data as text, because most audio frames
   *     and spectra are replaced before they are drawn and needn't be parsed. `state` gets
   *     "connecting", "live", "reconnecting" or "ended", and a reason.
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

  connect() {
    this.#setState(this.#state === null || this.#state === "ended" ? "connecting" : "reconnecting");
    const source = new EventSource(this.#url);
    this.#source = source;
    this.#lastEventAt = performance.now();
    source.onopen = () => {
      this.#retryMs = FIRST_RETRY_MS;
      this.#lastEventAt = performance.now();
      this.#setState("live");
    };
    source.onerror = () => this.#lost(source, "the connection was lost");
    for (const topic of TOPICS) {
      source.addEventListener(topic, (event) => {
        this.#lastEventAt = performance.now();
        if (topic === "end") {
          this.#end(source, event.data);
        } else {
          this.#on[topic]?.(event.data);
        }
      });
    }
  }

  /** The end of the source is the end of the page's work; a server that stops may come back. */
  #end(source, data) {
    const reason = JSON.parse(data).reason ?? "no reason was given";
    if (/server|shut/i.test(reason)) {
      this.#lost(source, reason);
    } else {
      source.close();
      this.#source = null;
      this.#setState("ended", reason);
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
    const jitter = 0.8 + 0.4 * Math.random();
    this.#retryTimer = setTimeout(() => this.#retry(), this.#retryMs * jitter);
    this.#retryMs = Math.min(LONGEST_RETRY_MS, this.#retryMs * 2);
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
    const changed = state !== this.#state || reason !== "";
    this.#state = state;
    if (changed) {
      this.#on.state(state, reason);
    }
  }
}
