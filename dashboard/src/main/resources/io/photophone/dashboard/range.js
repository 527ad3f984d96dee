/** Ranges of axes that stand still while the data flickers. */

/** The smallest round number that is at least this large. */
export function niceAtLeast(value) {
  if (!(value > 0)) {
    return 1e-6;
  }
  const power = 10 ** Math.floor(Math.log10(value));
  const steps = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10];
  return power * (steps.find((step) => step * power >= value * (1 - 1e-9)) ?? 10);
}

/** A range that grows at once and shrinks only after the data has needed less for a while. */
export class CalmRange {
  #holdMs;
  #range = null;
  #smallerSince = null;
  #wantedMeanwhile = null;

  constructor(holdMs = 2000) {
    this.#holdMs = holdMs;
  }

  /** The range to show, given the one that the data asks for now. */
  next([low, high], now) {
    if (this.#range === null || low < this.#range[0] || high > this.#range[1]) {
      const [lowest, highest] = this.#range ?? [low, high];
      this.#range = [Math.min(low, lowest), Math.max(high, highest)];
      this.#smallerSince = null;
    } else if (low === this.#range[0] && high === this.#range[1]) {
      this.#smallerSince = null;
    } else if (this.#smallerSince === null) {
      this.#smallerSince = now;
      this.#wantedMeanwhile = [low, high];
    } else {
      const [lowest, highest] = this.#wantedMeanwhile;
      this.#wantedMeanwhile = [Math.min(low, lowest), Math.max(high, highest)];
      if (now - this.#smallerSince >= this.#holdMs) {
        this.#range = this.#wantedMeanwhile;
        this.#smallerSince = null;
      }
    }
    return this.#range;
  }

  reset() {
    this.#range = null;
    this.#smallerSince = null;
  }
}
