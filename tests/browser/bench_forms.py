"""The forms in which a track could be sent to be played, over a slow link: bytes, and the time from Play to sound.

The same 180 s of stereo music is added to the page as WAV, FLAC and Opus. Each file is played as it came, beside the
WAV that the page plays; Chromium slows the link down.
"""

from __future__ import annotations

import io
from typing import Any, Final

import numpy as np
import soundfile
from numpy.typing import NDArray
from playwright.sync_api import BrowserContext, Page

from tests.browser.serving import PROJECT

SECONDS: Final = 180
LINKS_MBIT: Final = (10, 2, 1)
LATENCY_MS: Final = 40
PLAYED_MS: Final = 8000

START = """([address, playedMs]) => new Promise((resolve) => {
    const audio = new Audio();
    const begun = performance.now();
    const told = { start_seconds: null, stalled_seconds: 0 };
    let since = null;
    const look = () => {
        if (audio.currentTime > 0 && told.start_seconds === null) {
            told.start_seconds = Number(((performance.now() - begun) / 1000).toFixed(2));
        }
        if (performance.now() - begun < playedMs) return setTimeout(look, 5);
        if (since !== null) told.stalled_seconds += (performance.now() - since) / 1000;
        told.stalled_seconds = Number(told.stalled_seconds.toFixed(2));
        audio.src = '';
        resolve(told);
    };
    audio.addEventListener('waiting', () => { if (told.start_seconds !== null) since ??= performance.now(); });
    audio.addEventListener('playing', () => {
        if (since !== null) told.stalled_seconds += (performance.now() - since) / 1000;
        since = null;
    });
    audio.src = address;
    audio.play();
    look();
})"""


def music() -> tuple[NDArray[np.float32], int]:
    """Give the samples one after the other, to the length wanted."""
    sources = sorted((PROJECT / "samples").glob("*.ogg"))
    read = [soundfile.read(source, dtype="float32", always_2d=True) for source in sources]
    return np.concatenate([sound for sound, _ in read])[: SECONDS * read[0][1]], read[0][1]


def files() -> dict[str, bytes]:
    """Write the music in each form."""
    sound, rate_hz = music()
    written = {}
    for form, options in {
        "wav": {"format": "WAV", "subtype": "PCM_16"},
        "flac": {"format": "FLAC", "subtype": "PCM_16"},
        "opus": {"format": "OGG", "subtype": "OPUS"},
    }.items():
        file = io.BytesIO()
        soundfile.write(file, sound if form != "opus" else _at_48_khz(sound, rate_hz),
                        rate_hz if form != "opus" else 48_000, **options)  # fmt: skip
        written[form] = file.getvalue()
    return written


def _at_48_khz(sound: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Bring sound to Opus's rate, well enough to be encoded and timed."""
    places = np.arange(int(len(sound) * 48_000 / rate_hz)) * rate_hz / 48_000
    return np.stack([np.interp(places, np.arange(len(sound)), channel) for channel in sound.T], 1).astype(np.float32)


def measure_forms(context: BrowserContext, address: str) -> list[dict[str, Any]]:
    """Play each form over each link."""
    rows = []
    page = context.new_page()
    page.goto(address)
    for form, content in files().items():
        sent = context.request.post(
            address + "api/tracks",
            multipart={"file": {"name": f"music.{form}", "mimeType": f"audio/{form}", "buffer": content}},
        )
        assert sent.ok, sent.text()
        track = sent.json()["id"]
        for link_mbit in LINKS_MBIT:
            row = {"form": form, "bytes": len(content), "link_mbit": link_mbit}
            rows.append({**row, **_played(page, f"{address}api/tracks/{track}/file?link={link_mbit}", link_mbit)})
        if form == "wav":
            for link_mbit in LINKS_MBIT:
                row = {"form": "as the page plays it", "bytes": len(content), "link_mbit": link_mbit}
                rows.append(
                    {**row, **_played(page, f"{address}api/tracks/{track}/audio?as=played&link={link_mbit}", link_mbit)}
                )
    page.close()
    return rows


def _played(page: Page, address: str, link_mbit: float) -> dict[str, float]:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    bytes_a_second = link_mbit * 1e6 / 8
    devtools.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY_MS, "downloadThroughput": bytes_a_second, "uploadThroughput": -1},
    )
    told: dict[str, float] = page.evaluate(START, [address, PLAYED_MS])
    devtools.detach()
    return told
