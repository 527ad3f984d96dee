import { chosenInstrument, instruments } from "./api.js";

const PARAMETER = "instrument";

/** Tells the page that comes which of its controls had the focus. */
const FOCUS = "photophone-focus";

/** The choice of the instrument, where the server has several. Another one is another page. */
export class InstrumentChoice {
  #label;
  #select;

  constructor(label) {
    this.#label = label;
    this.#select = label.querySelector("select");
    this.#select.addEventListener("change", () => {
      const address = new URL(location.href);
      address.search = "";
      address.searchParams.set(PARAMETER, this.#select.value);
      sessionStorage.setItem(FOCUS, PARAMETER);
      location.assign(address);
    });
  }

  /** Whether there is a choice. */
  get several() {
    return !this.#label.hidden;
  }

  async ask() {
    const names = (await instruments()).map((each) => each.instrument);
    const known = [...this.#select.options].map((option) => option.value);
    if (names.length !== known.length || names.some((name, at) => name !== known[at])) {
      this.#select.replaceChildren(...names.map((name) => new Option(name)));
    }
    this.#select.value = chosenInstrument ?? names[0];
    this.#label.hidden = names.length < 2 && (chosenInstrument === null || names.includes(chosenInstrument));
    if (sessionStorage.getItem(FOCUS) === PARAMETER) {
      sessionStorage.removeItem(FOCUS);
      this.#select.focus();
    }
  }
}
