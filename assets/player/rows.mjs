/** Lists whose rows stay the same elements, so that what has the focus, or is being typed, stays. */

/** Let a list hold these rows in this order; a row that is there already in its place is not touched. */
export function arrange(list, rows) {
  const wanted = new Set(rows);
  const old = [...list.children];
  const focused = old.findIndex((row) => row.contains(document.activeElement));
  const button = [...(old[focused]?.querySelectorAll("button") ?? [])].indexOf(document.activeElement);
  for (const row of old) if (!wanted.has(row)) row.remove();
  rows.forEach((row, place) => {
    if (list.children[place] !== row) list.insertBefore(row, list.children[place] ?? null);
  });
  if (focused >= 0 && !old[focused].isConnected) {
    const next = rows[Math.min(focused, rows.length - 1)];
    next?.querySelectorAll("button")[Math.max(0, button)]?.focus();
  }
}
