/**
 * The playhead: an animation as long as the track, which the browser's compositor runs by itself while the sound plays. It
 * is held against the sound's own clock whenever the page draws, and set right where the two have come apart.
 */

const APART_MS = 30; // Less cannot be seen.

/** Whether an animation at a time has to be set right. */
export const isApart = (at, wanted) => at === null || Math.abs(at - wanted) > APART_MS;

/** `element` is as wide as the track. Gives `{ show(seconds, duration, pace), place(share) }`. */
export function createPlayhead(element) {
  const glide = element.animate([{ transform: "translateX(0%)" }, { transform: "translateX(100%)" }], { fill: "both" });
  glide.pause();
  let shown = "";

  return {
    /** Be at a time of a track, and move on by itself by so many seconds a second (0: stay). */
    show(seconds, duration, pace) {
      const wanted = 1000 * seconds;
      const isMoving = pace > 0 && seconds < duration;
      const next = `${duration} ${isMoving ? pace : 0}`;
      if (next !== shown) {
        shown = next;
        element.style.transform = "";
        glide.effect.updateTiming({ duration: 1000 * duration });
        glide.pause(); // Before it is set: a pause still to come would let it go on for a frame.
        glide.currentTime = wanted;
        if (isMoving) {
          glide.playbackRate = pace;
          glide.play();
        }
      } else if (isMoving ? isApart(glide.currentTime, wanted) : glide.currentTime !== wanted) glide.currentTime = wanted;
    },
    /** Be at a share of what is shown, where there is no track. */
    place(share) {
      if (shown) glide.cancel();
      shown = "";
      element.style.transform = `translateX(${100 * share}%)`;
    },
  };
}
