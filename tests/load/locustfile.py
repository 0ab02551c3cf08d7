"""The visitors of a hall: they open the page and tracks, play and seek; some upload, some listen live.

Run by ``python -m tests.load``, in the environment of ``tests/load/requirements.txt``.
"""

from __future__ import annotations

import io
import json
import math
import os
import random
import struct
import time
import wave

import gevent
import websocket
from locust import HttpUser, between, events, task

RATE_HZ = 16_000
CHUNK_SECONDS = 0.25
LIVE_SECONDS = 20
AUDIO_BYTES = 256 * 1024


def tone(seconds: int) -> bytes:
    """A tone that hardly anyone else sends, as 16-bit PCM; each second is the same, to spare the cores."""
    step = 2 * math.pi * random.randrange(100, 4000) / RATE_HZ
    loudness = random.uniform(4000, 16_000)
    second = struct.pack(f"<{RATE_HZ}h", *(int(loudness * math.sin(step * n)) for n in range(RATE_HZ)))
    return second * seconds


def wav(seconds: int) -> bytes:
    written = io.BytesIO()
    with wave.open(written, "wb") as file:
        file.setparams((1, 2, RATE_HZ, 0, "NONE", ""))
        file.writeframes(tone(seconds))
    return written.getvalue()


class Visitor(HttpUser):
    """Opens the page, then a track every few seconds, and seeks in it."""

    wait_time = between(4, 8)

    def on_start(self) -> None:
        self.client.get("/", name="page")
        self.tracks = self.client.get("/api/tracks", name="tracks").json()["tracks"]
        self.open_a_track()

    @task(3)
    def open_a_track(self) -> None:
        track = random.choice(self.tracks)["id"]
        self.client.get(f"/api/tracks/{track}/peaks?n=1200", name="peaks")
        self.client.get(f"/api/tracks/{track}/spectrogram?columns=1200", name="picture")
        self.client.get(f"/api/tracks/{track}/scores?hop=0.5", name="scores")
        self.play(track, 0)

    @task(1)
    def seek(self) -> None:
        self.play(random.choice(self.tracks)["id"], random.randrange(2**20))

    def play(self, track: str, start: int) -> None:
        span = {"Range": f"bytes={start}-{start + AUDIO_BYTES - 1}"}
        self.client.get(f"/api/tracks/{track}/audio", headers=span, name="audio")


class Uploader(HttpUser):
    """Uploads one file after another, reads its scores, and removes it."""

    fixed_count = int(os.environ["LOAD_UPLOADERS"])
    wait_time = between(2, 4)

    @task
    def upload(self) -> None:
        content = wav(12)
        answer = self.client.post("/api/tracks", files={"file": ("a.wav", content)}, name="upload")
        if answer.status_code in (200, 201):
            track = answer.json()["id"]
            self.client.get(f"/api/tracks/{track}/scores?hop=0.5", name="scores of an upload")
            self.client.delete(f"/api/tracks/{track}", name="remove")


class Live(HttpUser):
    """Listens live: sends sound as it would come, and notes how long a window's scores take."""

    fixed_count = int(os.environ["LOAD_LISTENERS"])
    wait_time = between(0, 1)

    def on_start(self) -> None:
        self.client.get("/api/tracks", name="tracks")  # for the cookie: each is a visitor of its own
        self.headers = [f"Cookie: {name}={value}" for name, value in self.client.cookies.items()]

    @task
    def listen(self) -> None:
        begun = time.perf_counter()
        address = self.host.replace("http", "ws", 1) + "/api/live"
        try:
            socket = websocket.create_connection(address, timeout=20, header=self.headers)
            socket.send(json.dumps({"type": "hello", "sample_rate": RATE_HZ, "hop": 0.5}))
            self.told(socket.recv())
            reader = gevent.spawn(self.read, socket)
            sound = tone(LIVE_SECONDS)
            size = 2 * int(CHUNK_SECONDS * RATE_HZ)
            for number, start in enumerate(range(0, len(sound), size)):
                gevent.sleep(max(0, begun + number * CHUNK_SECONDS - time.perf_counter()))
                socket.send_binary(sound[start : start + size])
            socket.send(json.dumps({"type": "end"}))
            reader.join(20)
            socket.close()
        except (OSError, websocket.WebSocketException) as error:
            fire("live session", time.perf_counter() - begun, error)
        else:
            fire("live session", time.perf_counter() - begun - LIVE_SECONDS)

    def read(self, socket: websocket.WebSocket) -> None:
        try:
            while (text := socket.recv()) and self.told(text) != "end":
                pass
        except (OSError, websocket.WebSocketException) as error:
            fire("live window", 0, error)

    def told(self, text: str) -> str:
        message = json.loads(text)
        if message["type"] == "window":
            fire("live window", message["waited_seconds"])
        elif message["type"] in ("error", "shed"):
            fire("live window", 0, RuntimeError(message["type"]))
        return str(message["type"])


def fire(name: str, seconds: float, error: Exception | None = None) -> None:
    events.request.fire(
        request_type="WS", name=name, response_time=1000 * seconds, response_length=0, exception=error, context={}
    )
