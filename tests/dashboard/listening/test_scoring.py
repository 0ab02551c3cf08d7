"""Shared scoring: once for all readers, in order, and stopped when nobody listens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from dashboard.decoding.decoders import shared_decoders
from dashboard.errors import BusyError, ScoringError
from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from dashboard.listening.scoring import Reader, Scoring
from model.analyzer import Analyzer
from model.audio.decode import decode
from model.audio.limits import Limits
from model.classifier import Classifier
from model.errors import AudioTooShortError, ParameterError, UnsupportedAudioError
from model.params import AudioParams
from model.scorer import Scorer, WindowScore
from model.windows import Window, window_starts
from tests.checkpoints import tiny_checkpoint
from tests.dashboard.records import track_record


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
    return Sounds(AudioParams(), Limits(), decoders=shared_decoders(), cache_bytes=10**7, max_jobs=2)


@pytest.fixture
def scoring(scorer: Gate, sounds: Sounds) -> Iterator[Scoring]:
    scoring = Scoring(sounds, cache_bytes=10**6, max_jobs=1, max_waiting=1)
    yield scoring
    scorer.opened.set()
    scoring.close()


@pytest.fixture
def song(tmp_path: Path) -> TrackRecord:
    return track_record(tmp_path)


def read(reader: Reader) -> list[WindowScore]:
    scores = [window.score for window in reader.windows()]
    reader.close()
    return scores


def is_whole(scores: list[WindowScore], song: TrackRecord, hop_samples: int = 11_025) -> bool:
    starts = window_starts(song.duration_samples, window_samples=66_150, hop_samples=hop_samples)
    return [score.start_sample for score in scores] == list(starts)


def test_windows_come_in_order_with_the_track_so_far(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    reader = scoring.open(song, scorer, 0.5)
    windows = list(reader.windows())
    assert is_whole([window.score for window in windows], song)
    assert [window.so_far.n_windows for window in windows] == list(range(1, len(windows) + 1))
    assert reader.so_far is windows[-1].so_far
    assert (reader.record, reader.card, reader.hop_samples) == (song, scorer.classifier.card, 11_025)
    reader.close()


def test_scores_are_those_of_the_core(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    found = read(scoring.open(song, scorer, 0.7))
    expected = list(Analyzer(scorer, hop_seconds=0.7).analyze(decode(song.path)))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert (one.start_sample, one.state) == (other.start_sample, other.state)
        assert np.array_equal(one.probabilities, other.probabilities)


def test_two_readers_share_one_computation(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    scorer.stop_at = 4
    readers = [scoring.open(song, scorer, 0.5) for _ in range(5)]
    with ThreadPoolExecutor(5) as threads:
        results = [threads.submit(read, reader) for reader in readers]
        scorer.opened.set()
        streams = [result.result(20) for result in results]
    assert all(one is other for stream in streams for one, other in zip(stream, streams[0], strict=True))
    assert scorer.n_scored == len(streams[0])


def test_a_late_reader_gets_at_once_what_there_is(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    scorer.stop_at = 6
    early = scoring.open(song, scorer, 0.5)
    heard = early.windows()
    first = [next(heard) for _ in range(3)]
    late = scoring.open(song, scorer, 0.5)
    there = late.blocks()
    assert next(there)[:3] == first
    scorer.opened.set()
    assert is_whole([window.score for window in [*first, *heard]], song)
    assert is_whole(read(late), song)  # a reader may begin again
    early.close()


def test_a_reader_who_leaves_stops_nothing_for_others(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    scorer.stop_at = 4
    leaver, stayer = scoring.open(song, scorer, 0.5), scoring.open(song, scorer, 0.5)
    next(leaver.blocks())
    leaver.close()
    leaver.close()  # twice is once
    scorer.opened.set()
    assert is_whole(read(stayer), song)


def test_work_nobody_waits_for_is_stopped_and_can_begin_anew(scoring: Scoring, scorer: Gate, tmp_path: Path) -> None:
    song = track_record(tmp_path, seconds=30)
    scorer.stop_at = 4
    reader = scoring.open(song, scorer, 0.1)
    next(reader.blocks())
    reader.close()
    scorer.opened.set()
    scores = read(scoring.open(song, scorer, 0.5))
    assert is_whole(scores, song)
    assert scorer.n_scored < 100 + len(scores)  # of 271 at the short hop


def test_who_comes_after_the_close_is_told_so(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    scoring.close()
    with pytest.raises(BusyError, match="being stopped"):
        scoring.open(song, scorer, 0.5)


def test_finished_scores_are_kept(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    first = read(scoring.open(song, scorer, 3.0))
    n_scored = scorer.n_scored
    assert read(scoring.open(song, scorer, 3.0)) == first
    assert scorer.n_scored == n_scored


def test_kept_scores_are_bounded(scorer: Gate, sounds: Sounds, tmp_path: Path) -> None:
    scoring = Scoring(sounds, cache_bytes=6000, max_jobs=1, max_waiting=1)
    songs = [track_record(tmp_path, number) for number in range(4)]
    for song in songs:
        read(scoring.open(song, scorer, 3.0))
    n_scored = scorer.n_scored
    read(scoring.open(songs[-1], scorer, 3.0))
    assert scorer.n_scored == n_scored
    read(scoring.open(songs[0], scorer, 3.0))
    assert scorer.n_scored > n_scored
    scoring.close()


def test_another_hop_is_another_scoring(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    assert len(read(scoring.open(song, scorer, 3.0))) < len(read(scoring.open(song, scorer, 0.5)))


def test_a_hop_out_of_range_is_refused(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    for hop_seconds in (0.0, -1.0, 3.1, float("nan"), float("inf")):
        with pytest.raises(ParameterError):
            scoring.open(song, scorer, hop_seconds)


def test_too_many_tracks_at_once_are_refused(scoring: Scoring, scorer: Gate, tmp_path: Path) -> None:
    scorer.stop_at = 0
    songs = [track_record(tmp_path, number) for number in range(3)]
    readers = [scoring.open(song, scorer, 3.0) for song in songs[:2]]
    with pytest.raises(BusyError):
        scoring.open(songs[2], scorer, 3.0)
    scorer.opened.set()
    for song, reader in zip(songs, readers, strict=False):
        assert is_whole(read(reader), song, 66_150)
    assert is_whole(read(scoring.open(songs[2], scorer, 3.0)), songs[2], 66_150)


def test_a_fault_is_raised_to_the_reader_and_forgotten(scoring: Scoring, scorer: Gate, song: TrackRecord) -> None:
    content = song.path.read_bytes()
    song.path.write_bytes(b"no sound at all")
    with pytest.raises(UnsupportedAudioError):
        read(scoring.open(song, scorer, 3.0))
    song.path.write_bytes(content)
    assert is_whole(read(scoring.open(song, scorer, 3.0)), song, 66_150)


def test_an_unforeseen_fault_says_nothing_of_the_inside(
    scoring: Scoring,
    scorer: Gate,
    song: TrackRecord,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Gate, "score", fail)
    with pytest.raises(ScoringError) as raised:
        read(scoring.open(song, scorer, 3.0))
    assert "secret" not in str(raised.value)
    assert "secret" in caplog.text


def test_closing_lets_no_reader_wait(scoring: Scoring, scorer: Gate, tmp_path: Path) -> None:
    scorer.stop_at = 2
    readers = [scoring.open(track_record(tmp_path, number), scorer, 0.5) for number in range(2)]
    closing = threading.Thread(target=scoring.close)
    closing.start()
    scorer.opened.set()
    for reader in readers:
        with pytest.raises(BusyError):
            read(reader)
    closing.join(20)
    assert not closing.is_alive()


def test_another_model_is_another_scoring_and_each_is_kept(
    scoring: Scoring, scorer: Gate, song: TrackRecord, tmp_path: Path
) -> None:
    other = Gate(Classifier(tiny_checkpoint(tmp_path / "tiny", ("a", "b"), window_seconds=5.0)))
    first, second = read(scoring.open(song, scorer, 0.5)), read(scoring.open(song, other, 0.5))
    assert (first[0].end_sample, second[0].end_sample) == (66_150, 110_250)
    assert (len(first[0].probabilities), len(second[0].probabilities)) == (10, 2)
    n_scored = scorer.n_scored, other.n_scored
    assert read(scoring.open(song, scorer, 0.5)) == first
    assert read(scoring.open(song, other, 0.5)) == second
    assert (scorer.n_scored, other.n_scored) == n_scored
    other.close()


def test_a_track_shorter_than_the_models_window_is_refused(
    scoring: Scoring, scorer: Gate, sounds: Sounds, tmp_path: Path
) -> None:
    song = track_record(tmp_path, seconds=3.0)
    other = Gate(Classifier(tiny_checkpoint(tmp_path / "tiny", ("a", "b"), window_seconds=5.0)))
    assert len(read(scoring.open(song, scorer, 0.5))) == 1
    with pytest.raises(AudioTooShortError, match=r"Song lasts 3\.0 s; tiny hears 5 s at a time"):
        scoring.open(song, other, 0.5)
    other.close()
