"""What is heard and what is scored lie on one time axis: clicks in many formats, by the page's own audio clock."""

from __future__ import annotations

import itertools
import json
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import soundfile
from playwright.sync_api import BrowserContext, Page

from model.audio.decode import decode
from tests.browser.serving import wait_until_loaded

pytestmark = pytest.mark.listens

RATE_HZ = 48_000
TOLERANCE_SECONDS = 0.020
FORMATS: dict[str, tuple[str, str, dict[str, str]]] = {  # file name: encoder, sample format, options of the container
    "clicks.wav": ("pcm_s16le", "s16", {}),
    "clicks.flac": ("flac", "s16", {}),
    "lame.mp3": ("libmp3lame", "fltp", {}),
    "no_tag.mp3": ("libmp3lame", "fltp", {"write_xing": "0", "id3v2_version": "0"}),
    "clicks.ogg": ("vorbis", "", {}),  # written by libsndfile
    "clicks.opus": ("libopus", "flt", {}),
    "clicks.aac": ("aac", "fltp", {}),
    "clicks.m4a": ("aac", "fltp", {}),
}

# Goes to half a second before a click, plays, and gives the place at which the click was heard by the element's clock.
LISTEN = """async (seconds) => {
  const audio = document.getElementById("audio");
  if (!window.tap) {
    const context = new AudioContext();
    window.tap = new AnalyserNode(context, { fftSize: 8192 });
    context.createMediaElementSource(audio).connect(window.tap).connect(context.destination);
    await context.resume();
  }
  const { context, fftSize } = window.tap;
  const samples = new Float32Array(fftSize);
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const loudest = () => {
    window.tap.getFloatTimeDomainData(samples);
    let best = 0;
    samples.forEach((value, index) => {
      if (Math.abs(value) > Math.abs(samples[best])) best = index;
    });
    return best;
  };
  audio.pause();
  while (Math.abs(samples[loudest()]) > 0.01) await pause(15); // What was heard before has passed.
  const seeked = new Promise((resolve) => audio.addEventListener("seeked", resolve, { once: true }));
  audio.currentTime = Math.max(0, seconds - 0.5);
  await seeked;
  await audio.play();
  const begun = performance.now();
  while (performance.now() - begun < 8000) {
    const before = audio.currentTime;
    const place = loudest();
    const now = audio.currentTime;
    const isAtOnce = now - before < 0.005; // A busy machine may have stopped between sound and clock: look again then.
    // The whole click must be in the window, so that its peak is the peak.
    if (isAtOnce && Math.abs(samples[place]) > 0.2 && place > 512 && place < fftSize - 1024) {
      audio.pause();
      return now - (fftSize - place) / context.sampleRate;
    }
    await pause(15);
  }
  audio.pause();
  return null;
}"""


def clicks(seconds: float, times: tuple[float, ...]) -> np.ndarray:
    """Short bursts of 1 kHz in silence."""
    samples = np.zeros(round(seconds * RATE_HZ), np.float32)
    burst = 0.9 * np.hanning(240) * np.cos(2 * np.pi * 1000 * (np.arange(240) - 120) / RATE_HZ)
    for time in times:
        start = round(time * RATE_HZ) - 120
        samples[start : start + 240] += burst.astype(np.float32)
    return samples


def write(path: Path, samples: np.ndarray) -> Path:
    codec, kind, options = FORMATS[path.name]
    if codec == "vorbis":
        soundfile.write(path, samples, RATE_HZ, format="OGG", subtype="VORBIS")
        return path
    try:
        with av.open(str(path), "w", options=options) as container:
            stream = container.add_stream(codec, rate=RATE_HZ)
            stream.layout = "mono"
            content = np.rint(samples * 32_767).astype(np.int16) if kind == "s16" else samples
            frame = av.AudioFrame.from_ndarray(content[np.newaxis], format=kind, layout="mono")
            frame.sample_rate, frame.pts = RATE_HZ, 0
            fifo = av.AudioFifo()
            fifo.write(frame)
            while (part := fifo.read(stream.codec_context.frame_size or 4096, partial=True)) is not None:
                container.mux(stream.encode(part))
            container.mux(stream.encode(None))
    except (av.error.EncoderNotFoundError, av.codec.codec.UnknownCodecError, av.error.MuxerNotFoundError) as error:
        pytest.skip(f"this FFmpeg cannot write {path.name}: {error}")
    return path


def scored_clicks(path: Path, near: tuple[float, ...], within: float = 0.2) -> list[float]:
    """Where the clicks lie in the samples that are scored."""
    samples = np.abs(decode(path).samples)
    found = []
    for time in near:
        first = max(0, round((time - within) * 22_050))
        found.append((first + int(samples[first : first + round(2 * within * 22_050)].argmax())) / 22_050)
    return found


def heard_at(page: Page, scored: float, listens: int = 3) -> float:
    """Where a click is heard by the element's clock: the median of a few listens, as a busy machine delays one.

    A listen that looked too late saw no click; as many more may be needed.
    """
    tried = (page.evaluate(LISTEN, scored) for _ in range(2 * listens))
    heard = list(itertools.islice((each for each in tried if each is not None), listens))
    assert len(heard) == listens, f"no click at {scored:.3f} s"
    return statistics.median(heard)


def open_with(context: BrowserContext, address: str, path: Path) -> Page:
    answer: Any = context.request.post(
        f"{address}api/tracks",
        multipart={"file": {"name": path.name, "mimeType": "audio/x", "buffer": path.read_bytes()}},
    )
    track = json.loads(answer.text())
    assert answer.status == 201, track
    page = context.new_page()
    page.goto(f"{address}?track={track['id']}")
    wait_until_loaded(page)
    return page


@pytest.mark.parametrize("name", FORMATS)
def test_clicks_are_heard_where_they_are_scored(
    name: str, visitor: Callable[..., BrowserContext], address: str, tmp_path: Path
) -> None:
    times = (0.6, 1.8, 3.0)
    path = write(tmp_path / name, clicks(3.4, times))
    page = open_with(visitor(), address, path)
    for scored in scored_clicks(path, times):
        assert heard_at(page, scored) == pytest.approx(scored, abs=TOLERANCE_SECONDS)


def test_an_hour_of_mp3_stays_on_the_axis(
    visitor: Callable[..., BrowserContext], address: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    if not request.config.getoption("--long"):
        pytest.skip("takes a minute; pytest --long runs it")
    minute = write(tmp_path / "no_tag.mp3", clicks(60.0, (30.0,)))
    hour = tmp_path / "hour.mp3"
    hour.write_bytes(minute.read_bytes() * 60)  # a file put together of others: no header knows its length
    # Each copy is longer than a minute by some frames.
    places = scored_clicks(hour, (30.0, 1830.0, 3570.0), within=20.0)
    page = open_with(visitor(), address, hour)
    for scored in places:
        assert heard_at(page, scored) == pytest.approx(scored, abs=TOLERANCE_SECONDS)
