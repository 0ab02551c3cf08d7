"""A radio station of the tests' own: a server that answers by routes as badly as a test wants it to."""

from __future__ import annotations

import io
import socket
import socketserver
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache

import av
import numpy as np

from model.sources.radio.addresses import SocketAddress, resolve
from model.sources.radio.client import Client
from tests.sounds import chord, encoded

PUBLIC = "93.184.215.14"
RATE_HZ = 44_100
SECONDS = 10.0


@dataclass
class Call:
    """One connection to the server."""

    sock: socket.socket
    path: str
    headers: dict[str, str]

    def send(self, content: bytes) -> None:
        self.sock.sendall(content)

    def head(self, *lines: str, status: str = "HTTP/1.0 200 OK") -> None:
        self.send("\r\n".join([status, *lines, "", ""]).encode())


Route = Callable[[Call], None]


@dataclass
class Server:
    """What is running."""

    port: int
    routes: dict[str, Route]
    calls: list[Call] = field(default_factory=list)

    def url(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def public_client(self) -> Client:
        """A client for which every name lies at one public address, which is this server."""

        def resolver(host: str, port: int) -> list[tuple[int, SocketAddress]]:
            if ":" in host or host.replace(".", "").isdigit():
                return resolve(host, port)
            return [(socket.AF_INET, (PUBLIC, port))]

        return Client(resolver=resolver, connect=self.connect)

    def connect(self, family: int, address: SocketAddress, seconds: float) -> socket.socket:
        """Reach this server in place of the public address; nothing else is reached."""
        assert address[0] == PUBLIC, f"connected to {address}"
        return socket.create_connection(("127.0.0.1", self.port), seconds)


@contextmanager
def serving(port: int = 0, **routes: Route) -> Iterator[Server]:
    """Answer ``/name`` by the route of that name; everything else is not found."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            lines = list(iter(lambda: self.rfile.readline().decode().strip(), ""))
            if not lines:
                return
            path = lines[0].split()[1]
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
            call = Call(self.connection, path, headers)
            running.calls.append(call)
            route = routes.get(path.lstrip("/").partition("?")[0].partition(".")[0])
            with suppress(OSError):
                if route:
                    route(call)
                else:
                    call.head("Content-Length: 0", status="HTTP/1.1 404 Not Found")

    class Threading(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True

    with Threading(("127.0.0.1", port), Handler) as server:
        running = Server(server.server_address[1], routes)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield running
        finally:
            server.shutdown()
            thread.join()
            for call in running.calls:
                with suppress(OSError):
                    call.sock.shutdown(socket.SHUT_RDWR)


@cache
def music(kind: str, seconds: float = SECONDS) -> bytes:
    """A chord, coded as stations code it: mp3, aac, ogg, opus or flac."""
    samples = np.repeat(chord(seconds, rate_hz=RATE_HZ, level=0.5)[:, None], 2, axis=1)
    if kind == "aac":
        return _aac(samples)
    if kind == "opus":
        samples = np.repeat(chord(seconds, rate_hz=48_000, level=0.5)[:, None], 2, axis=1)
        return encoded(samples, rate_hz=48_000, format="OGG", subtype="OPUS")
    return encoded(samples, rate_hz=RATE_HZ, format=kind.upper())


def _aac(samples: np.ndarray) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="adts") as container:
        stream = container.add_stream("aac", rate=RATE_HZ, layout="stereo")
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples.T), format="fltp", layout="stereo")
        frame.sample_rate = RATE_HZ
        for packet in [*stream.encode(frame), *stream.encode(None)]:
            container.mux(packet)
    return file.getvalue()


def station(
    kind: str = "mp3",
    *,
    content_type: str = "audio/mpeg",
    titles: tuple[str, ...] = (),
    n_bytes: int | None = None,
    speed: float = 1000.0,
    burst_seconds: float = 0.0,
    status: str = "HTTP/1.0 200 OK",
    interval: int = 8192,
) -> Route:
    """A station that repeats the chord, `speed` times as fast as it plays, until `n_bytes` have gone out."""
    content = music(kind)
    bytes_per_second = len(content) / SECONDS

    def route(call: Call) -> None:
        wants_titles = bool(titles) and call.headers.get("icy-metadata") == "1"
        more = [f"icy-metaint: {interval}"] if wants_titles else []
        call.head(f"Content-Type: {content_type}", "icy-name: Chord FM", "icy-genre: drone", *more, status=status)
        begun, sent, n_titles = time.monotonic(), 0, 0
        while n_bytes is None or sent < n_bytes:
            place = sent % len(content)
            piece = content[place : place + interval]
            if wants_titles and len(piece) < interval:
                piece += content[: interval - len(piece)]
            call.send(piece)
            sent += len(piece)
            if wants_titles:
                call.send(metadata(titles[min(n_titles, len(titles) - 1)] if n_titles % 2 == 0 else ""))
                n_titles += 1
            due = begun + (sent / bytes_per_second - burst_seconds) / speed
            time.sleep(max(0.0, due - time.monotonic()))

    return route


def metadata(title: str) -> bytes:
    """A piece of ICY metadata; empty where nothing changed."""
    said = f"StreamTitle='{title}';StreamUrl='';".encode() if title else b""
    n_units = -(-len(said) // 16)
    return bytes([n_units]) + said.ljust(16 * n_units, b"\0")
