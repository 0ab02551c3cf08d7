"""Record a page's sound: as its audio element gives it, and as it leaves the page for the loudspeaker."""

from __future__ import annotations

import base64
import json

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page

MOST_SECONDS = 40

WORKLET = """
registerProcessor("tap", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.n = 0;
    this.kept = [0, 1].map(() => new Float32Array(SECONDS * sampleRate));
    this.port.onmessage = () => this.port.postMessage(this.kept.map((kept) => kept.slice(0, this.n)));
  }
  process(inputs) {
    if (this.n + 128 > this.kept[0].length) return true;
    inputs.forEach((channels, place) => {
      const kept = this.kept[place];
      for (const channel of channels) {
        for (let n = 0; n < 128; n += 1) kept[this.n + n] += channel[n] / channels.length;
      }
    });
    this.n += 128;
    return true;
  }
});
""".replace("SECONDS", str(MOST_SECONDS))

LISTEN = """(() => {
  const address = URL.createObjectURL(new Blob([CODE], { type: "text/javascript" }));
  const connect = AudioNode.prototype.connect;
  const fromElement = AudioContext.prototype.createMediaElementSource;
  AudioContext.prototype.createMediaElementSource = function (element) {
    const source = fromElement.call(this, element);
    if (element.id !== "audio") return source;
    window.tap = { context: this, source, left: this.createGain() };
    window.tap.ready = this.audioWorklet.addModule(address).then(() => {
      window.tap.node = new AudioWorkletNode(this, "tap", { numberOfInputs: 2, numberOfOutputs: 0 });
      connect.call(source, window.tap.node, 0, 0);
      connect.call(window.tap.left, window.tap.node, 0, 1);
    });
    return source;
  };
  AudioNode.prototype.connect = function (target, ...more) {
    if (window.tap && target === window.tap.context.destination) connect.call(this, window.tap.left);
    return connect.call(this, target, ...more);
  };
})();""".replace("CODE", json.dumps(WORKLET))

READ = """async () => {
  const { node, context } = window.tap;
  const kept = await new Promise((resolve) => {
    node.port.onmessage = ({ data }) => resolve(data);
    node.port.postMessage("read");
  });
  const text = (samples) => {
    const bytes = new Uint8Array(samples.buffer);
    let out = "";
    for (let at = 0; at < bytes.length; at += 32768) out += String.fromCharCode(...bytes.subarray(at, at + 32768));
    return btoa(out);
  };
  return { rate: context.sampleRate, kept: kept.map(text) };
}"""


def tapped(context: BrowserContext) -> BrowserContext:
    """Let every page of a context (which bypasses CSP) record its sound, from the moment it is led into WebAudio."""
    context.add_init_script(LISTEN)
    return context


def recorded(page: Page) -> tuple[int, NDArray[np.float32], NDArray[np.float32]]:
    """Give the rate, and what the element gave and what was heard, mono and step by step with each other."""
    told = page.evaluate(READ)
    plain, heard = (np.frombuffer(base64.b64decode(each), np.float32) for each in told["kept"])
    return round(told["rate"]), plain, heard


def place_of(part: NDArray[np.float32], within: NDArray[np.float32]) -> int:
    """Where a stretch of sound ends in a recording, in samples: where it is most like it."""
    n = len(part) + len(within)
    likeness = np.fft.irfft(np.fft.rfft(within, n) * np.conj(np.fft.rfft(part, n)), n)[: len(within)]
    return int(likeness.argmax()) + len(part)
