/** How loud it is: a bar from -60 dBFS to full scale, which falls more slowly than it rises. */

const FLOOR_DB = -60;
const FULL_SCALE = 32768;
const FALL = 0.92;

export function createMeter(element) {
  const bar = element.firstElementChild;
  let level = 0;
  const draw = () => {
    bar.style.transform = `scaleX(${level.toFixed(3)})`;
  };
  return {
    add(pcm) {
      let most = 1;
      for (const value of pcm) most = Math.max(most, Math.abs(value));
      const share = Math.max(0, 1 - (20 * Math.log10(most / FULL_SCALE)) / FLOOR_DB);
      level = Math.max(share, level * FALL);
      draw();
    },
    rest() {
      level = 0;
      draw();
    },
  };
}
