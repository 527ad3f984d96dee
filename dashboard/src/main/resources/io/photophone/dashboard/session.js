/** Who is signed in, and what the page lets them do. */

const RETURN = "photophone-return";
const ROLES = ["viewer", "operator", "admin"];

/** Leaves for the page that signs in, which comes back here. */
export function goToSignIn() {
  sessionStorage.setItem(RETURN, location.href);
  location.assign(new URL("sign-in.html", document.baseURI));
}

/** Where to go after signing in; once. */
export function takeReturnAddress() {
  const home = new URL("./", document.baseURI);
  const kept = sessionStorage.getItem(RETURN);
  sessionStorage.removeItem(RETURN);
  return kept !== null && kept.startsWith(home.href) ? kept : home.href;
}

/** The line with who is signed in, and the controls that need a role. */
export class Session {
  #ask;
  #name;
  #signIn;
  #signOut;
  #onChange;
  #known = "";

  /**
   * @param line with the parts `name`, `sign-in` and `sign-out`
   * @param ask resolves with who is signed in
   * @param signOut resolves when nobody is
   * @param onChange gets who is signed in, when that is somebody else than before
   */
  constructor(line, { ask, signOut, onChange }) {
    this.#ask = ask;
    this.#onChange = onChange;
    this.#name = line.querySelector("[data-part=name]");
    this.#signIn = line.querySelector("[data-part=sign-in]");
    this.#signOut = line.querySelector("[data-part=sign-out]");
    this.#signIn.addEventListener("click", goToSignIn);
    this.#signOut.addEventListener("click", async () => {
      await signOut().catch(() => null);
      goToSignIn();
    });
  }

  /** Asks who it is; a session that is old gets a new one by it. */
  async ask() {
    const me = await this.#ask();
    const known = JSON.stringify([me.name, me.role]);
    if (known === this.#known) {
      return;
    }
    this.#known = known;
    this.#name.textContent = me.anonymous ? "not signed in" : `${me.name} (${me.role})`;
    this.#signIn.hidden = !me.anonymous;
    this.#signOut.hidden = me.anonymous;
    for (const controls of document.querySelectorAll("fieldset[data-needs]")) {
      const { needs } = controls.dataset;
      controls.disabled = ROLES.indexOf(me.role) < ROLES.indexOf(needs);
      controls.querySelector(":scope > .needs").hidden = !controls.disabled;
    }
    this.#onChange(me);
  }
}
