"""The network hears the same in real audio as in the data it was trained on."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from model.audio.decode import decode
from model.audio.track import Track
from model.classifier import Classifier
from model.scorer import Scorer, State, WindowScore
from model.study.datasets.gtzan import load_columns
from model.summary import summarize
from model.windows import Window
from tests.gtzan import ROOT, needs_gtzan

WINDOW_COLUMNS = 38
HOP_COLUMNS = 39  # about 3 s
WINDOW_SAMPLES = 66_150


def _pairs(track: Track, columns_db: NDArray[np.float32]) -> list[tuple[Window, NDArray[np.float32]]]:
    """Windows of a track's audio, each with the stored columns of the same place.

    Column ``j`` of a clip is its centred frame ``floor((j + 0.5) * T / 387.5)`` of hop 512, as the data's notes say; a
    window's first frame has its centre 1024 samples after the window's start.
    """
    n_frames = 1 + len(track.samples) // 512
    pairs = []
    for first in range(1, len(columns_db) - WINDOW_COLUMNS, HOP_COLUMNS):
        start = int((first + 0.5) * n_frames / 387.5) * 512 - 1024
        end = start + WINDOW_SAMPLES
        if end > len(track.samples):
            break
        db = columns_db[first : first + WINDOW_COLUMNS]
        pairs.append((Window(len(pairs), start, end, track.samples[start:end]), np.maximum(db - db.max(), -80)))
    return pairs


def _track_genre(posteriors: list[NDArray[np.float32]]) -> int:
    scores = [WindowScore(0, 0, WINDOW_SAMPLES, posterior, State.MUSIC, -20.0) for posterior in posteriors]
    return int(summarize(scores, 10).probabilities.argmax())


@pytest.fixture(scope="module")
def agreement() -> tuple[float, float]:
    """Share of windows, and of tracks, decided alike from audio and from the stored log-mel."""
    files = sorted((ROOT / "audio").glob("*/*.flac"))
    assert len(files) == 60
    classifier = Classifier()
    scorer = Scorer(classifier)
    same_windows: list[bool] = []
    same_tracks: list[bool] = []
    for file in files:
        columns_db = load_columns(file.stem, ROOT)
        assert columns_db is not None
        windows, stored = zip(*_pairs(decode(file), columns_db), strict=True)
        from_audio = [score.probabilities for score in scorer.score_all(windows)]
        from_stored = list(classifier.posteriors(np.stack(stored)))
        same_windows += [bool(a.argmax() == b.argmax()) for a, b in zip(from_audio, from_stored, strict=True)]
        same_tracks.append(_track_genre(from_audio) == _track_genre(from_stored))
    scorer.close()
    assert len(same_windows) >= 500
    return float(np.mean(same_windows)), float(np.mean(same_tracks))


@needs_gtzan
def test_windows_are_decided_alike_from_audio_and_from_the_stored_log_mel(agreement: tuple[float, float]) -> None:
    assert agreement[0] >= 0.90


@needs_gtzan
def test_tracks_are_decided_alike_from_audio_and_from_the_stored_log_mel(agreement: tuple[float, float]) -> None:
    assert agreement[1] >= 0.97
