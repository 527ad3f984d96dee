/**
 * Asks the server again and again, one question at a time, for as long as somebody could see the
 * answer.
 */
export class Asking {
  #ask;
  #periodMs;
  #isSeen;
  #busy = false;
  #next;

  /**
   * @param ask resolves when the answer is shown, with the ms to the next question where that isn't
   *   the period; handles its own failures
   * @param isSeen whether anybody could see the answer, the page being in front
   */
  constructor(ask, periodMs, isSeen = () => true) {
    this.#ask = ask;
    this.#periodMs = periodMs;
    this.#isSeen = isSeen;
    document.addEventListener("visibilitychange", () => this.now());
  }

  /** The same for what is inside `details`. */
  static whileUnfolded(details, ask, periodMs, isSeen = () => true) {
    const asking = new Asking(ask, periodMs, () => details.open && isSeen());
    details.addEventListener("toggle", () => asking.now());
    return asking;
  }

  /** Asks at once, unless an answer is under way or nobody would see it. */
  async now() {
    clearTimeout(this.#next);
    if (this.#busy || document.hidden || !this.#isSeen()) {
      return;
    }
    this.#busy = true;
    let waitMs = this.#periodMs;
    try {
      waitMs = (await this.#ask()) ?? this.#periodMs;
    } finally {
      this.#busy = false;
      this.#next = setTimeout(() => this.now(), waitMs);
    }
  }
}
