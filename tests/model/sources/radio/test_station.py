"""Tuning in: redirects, playlists and titles are followed; what leads astray is refused in words."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

import pytest

from model.errors import RadioError, StationLostError
from model.sources.radio import client as client_module
from model.sources.radio.client import Client
from model.sources.radio.icy import IcyReader, printable, title_in
from model.sources.radio.playlists import entry
from model.sources.radio.station import tune_in
from tests.stations import PUBLIC, Call, Route, Server, metadata, music, serving, station


def moved(location: str) -> Route:
    return lambda call: call.head(f"Location: {location}", "Content-Length: 0", status="HTTP/1.1 302 Found")


def answer(content: bytes, content_type: str) -> Route:
    def route(call: Call) -> None:
        call.head(f"Content-Type: {content_type}", f"Content-Length: {len(content)}")
        call.send(content)

    return route


def endless_headers(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\n")
    for number in itertools.count():
        call.send(f"X-{number}: {'x' * 1000}\r\n".encode())


def slow_headers(call: Call) -> None:
    call.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        call.send(b"x")
        time.sleep(0.02)


def chunked(call: Call) -> None:
    call.head("Content-Type: audio/mpeg", "Transfer-Encoding: chunked", status="HTTP/1.1 200 OK")
    content = music("mp3")
    for start in range(0, 20_000, 1_000):
        call.send(b"3e8\r\n" + content[start : start + 1_000] + b"\r\n")


ROUTES: dict[str, Route] = {
    "live": station(n_bytes=40_000),
    "icy": station(n_bytes=40_000, status="ICY 200 OK", titles=("Ella",)),
    "moved": moved("/live"),
    "round": moved("/round"),
    "inward": moved("http://127.0.0.1:{port}/live"),
    "rebound": moved("http://rebinding.example/live"),
    "nowhere": lambda call: call.head(status="HTTP/1.1 302 Found"),
    "file": moved("file:///etc/passwd"),
    "list": answer(b"#EXTM3U\r\n#EXTINF:-1,Chord FM\r\nlive\r\n", "audio/x-mpegurl"),
    "pls": answer(b"[playlist]\nNumberOfEntries=1\nFile1=/live\n", "audio/x-scpls"),
    "inside": answer(b"http://[::ffff:127.0.0.1]:8000/", "audio/x-mpegurl"),
    "hls": answer(b"#EXTM3U\n#EXT-X-TARGETDURATION:6\n#EXTINF:6,\na.ts\n", "application/vnd.apple.mpegurl"),
    "nothing": answer(b"#EXTM3U\n", "audio/x-mpegurl"),
    "long": answer(b"# and so on\n" * 10_000, "audio/x-mpegurl"),
    "page": answer(b"<html>", "text/html; charset=utf-8"),
    "broken": lambda call: call.head(status="HTTP/1.1 503 Service Unavailable"),
    "babble": lambda call: call.send(b"SSH-2.0-OpenSSH\r\n"),
    "closed": lambda call: None,
    "headers": endless_headers,
    "slow": slow_headers,
    "chunked": chunked,
}


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(**ROUTES) as server:
        server.routes["inward"] = moved(server.url("/live"))
        yield server


@pytest.mark.parametrize("path", ["/live", "/moved", "/list.m3u", "/pls", "/icy", "/chunked"])
def test_every_way_to_a_station_leads_to_its_sound(server: Server, path: str) -> None:
    station = tune_in(f"http://radio.example:8000{path}", server.public_client(), may_be_private=False)
    content = b""
    while len(content) < 20_000 and (more := station.reader.read(4096)):
        content += more
    station.answer.close()
    assert content[:20_000] == music("mp3")[:20_000]
    if path != "/chunked":
        assert (station.name, station.genre, station.has_end) == ("Chord FM", "drone", False)
    assert station.reader.title == ("Ella" if path == "/icy" else None)
    asked = server.calls[-1].headers
    assert asked["host"] == "radio.example:8000"
    assert asked["icy-metadata"] == "1"


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("/inward", "private network, which is not allowed"),
        ("/inside", "private network, which is not allowed"),
        ("/file", "must begin with http"),
        ("/round", "leads on for more than"),
        ("/nowhere", "but not where"),
        ("/hls", "HLS"),
        ("/nothing", "names no station"),
        ("/long", "more than 64 KiB"),
        ("/page", "web page"),
        ("/gone", "status 404"),
        ("/babble", "not HTTP"),
        ("/headers", "not HTTP"),
    ],
)
def test_what_is_no_station_is_said(server: Server, path: str, sentence: str) -> None:
    with pytest.raises(RadioError, match=sentence) as caught:
        tune_in(f"http://radio.example{path}", server.public_client(), may_be_private=False)
    assert not isinstance(caught.value, StationLostError)


@pytest.mark.parametrize(("path", "sentence"), [("/broken", "status 503"), ("/closed", "broke off")])
def test_what_may_come_back_is_told_apart(server: Server, path: str, sentence: str) -> None:
    with pytest.raises(StationLostError, match=sentence):
        tune_in(f"http://radio.example{path}", server.public_client(), may_be_private=False)


def test_a_head_that_dribbles_in_is_waited_for_only_so_long(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "HEAD_SECONDS", 0.3)
    begun = time.monotonic()
    with pytest.raises(StationLostError, match="does not answer in time"):
        tune_in("http://radio.example/slow", server.public_client(), may_be_private=False)
    assert time.monotonic() - begun < 3


def test_a_station_that_falls_silent_is_lost(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "STALL_SECONDS", 0.2)
    server.routes["mute"] = lambda call: (call.head("Content-Type: audio/mpeg"), time.sleep(1))
    station = tune_in("http://radio.example/mute", server.public_client(), may_be_private=False)
    with pytest.raises(StationLostError, match="does not answer in time"):
        station.reader.read(1)
    station.answer.close()


def test_a_name_that_resolves_otherwise_the_second_time_gains_nothing(server: Server) -> None:
    """DNS rebinding: each name is resolved once a step, and what was checked is what is connected to."""
    asked: list[str] = []

    def resolver(host: str, port: int) -> list[tuple[int, tuple[str, int]]]:
        asked.append(host)
        return [(2, (PUBLIC if asked.count(host) == 1 else "127.0.0.1", port))]

    client = Client(resolver=resolver, connect=server.connect)
    station = tune_in("http://rebinding.example/live", client, may_be_private=False)
    station.answer.close()
    assert asked == ["rebinding.example"]
    with pytest.raises(RadioError, match="private network"):
        tune_in("http://rebinding.example/rebound", client, may_be_private=False)
    assert asked == ["rebinding.example"] * 2


def test_the_private_network_is_reached_only_from_within(server: Server) -> None:
    tune_in(server.url("/inward"), Client(), may_be_private=True).answer.close()
    with pytest.raises(RadioError, match="private network"):
        tune_in(server.url("/live"), Client(), may_be_private=False)
    with pytest.raises(RadioError, match="private network"):
        tune_in("http://radio.example/inward", server.public_client(), may_be_private=True)


def test_titles_are_taken_out_wherever_the_bytes_are_cut() -> None:
    content = b"a" * 10 + metadata("Ella") + b"b" * 10 + metadata("") + b"c" * 10 + metadata("Miles") + b"d" * 5

    class Dribbling:
        def __init__(self, size: int) -> None:
            self.size, self.place = size, 0

        def read(self, size: int, /) -> bytes:
            self.place += (n := min(size, self.size))
            return content[self.place - n : self.place]

    for size in range(1, 40):
        reader = IcyReader(Dribbling(size), 10)
        heard = [(more, reader.title) for more in iter(lambda reader=reader: reader.read(100), b"")]
        assert b"".join(more for more, _ in heard) == b"a" * 10 + b"b" * 10 + b"c" * 10 + b"d" * 5
        assert [title for title, _ in itertools.groupby(title for _, title in heard)] == [None, "Ella", "Miles"]


def test_a_strangers_words_are_made_fit_for_a_line() -> None:
    assert title_in(b"StreamTitle='It's \x1b[31mred';StreamUrl=''") == "It's [31mred"
    assert title_in("StreamTitle='Björk';".encode("latin-1")) == "Björk"
    assert title_in(b"StreamTitle='';") is None
    assert title_in(b"nonsense") is None
    assert printable("a\n\u202e b" + "c" * 300) == "a b" + "c" * 197


def test_the_first_entry_of_a_playlist_is_taken() -> None:
    assert entry(b"\xef\xbb\xbf# comment\n\nhttp://one/\nhttp://two/\n") == "http://one/"
    assert entry(b"[Playlist]\r\nTitle1=x\r\nfile1 = http://one/ \r\nFile2=http://two/\r\n") == "http://one/"
