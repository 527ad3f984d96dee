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
