"""Shared scoring: once for all readers, in order, and stopped when nobody listens."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from dashboard.errors import BusyError
from dashboard.library.record import Entry
from dashboard.library.sounds import Sounds
from dashboard.listening.scoring import Reader, Scoring
from model.analyzer import Analyzer
from model.audio.decode import decode
from model.audio.limits import Limits
from model.audio.track import Track
from model.classifier import Classifier
from model.errors import AudioTooShortError, ParameterError
from model.params import AudioParams
from model.scorer import Scorer, WindowScore
from model.windows import Window
from tests.checkpoints import tiny_checkpoint
from tests.sounds import chord, encoded, write


class Gate(Scorer):
    """A scorer that counts, and that waits at a window until it is opened."""

    def __init__(self, classifier: Classifier) -> None:
        super().__init__(classifier, n_workers=1)
        self.n_scored = 0
        self.stop_at = 10**9
        self.opened = threading.Event()

    def score(self, window: Window) -> WindowScore:
        if window.index >= self.stop_at:
            self.opened.wait(20)
        self.n_scored += 1
        return super().score(window)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier()


@pytest.fixture
def scorer(classifier: Classifier) -> Iterator[Gate]:
    gate = Gate(classifier)
    yield gate
    gate.opened.set()
    gate.close()


@pytest.fixture
def sounds() -> Sounds:
    return Sounds(AudioParams(), Limits(), cache_bytes=10**7, max_jobs=2)


@pytest.fixture
def scoring(scorer: Gate, sounds: Sounds) -> Iterator[Scoring]:
    scoring = Scoring(sounds, cache_bytes=10**6, max_jobs=1, max_waiting=1)
    yield scoring
    scorer.opened.set()
    scoring.close()


def entry(tmp_path: Path, number: int = 0, seconds: float = 9.1) -> Entry:
    path = write(tmp_path / f"{number}.wav", encoded(chord(seconds + number)))
    n_samples = round((seconds + number) * 22_050)
    return Entry(f"{number:032x}", "Song", "sample", path, tmp_path / "played.wav", n_samples, "WAV PCM_16")


@pytest.fixture
def song(tmp_path: Path) -> Entry:
    return entry(tmp_path)


def read(reader: Reader) -> list[dict]:
    messages = [json.loads(line) for line in reader.lines()]
    reader.close()
    return messages


def test_a_stream_is_header_windows_summary_end(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    messages = read(scoring.open(song, scorer, 0.5))
    kinds = [message["type"] for message in messages]
    assert kinds == ["header", *["window"] * messages[0]["n_windows"], "summary", "end"]
    assert [message["index"] for message in messages[1:-2]] == list(range(messages[0]["n_windows"]))
    assert messages[-3]["end"] == messages[0]["duration_samples"]
    assert messages[-3]["so_far"]["p"] == messages[-2]["p"]


def test_streamed_scores_are_those_of_the_core(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    messages = read(scoring.open(song, scorer, 0.7))[1:-2]
    scores = list(Analyzer(scorer, hop_seconds=0.7).analyze(decode(song.path)))
    assert len(messages) == len(scores)
    for message, score in zip(messages, scores, strict=True):
        assert (message["start"], message["state"]) == (score.start_sample, score.state.value)
        assert np.array_equal(np.array(message["p"], np.float32), score.probabilities)


def test_two_readers_share_one_computation(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    scorer.stop_at = 4
    readers = [scoring.open(song, scorer, 0.5) for _ in range(5)]
    with ThreadPoolExecutor(5) as threads:
        results = [threads.submit(read, reader) for reader in readers]
        scorer.opened.set()
        streams = [result.result(20) for result in results]
    assert all(stream == streams[0] for stream in streams)
    assert scorer.n_scored == streams[0][0]["n_windows"]


def test_a_late_reader_gets_at_once_what_there_is(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    scorer.stop_at = 6
    early = scoring.open(song, scorer, 0.5)
    heard = early.lines()
    first = [next(heard) for _ in range(4)]
    late = scoring.open(song, scorer, 0.5)
    assert next(late.blocks())[:4] == first
    scorer.opened.set()
    assert list(heard) == read_lines(late)[4:]
    early.close()


def read_lines(reader: Reader) -> list[bytes]:
    lines = list(reader.lines())
    reader.close()
    return lines


def test_a_reader_who_leaves_stops_nothing_for_others(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    scorer.stop_at = 4
    leaver, stayer = scoring.open(song, scorer, 0.5), scoring.open(song, scorer, 0.5)
    next(leaver.blocks())
    leaver.close()
    leaver.close()  # twice is once
    scorer.opened.set()
    assert read(stayer)[-1] == {"type": "end"}


def test_work_nobody_waits_for_is_stopped_and_can_begin_anew(scoring: Scoring, scorer: Gate, tmp_path: Path) -> None:
    song = entry(tmp_path, seconds=30)
    scorer.stop_at = 4
    reader = scoring.open(song, scorer, 0.1)
    next(reader.blocks())
    reader.close()
    scorer.opened.set()
    messages = read(scoring.open(song, scorer, 0.5))
    assert messages[-1] == {"type": "end"}
    assert scorer.n_scored < 100 + messages[0]["n_windows"]  # of 271 at the short hop


def test_finished_scores_are_kept(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    first = read(scoring.open(song, scorer, 3.0))
    n_scored = scorer.n_scored
    assert read(scoring.open(song, scorer, 3.0)) == first
    assert scorer.n_scored == n_scored


def test_kept_scores_are_bounded(scorer: Gate, sounds: Sounds, tmp_path: Path) -> None:
    scoring = Scoring(sounds, cache_bytes=6000, max_jobs=1, max_waiting=1)
    songs = [entry(tmp_path, number) for number in range(4)]
    for song in songs:
        read(scoring.open(song, scorer, 3.0))
    n_scored = scorer.n_scored
    read(scoring.open(songs[-1], scorer, 3.0))
    assert scorer.n_scored == n_scored
    read(scoring.open(songs[0], scorer, 3.0))
    assert scorer.n_scored > n_scored
    scoring.close()


def test_another_hop_is_another_scoring(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    assert read(scoring.open(song, scorer, 3.0))[0]["n_windows"] < read(scoring.open(song, scorer, 0.5))[0]["n_windows"]


def test_a_hop_out_of_range_is_refused(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    for hop_seconds in (0.0, -1.0, 3.1, float("nan"), float("inf")):
        with pytest.raises(ParameterError):
            scoring.open(song, scorer, hop_seconds)


def test_too_many_tracks_at_once_are_refused(scoring: Scoring, scorer: Gate, tmp_path: Path) -> None:
    scorer.stop_at = 0
    readers = [scoring.open(entry(tmp_path, number), scorer, 3.0) for number in range(2)]
    with pytest.raises(BusyError):
        scoring.open(entry(tmp_path, 2), scorer, 3.0)
    scorer.opened.set()
    for reader in readers:
        assert read(reader)[-1] == {"type": "end"}
    assert read(scoring.open(entry(tmp_path, 2), scorer, 3.0))[-1] == {"type": "end"}


def test_a_fault_ends_the_stream_with_its_problem(scoring: Scoring, scorer: Gate, song: Entry) -> None:
    song.path.write_bytes(b"no sound at all")
    messages = read(scoring.open(song, scorer, 3.0))
    assert messages[0]["type"] == "error"
    assert messages[0]["problem"]["status"] == 415
    song.path.write_bytes(encoded(chord(4.0)))
    assert read(scoring.open(song, scorer, 3.0))[-1] == {"type": "end"}


def test_an_unforeseen_fault_tells_nothing_of_the_inside(
    scoring: Scoring, scorer: Gate, song: Entry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Gate, "score", fail)
    message = read(scoring.open(song, scorer, 3.0))[-1]
    assert message["problem"]["status"] == 500
    assert "secret" not in json.dumps(message)
    assert "secret" in caplog.text


def test_closing_lets_no_reader_wait(scoring: Scoring, scorer: Gate, tmp_path: Path) -> None:
    scorer.stop_at = 2
    readers = [scoring.open(entry(tmp_path, number), scorer, 0.5) for number in range(2)]
    closing = threading.Thread(target=scoring.close)
    closing.start()
    scorer.opened.set()
    for reader in readers:
        assert not any(line == b'{"type":"end"}\n' for line in reader.lines())
    closing.join(20)
    assert not closing.is_alive()


def test_a_track_is_decoded_once_for_all_who_ask(sounds: Sounds, song: Entry, monkeypatch: pytest.MonkeyPatch) -> None:
    n_decoded = 0

    def slow_decode(*arguments: object, **options: object) -> Track:
        nonlocal n_decoded
        n_decoded += 1
        return decode(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("dashboard.library.sounds.decode", slow_decode)
    with ThreadPoolExecutor(8) as threads:
        tracks = list(threads.map(sounds.track, [song] * 8))
    assert n_decoded == 1
    assert all(track is tracks[0] for track in tracks)


def test_decoded_sound_is_bounded(tmp_path: Path) -> None:
    sounds = Sounds(AudioParams(), Limits(), cache_bytes=1_200_000, max_jobs=2)
    for number in range(4):
        sounds.track(entry(tmp_path, number))
    assert sum(track.samples.nbytes for track in sounds._kept.values()) <= 1_200_000
    assert len(sounds._in_use) == len(sounds._kept) == 1


def test_sound_for_playing_is_written_once_and_whole(sounds: Sounds, song: Entry, tmp_path: Path) -> None:
    song = replace(song, played_path=tmp_path / "elsewhere.wav")
    with ThreadPoolExecutor(4) as threads:
        paths = set(threads.map(sounds.played, [song] * 4))
    assert paths == {song.played_path}
    assert not list(tmp_path.glob("part-*"))
    np.testing.assert_allclose(decode(song.played_path).samples, sounds.track(song).samples, atol=1e-4)


def test_another_model_is_another_scoring_and_each_is_kept(
    scoring: Scoring, scorer: Gate, song: Entry, tmp_path: Path
) -> None:
    other = Gate(Classifier(tiny_checkpoint(tmp_path / "tiny", ("a", "b"), window_seconds=5.0)))
    first, second = read(scoring.open(song, scorer, 0.5)), read(scoring.open(song, other, 0.5))
    assert (first[0]["model"]["name"], second[0]["model"]["name"]) == ("two_block", "tiny")
    assert (second[0]["window_samples"], second[0]["genres"]) == (110_250, ["a", "b"])
    assert second[1]["end"] == 110_250
    n_scored = scorer.n_scored, other.n_scored
    assert read(scoring.open(song, scorer, 0.5)) == first
    assert read(scoring.open(song, other, 0.5)) == second
    assert (scorer.n_scored, other.n_scored) == n_scored
    other.close()


def test_a_track_shorter_than_the_models_window_is_refused(
    scoring: Scoring, scorer: Gate, sounds: Sounds, tmp_path: Path
) -> None:
    song = entry(tmp_path, seconds=3.0)
    other = Gate(Classifier(tiny_checkpoint(tmp_path / "tiny", ("a", "b"), window_seconds=5.0)))
    assert read(scoring.open(song, scorer, 0.5))[0]["n_windows"] == 1
    with pytest.raises(AudioTooShortError, match=r"Song lasts 3\.0 s; tiny hears 5 s at a time"):
        scoring.open(song, other, 0.5)
    other.close()
