/** Sound from this machine as 16-bit mono PCM: a microphone, or what a tab or the system plays. */

const WORKLET = new URL("worklet.mjs", import.meta.url);

/** As it comes: what makes speech clearer makes music worse. */
const PLAIN = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };

/** Something that a listener can be told, and perhaps change. */
export class CaptureProblem extends Error {}

const WORDS = {
  microphone: {
    NotAllowedError: "The browser may not use the microphone. Allow it in the address bar, then start again.",
    NotFoundError: "No microphone was found. Plug one in, then start again.",
    OverconstrainedError: "The chosen microphone is not there any more. Choose another one.",
    NotReadableError: "The microphone cannot be opened; another program may be using it.",
  },
  shared: {
    NotAllowedError: "Nothing was shared. Start again, and choose a tab or a screen.",
    NotFoundError: "There is nothing here that could be shared.",
    NotReadableError: "The system does not let the browser hear what it plays.",
  },
};

async function asked(kind, ask) {
  if (!navigator.mediaDevices) {
    throw new CaptureProblem("A browser lets a page listen only over HTTPS, or on this machine itself.");
  }
  try {
    return await ask(navigator.mediaDevices);
  } catch (error) {
    throw new CaptureProblem(WORDS[kind][error.name] ?? `The browser does not let this page listen (${error.name}).`);
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
  throw new CaptureProblem("What was shared has no sound. Choose a tab, and tick \u201cshare audio\u201d.");
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
