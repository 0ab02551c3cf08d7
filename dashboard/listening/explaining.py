"""Why a window of a track sounds like a genre, as the page and programs read it."""

from __future__ import annotations

import base64
from typing import TypedDict

import numpy as np

from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from dashboard.listening.moment import window_of
from model.result import ModelIdentity, model_identity
from model.scorer import Scorer


class ExplanationMessage(TypedDict):
    """What in a window speaks for a genre and what against it.

    `relevance` holds signed bytes in base64, row by row from the lowest band, a byte a frame: 127 for a cell that adds
    `largest` to the genre's log-odds, -127 for one that takes as much from them. Frame `i` is centred at sample
    `start + frame_samples / 2 + i * hop_samples`.
    """

    index: int
    start: int
    end: int
    genre: str
    probability: float
    log_odds: float
    frames: int
    bands: int
    frame_samples: int
    hop_samples: int
    largest: float
    relevance: str
    model: ModelIdentity


def explanation(
    sounds: Sounds, record: TrackRecord, scorer: Scorer, index: int, genre: str | None, hop_seconds: float
) -> ExplanationMessage:
    """Explain one window of a track.

    Parameters
    ----------
    sounds : Sounds
        Decodes the track.
    record : TrackRecord
        The track.
    scorer : Scorer
        The model.
    index : int
        Number of the window, as in the scores.
    genre : str or None
        The genre to ask about; the window's leading one without it.
    hop_seconds : float
        Distance between windows.

    Returns
    -------
    ExplanationMessage
        As the contract has it.

    Raises
    ------
    ExplanationError
        If the window is silence, or the model has no explainer.
    ParameterError
        If there is no such window, or no such genre.
    """
    window = window_of(sounds, record, scorer, index, hop_seconds)
    reasons = scorer.explain(window, genre)
    card = scorer.classifier.card
    features = card.params.features
    largest = float(np.abs(reasons.relevance).max())
    steps = np.rint(127 * reasons.relevance / max(largest, 1e-30)).astype(np.int8)
    n_frames, n_bands = steps.shape
    return {
        "index": index,
        "start": window.start_sample,
        "end": window.end_sample,
        "genre": reasons.genre,
        "probability": reasons.probability,
        "log_odds": reasons.log_odds,
        "frames": n_frames,
        "bands": n_bands,
        "frame_samples": features.n_fft,
        "hop_samples": features.hop_length,
        "largest": largest,
        "relevance": base64.b64encode(steps.T.tobytes()).decode("ascii"),
        "model": model_identity(card),
    }
