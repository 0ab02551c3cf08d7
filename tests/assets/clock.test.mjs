import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock, positionOf, within } from "../../assets/core/clock.mjs";

test("a time is brought within the track", () => {
  assert.equal(within(-5, 30), 0);
  assert.equal(within(12.5, 30), 12.5);
  assert.equal(within(99, 30), 30);
});

test("the playhead is where it was sent until the sound is there", () => {
  const sound = { ended: false, currentTime: 0 };
  assert.equal(positionOf(sound, 12, 30), 12);
  assert.equal(positionOf({ ...sound, currentTime: 7 }, null, 30), 7);
});

test("it never stands behind the end, and stands at the end when the sound has ended", () => {
  assert.equal(positionOf({ ended: false, currentTime: 30.02 }, null, 30), 30);
  assert.equal(positionOf({ ended: true, currentTime: 29.97 }, null, 30), 30);
});

/** An audio element without sound, and a display that draws when told. */
function rig() {
  const audio = new EventTarget();
  Object.assign(audio, { currentTime: 0, ended: false, paused: true, readyState: 0 });
  const frames = [];
  globalThis.HTMLMediaElement = { HAVE_METADATA: 1 };
  globalThis.document = Object.assign(new EventTarget(), { hidden: false });
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  globalThis.cancelAnimationFrame = () => frames.splice(0);
  const drawn = [];
  const clock = createClock(audio, (seconds) => drawn.push(seconds));
  const display = () => frames.splice(0).forEach((callback) => callback());
  return { audio, clock, drawn, display, frames };
}

test("a seek before the sound is known is kept and done when it is", () => {
  const { audio, clock } = rig();
  clock.setTrack(30, 0);
  clock.seek(12);
  assert.equal(audio.currentTime, 0);
  assert.equal(clock.now(), 12);
  audio.readyState = 1;
  audio.dispatchEvent(new Event("loadedmetadata"));
  assert.equal(audio.currentTime, 12);
});

test("it draws on and on while the sound plays, and rests when it pauses or the page is hidden", () => {
  const { audio, drawn, display, frames } = rig();
  audio.paused = false;
  audio.dispatchEvent(new Event("playing"));
  display();
  display();
  assert.equal(drawn.length, 2);
  assert.equal(frames.length, 1);
  document.hidden = true;
  document.dispatchEvent(new Event("visibilitychange"));
  assert.equal(frames.length, 0);
  document.hidden = false;
  document.dispatchEvent(new Event("visibilitychange"));
  audio.paused = true;
  display();
  assert.equal(frames.length, 0);
});

test("many events before a frame are one drawing", () => {
  const { audio, drawn, display } = rig();
  for (const name of ["seeking", "seeked", "pause"]) audio.dispatchEvent(new Event(name));
  display();
  assert.equal(drawn.length, 1);
});
