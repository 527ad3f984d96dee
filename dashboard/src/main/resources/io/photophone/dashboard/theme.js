/** The colours of style.css for what is drawn on a canvas. */

const NAMES = ["text", "muted", "grid", "mic-a", "mic-b", "trend", "band", "caution", "bad", "mark", "card", "cut"];

const listeners = new Set();
let colours = null;

/** The colour with this name, as in colour("mic-a"). */
export function colour(name) {
  if (colours === null) {
    const style = getComputedStyle(document.documentElement);
    colours = new Map(NAMES.map((each) => [each, style.getPropertyValue(`--${each}`).trim()]));
  }
  return colours.get(name);
}

/** Calls this function when the colours change; the answer stops that. */
export function onThemeChange(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"]) {
  matchMedia(query).addEventListener("change", () => {
    colours = null;
    listeners.forEach((listener) => listener());
  });
}
