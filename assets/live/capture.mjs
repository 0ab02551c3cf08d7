/** Sound from this machine as 16-bit mono PCM: a microphone, or what a tab or the system plays. */

import { isKnown, text } from "../core/texts.mjs";

const WORKLET = new URL("worklet.mjs", import.meta.url);

/** As it comes: what makes speech clearer makes music worse. */
const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** Something that a listener can be told, and perhaps change. */
export class CaptureProblem extends Error {}

async function asked(kind, ask) {
  if (!navigator.mediaDevices) {
    throw new CaptureProblem(text("capture.needs_https"));
  }
  try {
    return await ask(navigator.mediaDevices);
  } catch (error) {
    const { name } = error;
    throw new CaptureProblem(
      isKnown(`capture.${kind}.${name}`) ? text(`capture.${kind}.${name}`) : text("capture.refused", { name }),
    );
  }
}

/** Ask for a microphone: one of `inputs`, or the system's choice. */
export const openMicrophone = (deviceId) =>
  asked("microphone", (devices) =>
    devices.getUserMedia({ audio: { ...PLAIN, ...(deviceId ? { deviceId: { exact: deviceId } } : {}) } }),
  );

/** Whether this browser can share what it plays. */
export const canShare = () => Boolean(navigator.mediaDevices?.getDisplayMedia);

/** Ask for what a tab or the system plays; its picture is not looked at. */
export async function openShared() {
  const stream = await asked("shared", (devices) =>
    devices.getDisplayMedia({ video: true, audio: { ...PLAIN, suppressLocalAudioPlayback: false } }),
  );
  if (stream.getAudioTracks().length) return stream;
  for (const track of stream.getTracks()) track.stop();
  throw new CaptureProblem(text("capture.no_sound"));
}

/** The microphones, once the browser may name them. */
export async function inputs() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  return devices.filter(({ kind, deviceId }) => kind === "audioinput" && deviceId);
}

/**
 * Follow a stream. `onChunk(pcm)` gets Int16Arrays; `onEnded()` is called when it was unplugged or is shared no longer,
 * `onMuted(yes)` when the system mutes it. Gives `{ rate, start(), stop() }`.
 */
export async function capture(stream, { onChunk, onEnded, onMuted }) {
  const [track] = stream.getAudioTracks();
  const context = new AudioContext({ latencyHint: "interactive" });
  await context.audioWorklet.addModule(WORKLET);
  const node = new AudioWorkletNode(context, "capture", { numberOfOutputs: 0 });
  const source = context.createMediaStreamSource(stream);
  track.addEventListener("ended", onEnded);
  track.addEventListener("mute", () => onMuted(true));
  track.addEventListener("unmute", () => onMuted(false));
  return {
    rate: context.sampleRate,
    async start() {
      node.port.onmessage = ({ data }) => onChunk(data); // Before, the worklet gives silence.
      source.connect(node);
      await context.resume();
    },
    stop() {
      node.port.onmessage = null;
      for (const each of stream.getTracks()) each.stop();
      if (context.state !== "closed") context.close();
    },
  };
}
