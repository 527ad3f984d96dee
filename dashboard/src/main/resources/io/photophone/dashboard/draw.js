/** All drawing happens here: at most once per animation frame, and never on a hidden page. */

const waiting = new Set();
let scheduled = false;

/** Runs this function in the next animation frame, once however often it was asked for. */
export function requestDraw(draw) {
  waiting.add(draw);
  if (!scheduled) {
    scheduled = true;
    requestAnimationFrame(drawWaiting);
  }
}

function drawWaiting() {
  scheduled = false;
  const draws = [...waiting];
  waiting.clear();
  for (const draw of draws) {
    draw();
  }
}

/** Writes only what changed: an equal text would still cost a layout. */
export function setText(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

/** Sets data-name to the number or text; null takes the attribute away. */
export function setData(element, name, value) {
  if (value === null || value === undefined) {
    delete element.dataset[name];
  } else if (element.dataset[name] !== String(value)) {
    element.dataset[name] = value;
  }
}
