/**
 * Where the page's sound goes: an element can be led into WebAudio only once, so all who treat it share one context.
 * Made when first asked for; until then the element plays by itself and nothing costs anything.
 */

/** `audio` is the page's sound. Gives a function that gives `{ context, first, bus, treat(chain) }`. */
export function createOutput(audio) {
  let made = null;
  const build = () => {
    const context = new AudioContext();
    const source = context.createMediaElementSource(audio);
    const bus = context.createGain();
    const first = context.createGain();
    source.connect(first).connect(bus).connect(context.destination);
    let treatment = null;
    for (const name of ["play", "playing", "seeked"]) audio.addEventListener(name, () => context.resume());
    context.resume();
    return {
      context,
      /** How loud the element is. */
      first: first.gain,
      /** All that is heard goes through this. */
      bus,
      /** Lead it through a chain of nodes; without one, straight on. */
      treat(chain) {
        if (treatment === chain) return;
        bus.disconnect();
        treatment?.output.disconnect();
        treatment = chain;
        if (chain) {
          bus.connect(chain.input);
          chain.output.connect(context.destination);
        } else bus.connect(context.destination);
      },
    };
  };
  return () => {
    made ??= build();
    return made;
  };
}
