"""A station as a source: the numbers of the file, at its own pace, found again after it was lost."""

from __future__ import annotations

import io
import threading

import numpy as np
import pytest

from model.analyzer import Analyzer
from model.audio.decode import Piece, decode
from model.classifier import Classifier
from model.errors import RadioError, StationLostError
from model.scorer import Scorer, WindowScore
from model.sources.block import Source
from model.sources.follow import Gap, Title, follow
from model.sources.radio.radio import AHEAD_SECONDS, Lost, Missing, Radio
from tests.sounds import RATE_HZ
from tests.stations import SECONDS, Call, Route, music, serving, station

BURST_BYTES = 60_000  # Less than what Icecast sends at once to whoever joins.


class Clock:
    """Time that passes only while someone sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Pipe:
    """Bytes that cannot be gone back in."""

    def __init__(self, content: bytes) -> None:
        self.read = io.BytesIO(content).read


def file_of(kind: str, content_type: str) -> Route:
    def route(call: Call) -> None:
        content = music(kind)
        call.head(f"Content-Type: {content_type}", f"Content-Length: {len(content)}")
        call.send(content)

    return route


def tuned(url: str, clock: Clock | None = None) -> Radio:
    clock = clock or Clock()
    return Radio(url, rate_out_hz=RATE_HZ, may_be_private=True, clock=clock, sleep=clock.sleep)


@pytest.mark.parametrize(
    ("kind", "content_type"),
    [("mp3", "audio/mpeg"), ("aac", "audio/aacp"), ("ogg", "application/ogg"), ("opus", "audio/ogg"), ("flac", "")],
)
def test_every_coding_gives_the_sound_of_its_bytes(kind: str, content_type: str) -> None:
    with serving(sound=file_of(kind, content_type)) as server:
        radio: Source = tuned(server.url("/sound"))
        blocks = list(radio.blocks())
    heard = np.concatenate([block.samples for block in blocks])
    np.testing.assert_array_equal(heard, decode(Pipe(music(kind))).samples)
    assert [block.start_sample for block in blocks[1:]] == [block.end_sample for block in blocks[:-1]]


@pytest.mark.parametrize(("kind", "content_type"), [("mp3", "audio/mpeg"), ("aac", "audio/aacp")])
def test_a_station_joined_in_mid_frame_is_heard_with_the_first_burst(kind: str, content_type: str) -> None:
    is_heard, has_ended = threading.Event(), threading.Event()

    def route(call: Call) -> None:
        call.head(f"Content-Type: {content_type}")
        call.send((4 * music(kind))[1_001 : 1_001 + BURST_BYTES])
        is_heard.wait(5)  # Nothing more comes: what a station sends later comes as slowly as it plays.
        has_ended.set()

    with serving(live=route) as server:
        radio = tuned(server.url("/live"))
        piece = next(iter(radio.sound()))
        assert not has_ended.is_set()
        is_heard.set()
        radio.close()
    assert isinstance(piece, Piece)
    assert len(piece.heard)


def test_a_file_comes_no_faster_than_it_plays() -> None:
    clock = Clock()
    with serving(sound=file_of("mp3", "audio/mpeg")) as server:
        ends = [(block.end_sample / RATE_HZ, clock.now - 100) for block in tuned(server.url("/sound"), clock).blocks()]
    assert all(end - passed <= AHEAD_SECONDS + 1 for end, passed in ends)
    assert clock.now - 100 == pytest.approx(SECONDS - AHEAD_SECONDS, abs=1)


def test_a_station_that_breaks_off_is_found_again_and_the_gap_is_told() -> None:
    clock = Clock()
    with serving(live=station(n_bytes=100_000, titles=("Ella", "Miles"))) as server:
        radio = tuned(server.url("/live"), clock)
        assert (radio.name, radio.genre) == ("Chord FM", "drone")
        heard = []
        for event in radio.sound():
            heard.append(event)
            if sum(isinstance(each, Missing) for each in heard) == 2:
                radio.close()
    lost = [each for each in heard if isinstance(each, Lost)]
    missing = [each for each in heard if isinstance(each, Missing)]
    assert "ended the connection" in lost[0].reason
    assert [each.seconds for each in missing] == pytest.approx([0.5, 0.5], abs=0.5)
    assert radio.title in ("Ella", "Miles")


def test_gaps_and_titles_lie_in_the_scores_where_they_lie_in_the_sound() -> None:
    clock, scorer = Clock(), Scorer(Classifier())
    with serving(live=station(n_bytes=100_000, titles=("Ella",))) as server:
        radio = tuned(server.url("/live"), clock)
        events = []
        for event in follow(radio, Analyzer(scorer, hop_seconds=0.5)):
            events.append(event)
            if isinstance(event, WindowScore) and any(isinstance(each, Gap) for each in events):
                radio.close()
    scorer.close()
    assert events[0] == Title(0, "Ella")
    (gap,) = (each for each in events if isinstance(each, Gap))
    assert 0.4 < (gap.end_sample - gap.start_sample) / RATE_HZ < 1.5
    scores = [each for each in events if isinstance(each, WindowScore)]
    assert all(score.end_sample <= gap.start_sample or score.start_sample >= gap.end_sample for score in scores)


def test_a_station_that_does_not_come_back_is_given_up() -> None:
    clock = Clock()
    with serving(live=station(n_bytes=60_000)) as server:
        radio = tuned(server.url("/live"), clock)
        events = radio.sound()
        assert isinstance(next(events), Piece)
        server.routes.clear()
        with pytest.raises(StationLostError, match=r"did not come back within 5 minutes: .* status 404"):
            list(events)
    assert 300 < clock.now - 100 < 330


@pytest.mark.parametrize("content", [b"Dear listener, this is no sound.\n" * 3000, b"", bytes(200_000)])
def test_what_is_no_sound_is_said(content: bytes) -> None:
    def route(call: Call) -> None:
        call.head("Content-Type: audio/mpeg")
        call.send(content)

    with serving(live=route) as server, pytest.raises(RadioError):
        list(tuned(server.url("/live")).blocks())


def test_a_slow_station_is_not_hurried_after_afterwards() -> None:
    clock = Clock()
    with serving(sound=file_of("flac", "audio/flac")) as server:
        radio = tuned(server.url("/sound"), clock)
        blocks = radio.blocks()
        next(blocks)
        clock.now += 60  # nothing came for a minute
        ends = [(block.end_sample / RATE_HZ, clock.now - 160) for block in blocks]
    assert all(end - passed <= AHEAD_SECONDS + 1 for end, passed in ends)
