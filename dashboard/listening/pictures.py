"""What the page draws of a track's sound: its waveform's peaks and a log-mel picture."""

from __future__ import annotations

import base64
import math
from dataclasses import replace
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from model.audio.track import Track
from model.features import LogMel
from model.mel import band_centres_hz
from model.params import ModelParams

_MOST_FRAMES_AT_A_TIME: Final = 256
_LONGEST_FRAME_HOP: Final = 1024
_SHORTEST_FRAME_HOP: Final = 256


class Peaks(TypedDict):
    """The extremes of equal parts of a track, in -1 to 1."""

    n: int
    min: list[float]
    max: list[float]


class Spectrogram(TypedDict):
    """A log-mel picture; `db` holds bytes in base64, row by row from the lowest band, 255 for the maximum."""

    columns: int
    bands: int
    hop_samples: int
    duration_samples: int
    centre_hz: list[float]
    floor_db: float
    db: str


def peaks(track: Track, n: int) -> Peaks:
    """Find the extremes of each part of a track.

    Parameters
    ----------
    track : Track
        The sound.
    n : int
        Number of parts; fewer if there are fewer samples.

    Returns
    -------
    Peaks
        Rounded to three decimals; part ``i`` starts at sample ``i * n_samples // n``.
    """
    samples = track.samples
    n = min(n, len(samples))
    starts = np.arange(n) * len(samples) // n
    lowest, highest = (
        np.clip(extreme.reduceat(samples, starts), -1, 1).round(3) + np.float32(0)  # no -0.0
        for extreme in (np.minimum, np.maximum)
    )
    return {"n": n, "min": _decimals(lowest), "max": _decimals(highest)}


def spectrogram(track: Track, params: ModelParams, columns: int) -> Spectrogram:
    """Paint a track's log-mel spectrogram, with the frames and bands that the model hears.

    Column ``c`` shows, band by band, the loudest of the frames whose centres lie in samples ``c * hop_samples`` to
    ``(c + 1) * hop_samples``; beyond the track's ends there is silence.

    Parameters
    ----------
    track : Track
        The sound.
    params : ModelParams
        The model's frames and bands.
    columns : int
        Most columns wanted.

    Returns
    -------
    Spectrogram
        dB below the track's maximum, floored at -80 dB.
    """
    n_samples = len(track.samples)
    frames_per_column = max(1, math.ceil(n_samples / columns / _LONGEST_FRAME_HOP))
    frame_hop = max(_SHORTEST_FRAME_HOP, math.ceil(n_samples / columns / frames_per_column))
    column_hop = frame_hop * frames_per_column
    n_columns = math.ceil(n_samples / column_hop)
    features = replace(params.features, hop_length=frame_hop)
    log_mel = LogMel(replace(params, features=features))
    loudest = np.empty((n_columns, features.n_mels), np.float32)
    columns_at_a_time = max(1, _MOST_FRAMES_AT_A_TIME // frames_per_column)
    for first in range(0, n_columns, columns_at_a_time):
        n = min(columns_at_a_time, n_columns - first)
        start = first * column_hop + frame_hop // 2 - features.n_fft // 2
        stretch = _padded(track.samples, start, (n * frames_per_column - 1) * frame_hop + features.n_fft)
        power = log_mel.mel_power(stretch)
        loudest[first : first + n] = power.reshape(n, frames_per_column, -1).max(axis=1)
    floor_db = features.floor_db
    shades = np.rint(255 * (1 - log_mel.relative_db(loudest) / floor_db)).astype(np.uint8)
    return {
        "columns": n_columns,
        "bands": features.n_mels,
        "hop_samples": column_hop,
        "duration_samples": n_samples,
        "centre_hz": [round(hz, 2) for hz in band_centres_hz(features.n_mels, track.sample_rate_hz).tolist()],
        "floor_db": floor_db,
        "db": base64.b64encode(shades.T.tobytes()).decode("ascii"),
    }


def _padded(samples: NDArray[np.float32], start: int, n: int) -> NDArray[np.float32]:
    inside = samples[max(start, 0) : start + n]
    before = max(0, -start)
    return np.pad(inside, (before, n - before - len(inside)))


def _decimals(values: NDArray[np.float32]) -> list[float]:
    return [round(value, 3) for value in values.tolist()]
