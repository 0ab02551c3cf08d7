/** The page's keys. Never while someone types, and never with Ctrl, Alt or Meta, which belong to the browser. */

const TYPING = "input:not([type=range]):not([type=checkbox]):not([type=file]), textarea, select, [contenteditable]";
const PRESSES = "button, a[href], summary, [role=button], input[type=checkbox]"; // Space or Enter means them while they have the focus.

const LOUDNESS = "#player"; // Where the arrows up and down mean the volume.

/** A digit, with the row above the letters or the block at the right, whatever the keyboard writes with Shift. */
const digitOf = ({ code }) => /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];

/**
 * `actions`: play, step(seconds), stepWindow(direction), toStart, toEnd, toShare(share), closer, wider, louder(by), mute, loop, next,
 * previous, sample(index), theme, why, changed, add(isFolder), help; `isBlocked()`.
 */
export function listenToKeys(actions, isBlocked) {
  const keys = {
    " ": () => actions.play(),
    k: () => actions.play(),
    j: () => actions.step(-10),
    l: () => actions.step(10),
    m: () => actions.mute(),
    r: () => actions.loop(),
    n: () => actions.next(),
    p: () => actions.previous(),
    ArrowLeft: (event) => (event.shiftKey ? actions.stepWindow(-1) : actions.step(-5)),
    ArrowRight: (event) => (event.shiftKey ? actions.stepWindow(1) : actions.step(5)),
    ArrowUp: () => actions.louder(0.05),
    ArrowDown: () => actions.louder(-0.05),
    "+": () => actions.closer(),
    "=": () => actions.closer(),
    "-": () => actions.wider(),
    Home: () => actions.toStart(),
    End: () => actions.toEnd(),
    t: () => actions.theme(),
    w: () => actions.why(),
    b: () => actions.changed(),
    a: (event) => actions.add(event.shiftKey),
    "?": () => actions.help(),
  };
  const actionOf = (event) => {
    const digit = digitOf(event);
    if (digit !== undefined) return event.shiftKey ? () => actions.sample(digit - 1) : () => actions.toShare(digit / 10);
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    return Object.hasOwn(keys, name) ? keys[name] : null;
  };

  document.addEventListener("keydown", (event) => {
    const { target, key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (isBlocked() && key !== "?") return;
    if (target.closest?.(TYPING)) return;
    if (key === " " && (event.repeat || target.closest?.(PRESSES))) return;
    const range = target.closest?.("input[type=range]");
    if (range && !range.dataset.seek && /^(Arrow|Home|End)/.test(key)) return; // Volume has arrows of its own.
    if (/^Arrow(Up|Down)$/.test(key) && !target.closest?.(LOUDNESS)) return; // Elsewhere they scroll the page.
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    action(event);
  });

  // A button that the mouse has pressed lets the focus go, so that Space plays again; one pressed by key keeps it.
  document.addEventListener("click", (event) => {
    if (event.detail > 0 && !isBlocked()) event.target.closest?.("button")?.blur();
  });
}
