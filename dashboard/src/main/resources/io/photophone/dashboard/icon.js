/** A copy of an icon of index.html: "ok", "info", "caution", "bad" or "wait". */
export function icon(name) {
  const svg = document.getElementById("icon").content.firstElementChild.cloneNode(true);
  svg.classList.add(name);
  svg.firstElementChild.setAttribute("href", `#icon-${name}`);
  return svg;
}

/** Fills an element with an icon and a text; the text is what screen readers read. */
export function labelWithIcon(element, severity, text) {
  if (element.dataset.severity === severity && element.textContent === text) {
    return;
  }
  element.dataset.severity = severity;
  element.replaceChildren(icon(severity), text);
}

/** The same icon for a canvas, in a box of 16 by 16: {body} to fill and {cut} to stroke upon it. */
export function iconPaths(name) {
  const [body, cut] = [...document.querySelectorAll(`#icon-${name} path`)].map(
    (path) => new Path2D(path.getAttribute("d")),
  );
  return { body, cut };
}
