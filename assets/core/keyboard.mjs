/** The page's keys. Never while someone types, and never with Ctrl, Alt or Meta, which belong to the browser. */

const TYPING = "input:not([type=range]):not([type=checkbox]):not([type=file]), textarea, select, [contenteditable]";
const PRESSES = "button, a[href], summary, [role=button], input[type=checkbox]"; // Space or Enter means them while they have the focus.

/** `actions`: play, step(seconds), stepWindow(direction), toStart, toEnd, sample(index), theme, why, changed, help; `isBlocked()`. */
export function listenToKeys(actions, isBlocked) {
  const keys = {
    " ": () => actions.play(),
    ArrowLeft: (event) => (event.shiftKey ? actions.stepWindow(-1) : actions.step(-5)),
    ArrowRight: (event) => (event.shiftKey ? actions.stepWindow(1) : actions.step(5)),
    Home: () => actions.toStart(),
    End: () => actions.toEnd(),
    t: () => actions.theme(),
    T: () => actions.theme(),
    w: () => actions.why(),
    W: () => actions.why(),
    b: () => actions.changed(),
    B: () => actions.changed(),
    "?": () => actions.help(),
  };
  for (const digit of [1, 2, 3, 4]) keys[digit] = () => actions.sample(digit - 1);

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isBlocked() && key !== "?") return;
    if (target.closest?.(TYPING)) return;
    if (key === " " && (event.repeat || target.closest?.(PRESSES))) return;
    const range = target.closest?.("input[type=range]");
    if (range && !range.dataset.seek && /^(Arrow|Home|End)/.test(key)) return; // Volume has arrows of its own.
    const action = Object.hasOwn(keys, key) ? keys[key] : null;
    if (!action) return;
    event.preventDefault();
    action(event);
  });

  // A button that the mouse has pressed lets the focus go, so that Space plays again; one pressed by key keeps it.
  document.addEventListener("click", (event) => {
    if (event.detail > 0 && !isBlocked()) event.target.closest?.("button")?.blur();
  });
}
