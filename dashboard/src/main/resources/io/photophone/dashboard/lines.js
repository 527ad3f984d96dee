/** One button for each line of a chart: its key, and hides and shows it; calls `onToggle(i, show)`. */
export function lineButtons(container, names, onToggle) {
  const buttons = names.map(({ name, swatch }, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "line";
    button.setAttribute("aria-pressed", "true");
    button.title = `Show or hide ${name}`;
    const mark = document.createElement("i");
    mark.className = `swatch ${swatch}`;
    button.append(mark, name);
    button.addEventListener("click", () => {
      const show = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(show));
      onToggle(index, show);
    });
    return button;
  });
  container.replaceChildren(...buttons);
}
