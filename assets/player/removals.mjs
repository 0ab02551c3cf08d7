/** Tracks taken away by their owner: gone from the page at once, from the server when undoing is over. */

import { forget, Problem } from "../core/api.mjs";
import { recall, remember } from "../core/preferences.mjs";

const NAME = "removed"; // Remembered, so that a reload in between neither brings a track back nor keeps it.

const known = () => new Set((recall(NAME) ?? "").split(",").filter(Boolean));
const keep = (ids) => remember(NAME, [...ids].join(","));

export function createRemovals() {
  const change = (act) => {
    const ids = known();
    act(ids);
    keep(ids);
  };
  /** Ask the server to forget it; one that it does not know is gone already. */
  const finish = async (id) => {
    try {
      await forget(id);
    } catch (error) {
      if (!(error instanceof Problem) || error.status !== 404) throw error;
    }
    change((ids) => ids.delete(id));
  };
  return {
    begin: (id) => change((ids) => ids.add(id)),
    undo: (id) => change((ids) => ids.delete(id)),
    finish,
    /** What is left of a list; what was still to be removed is removed now. */
    without(tracks) {
      const ids = known();
      for (const id of ids) finish(id).catch(() => {}); // Tried again on the next visit.
      return tracks.filter(({ id }) => !ids.has(id));
    },
  };
}
