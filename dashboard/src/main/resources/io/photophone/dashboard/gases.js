const PARAMETER = "gas";

/** Which gas's readings the page shows, where an instrument has several; the page's address keeps it. */
export class GasChoice {
  #label;
  #select;
  #changed;
  #seen = [];
  #wanted = new URL(location.href).searchParams.get(PARAMETER);
  #first = null;
  #current = null;

  /**
   * @param label with the select in it; hidden while there is one gas
   * @param changed called when another gas's readings are to be shown
   */
  constructor(label, changed) {
    this.#label = label;
    this.#select = label.querySelector("select");
    this.#changed = changed;
    this.#select.addEventListener("change", () => {
      this.#wanted = this.#select.value;
      const address = new URL(location.href);
      address.searchParams.set(PARAMETER, this.#wanted);
      history.replaceState(null, "", address);
      this.#update();
    });
  }

  /** The gas that is shown unless another is chosen. */
  set first(gas) {
    this.#first = gas;
    this.#update();
  }

  get several() {
    return this.#seen.length > 1;
  }

  /** The readings that are to be shown; their gases can be chosen from now on. */
  of(readings) {
    const unknown = new Set(readings.map((reading) => reading.gas).filter((gas) => !this.#seen.includes(gas)));
    if (unknown.size > 0) {
      this.#seen = [...this.#seen, ...unknown].sort();
      this.#select.replaceChildren(...this.#seen.map((gas) => new Option(gas)));
      this.#label.hidden = !this.several;
      this.#update();
    }
    return readings.filter((reading) => reading.gas === this.#current);
  }

  #update() {
    const current =
      [this.#wanted, this.#first, ...this.#seen].find((gas) => this.#seen.includes(gas)) ?? this.#first;
    this.#select.value = current;
    if (current !== this.#current) {
      this.#current = current;
      this.#changed(current);
    }
  }
}
