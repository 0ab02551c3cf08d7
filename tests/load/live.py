"""``python -m tests.load.live``: 20 who listen live beside 20 who play, and an hour through a pipe; figures as JSON.

`visitors`: each listener sends a second of sound a second, 48 kHz in messages of 50 ms, at hop 0.5 s; a window's wait
is from sending its last sample to its scores, in the listener. Each player asks for everything of a sample, then for
its sound as it plays. The page is asked for four times a second. `pipe`: an hour of MP3 through ``listen -`` against
``classify`` of the same file.
"""

from __future__ import annotations

import argparse
import http.client
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any, Final

from simple_websocket import Client, ConnectionClosed

from dashboard.bench import write_mp3
from tests.browser.serving import PROJECT, served
from tests.sounds import chord

RATE_HZ: Final = 48_000
MODEL_RATE_HZ: Final = 22_050
CHUNK_SECONDS: Final = 0.05
HOP_SECONDS: Final = 0.5
SOUND_BYTES: Final = 256 * 2**10
BARS: Final = {
    "scores_p95_ms": 300,
    "windows_lost": 0,
    "page_p95_ms": 200,
    "pipe_windows_that_differ": 0,
}


class Listener(threading.Thread):
    """Listens live for a while; `waits` in seconds, `n_lost` windows that never came."""

    def __init__(self, address: str, seconds: float, sound: bytes) -> None:
        super().__init__(daemon=True)
        self.waits: list[float] = []
        self.n_lost = 0
        self._seconds = seconds
        self._sound = sound
        self._sent: dict[int, float] = {}
        self._socket = Client(address.replace("http", "ws", 1) + "api/live")
        self._socket.send(json.dumps({"type": "hello", "sample_rate": RATE_HZ, "hop": HOP_SECONDS}))

    def run(self) -> None:
        telling = threading.Thread(target=self._hear_scores, daemon=True)
        telling.start()
        n_chunk = round(CHUNK_SECONDS * RATE_HZ) * 2
        begun = time.perf_counter()
        for number in range(round(self._seconds / CHUNK_SECONDS)):
            time.sleep(max(0.0, begun + (number + 1) * CHUNK_SECONDS - time.perf_counter()))
            place = number * n_chunk % len(self._sound)
            self._sent[number] = time.perf_counter()
            self._socket.send(self._sound[place : place + n_chunk])
        self._socket.send('{"type":"end"}')
        telling.join(30)

    def _hear_scores(self) -> None:
        expected = 0
        try:
            while True:
                message = json.loads(self._socket.receive())
                if message["type"] == "window":
                    self.n_lost += message["index"] - expected
                    expected = message["index"] + 1
                    last = math.ceil(message["end"] / MODEL_RATE_HZ / CHUNK_SECONDS - 1e-6) - 1
                    if (sent := self._sent.get(last)) is not None:
                        self.waits.append(time.perf_counter() - sent)
                elif message["type"] == "shed":
                    self.n_lost += message["last"] - message["first"] + 1
        except ConnectionClosed:
            return


def playing(port: int, number: int, until: float) -> None:
    """Open a sample and play it: everything at first, then its sound, a part at a time."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def get(path: str, **headers: str) -> bytes:
        connection.request("GET", path, headers=headers)
        return connection.getresponse().read()

    tracks = json.loads(get("/api/tracks"))["tracks"]
    track = f"/api/tracks/{tracks[number % len(tracks)]['id']}"
    for part in ("/peaks", "/spectrogram", "/scores?hop=0.5"):
        get(track + part)
    for place in count():
        if time.perf_counter() > until:
            break
        first = place * SOUND_BYTES % (8 * 2**20)
        get(track + "/audio", Range=f"bytes={first}-{first + SOUND_BYTES - 1}")
        time.sleep(SOUND_BYTES / (44_100 * 4))
    connection.close()


def page_asked(port: int, until: float) -> list[float]:
    """Ask for the page four times a second; give how long each took."""
    took = []
    while time.perf_counter() < until:
        begun = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/")
        connection.getresponse().read()
        connection.close()
        took.append(time.perf_counter() - begun)
        time.sleep(max(0.0, 0.25 - took[-1]))
    return took


def visitors(n: int, seconds: float) -> dict[str, Any]:
    """Let `n` listen and `n` play."""
    sound = (chord(12.0, rate_hz=RATE_HZ, level=0.5) * 32_767).astype("<i2").tobytes()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder), GENRE_LIVE_VISITOR_SESSIONS=str(n), GENRE_LIVE_SESSIONS=str(n)) as address,
    ):
        port = int(address.rstrip("/").rpartition(":")[2])
        until = time.perf_counter() + seconds
        listeners = [Listener(address, seconds, sound) for _ in range(n)]
        players = [threading.Thread(target=playing, args=(port, number, until), daemon=True) for number in range(n)]
        for thread in [*listeners, *players]:
            thread.start()
        took = page_asked(port, until)
        for thread in [*listeners, *players]:
            thread.join(120)
    waits = [wait for listener in listeners for wait in listener.waits]
    expected = n * (1 + int((seconds - 3) / HOP_SECONDS))
    return {
        "listeners": n,
        "players": n,
        "seconds": seconds,
        "windows": len(waits),
        "windows_lost": max(sum(listener.n_lost for listener in listeners), expected - len(waits)),
        "scores_p50_ms": round(1000 * statistics.median(waits), 1),
        "scores_p95_ms": round(1000 * statistics.quantiles(waits, n=20)[-1], 1),
        "page_p50_ms": round(1000 * statistics.median(took), 1),
        "page_p95_ms": round(1000 * statistics.quantiles(took, n=20)[-1], 1),
    }


def pipe(seconds: int) -> dict[str, Any]:
    """Send a long MP3 through a pipe, and compare with the file."""

    def run(command: list[str], **options: Any) -> tuple[str, float]:
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "model", *command],
            cwd=PROJECT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            **options,
        )
        return done.stdout, time.perf_counter() - begun

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "hour.mp3"
        write_mp3(path, seconds)
        filed, file_seconds = run(["classify", "--json", "--hop", "0.5", str(path)])
        with path.open("rb") as file:
            told, pipe_seconds = run(["listen", "-", "--json", "--hop", "0.5"], stdin=file)
    file_windows = json.loads(filed)[0]["windows"]
    windows = [line for line in map(json.loads, told.splitlines()) if line["type"] == "window"]
    differ = [
        number
        for number, (live, whole) in enumerate(zip(windows, file_windows, strict=False))
        if abs(live["end_seconds"] - whole["end_seconds"]) > 1e-6
        or max(abs(live["probabilities"][genre] - p) for genre, p in whole["probabilities"].items()) > 1e-4
    ]
    return {
        "pipe_seconds_of_sound": seconds,
        "pipe_windows": len(windows),
        "pipe_windows_that_differ": len(differ) + abs(len(windows) - len(file_windows)),
        "pipe_took_seconds": round(pipe_seconds, 1),
        "file_took_seconds": round(file_seconds, 1),
    }


def main() -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=20, help="who listen, and who play (20 each); 0: none")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long they do (60)")
    parser.add_argument("--pipe", type=int, default=3600, help="seconds of sound through the pipe (3600); 0: none")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_suffix(".json"), help="JSON file to write")
    asked = parser.parse_args()
    figures: dict[str, Any] = {
        "command": "python -m tests.load.live " + " ".join(sys.argv[1:]),
        "cores": os.cpu_count(),
        "load_before": round(os.getloadavg()[0], 1),
    }
    parts: list[tuple[bool, Callable[[], dict[str, Any]]]] = [
        (asked.visitors > 0, lambda: visitors(asked.visitors, asked.seconds)),
        (asked.pipe > 0, lambda: pipe(asked.pipe)),
    ]
    for is_wanted, part in parts:
        if is_wanted:
            figures |= part()
    figures["load_after"] = round(os.getloadavg()[0], 1)
    figures["bars"] = BARS
    figures["missed"] = [name for name, bar in BARS.items() if name in figures and figures[name] > bar]
    text = json.dumps(figures, indent=2)
    asked.out.write_text(text + "\n", encoding="utf-8")
    print(text)  # noqa: T201


if __name__ == "__main__":
    main()
