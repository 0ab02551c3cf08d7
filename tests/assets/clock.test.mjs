import assert from "node:assert/strict";
import { test } from "node:test";
import { createClock, paceOf, positionOf, within } from "../../assets/core/clock.mjs";

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
  Object.assign(audio, { currentTime: 0, ended: false, paused: true, readyState: 0, playbackRate: 1 });
  const frames = [];
  globalThis.HTMLMediaElement = { HAVE_METADATA: 1, HAVE_FUTURE_DATA: 3 };
  globalThis.document = Object.assign(new EventTarget(), { hidden: false });
  globalThis.requestAnimationFrame = (callback) => frames.push(callback);
  globalThis.cancelAnimationFrame = () => frames.splice(0);
  const drawn = [];
  const moments = { next: (seconds) => seconds }; // By default, something changes at every moment.
  const clock = createClock(audio, (seconds) => drawn.push(seconds), (seconds) => moments.next(seconds));
  const display = () => frames.splice(0).forEach((callback) => callback());
  return { audio, clock, drawn, display, frames, moments };
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

test("it draws when something changes and not before, at whatever speed the sound plays", (context) => {
  const waits = [];
  context.mock.method(globalThis, "setTimeout", (callback, ms) => waits.push({ callback, ms }));
  const { audio, clock, drawn, display, frames, moments } = rig();
  clock.setTrack(30, 0);
  Object.assign(audio, { paused: false, readyState: 4, playbackRate: 2 });
  audio.dispatchEvent(new Event("loadedmetadata"));
  moments.next = () => 1;
  audio.currentTime = 0.5;
  audio.dispatchEvent(new Event("playing"));
  display();
  assert.deepEqual([drawn, frames.length, waits.length], [[0.5], 0, 1]);
  assert.ok(waits[0].ms >= 250 && waits[0].ms < 255);
  audio.currentTime = 0.999; // A little early: the next frame sees to it.
  waits[0].callback();
  assert.deepEqual([drawn, frames.length, waits.length], [[0.5, 0.999], 1, 1]);
});

test("the playhead moves only while something sounds", () => {
  rig();
  const playing = { paused: false, ended: false, seeking: false, readyState: 4, playbackRate: 1.5 };
  assert.equal(paceOf(playing), 1.5);
  for (const still of [{ paused: true }, { ended: true }, { seeking: true }, { readyState: 2 }]) assert.equal(paceOf({ ...playing, ...still }), 0);
});
