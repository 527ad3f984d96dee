/**
 * A button that stops a picture and lets it go on; calls `onChange(paused)`.
 *
 * @returns a function that lets the picture go on
 */
export function pauseButton(button, onChange) {
  let paused = false;
  const set = (next) => {
    paused = next;
    button.textContent = paused ? "Live" : "Pause";
    button.classList.toggle("paused", paused);
    onChange(paused);
  };
  button.addEventListener("click", () => set(!paused));
  return () => set(false);
}
