/** The tabs of one visitor agree: one plays at a time, and a track added or removed in one is so in all. */

const NAME = "live-genre";

/** `on`: `{ playing(), added(track), renamed(track), removed(id) }`, for what other tabs do. Gives the same, to tell them. */
export function createTabs(on) {
  const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel(NAME) : null;
  if (channel) channel.addEventListener("message", ({ data: [what, ...values] }) => on[what]?.(...values));
  const tell = (what) => (...values) => channel?.postMessage([what, ...values]);
  return { playing: tell("playing"), added: tell("added"), renamed: tell("renamed"), removed: tell("removed") };
}
