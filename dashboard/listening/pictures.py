"""What the page draws of a track's sound: its waveform's peaks and a log-mel picture."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from dashboard.listening.tape import Tape
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


def peaks(blocks: Iterable[NDArray[np.float32]], n_samples: int, n: int) -> Peaks:
    """Find the extremes of each part of a track.

    Parameters
    ----------
    blocks : iterable of np.ndarray [shape=(k,)], float32
        The sound, in order.
    n_samples : int
        Its length.
    n : int
        Number of parts; fewer if there are fewer samples.

    Returns
    -------
    Peaks
        Rounded to three decimals; part ``i`` starts at sample ``i * n_samples // n``.
    """
    n = min(n, n_samples)
    starts = np.arange(n) * n_samples // n
    lowest, highest = np.full(n, np.inf, np.float32), np.full(n, -np.inf, np.float32)
    position = 0
    for block in blocks:
        first = int(np.searchsorted(starts, position, "right")) - 1
        stop = int(np.searchsorted(starts, position + len(block), "left"))
        if first < stop and len(block):
            within = np.maximum(starts[first:stop] - position, 0)
            for extremes, extreme in ((lowest, np.minimum), (highest, np.maximum)):
                extremes[first:stop] = extreme(extremes[first:stop], extreme.reduceat(block, within))
        position += len(block)
    return {"n": n, "min": _decimals(lowest), "max": _decimals(highest)}


def spectrogram(
    blocks: Iterable[NDArray[np.float32]], n_samples: int, params: ModelParams, columns: int
) -> Spectrogram:
    """Paint a track's log-mel spectrogram, with the frames and bands that the model hears.

    Column ``c`` shows, band by band, the loudest of the frames whose centres lie in samples ``c * hop_samples`` to
    ``(c + 1) * hop_samples``; beyond the track's ends there is silence.

    Parameters
    ----------
    blocks : iterable of np.ndarray [shape=(k,)], float32
        The sound, in order.
    n_samples : int
        Its length.
    params : ModelParams
        The model's frames and bands.
    columns : int
        Most columns wanted.

    Returns
    -------
    Spectrogram
        dB below the track's maximum, floored at -80 dB.
    """
    frames_per_column = max(1, math.ceil(n_samples / columns / _LONGEST_FRAME_HOP))
    frame_hop = max(_SHORTEST_FRAME_HOP, math.ceil(n_samples / columns / frames_per_column))
    column_hop = frame_hop * frames_per_column
    n_columns = math.ceil(n_samples / column_hop)
    features = replace(params.features, hop_length=frame_hop)
    log_mel = LogMel(replace(params, features=features))
    tape = Tape(blocks)
    loudest = np.empty((n_columns, features.n_mels), np.float32)
    columns_at_a_time = max(1, _MOST_FRAMES_AT_A_TIME // frames_per_column)
    for first in range(0, n_columns, columns_at_a_time):
        n = min(columns_at_a_time, n_columns - first)
        start = first * column_hop + frame_hop // 2 - features.n_fft // 2
        stretch = tape.stretch(start, (n * frames_per_column - 1) * frame_hop + features.n_fft)
        power = log_mel.mel_power(stretch)
        loudest[first : first + n] = power.reshape(n, frames_per_column, -1).max(axis=1)
    floor_db = features.floor_db
    shades = np.rint(255 * (1 - log_mel.relative_db(loudest) / floor_db)).astype(np.uint8)
    return {
        "columns": n_columns,
        "bands": features.n_mels,
        "hop_samples": column_hop,
        "duration_samples": n_samples,
        "centre_hz": [round(hz, 2) for hz in band_centres_hz(features.n_mels, params.audio.sample_rate_hz).tolist()],
        "floor_db": floor_db,
        "db": base64.b64encode(shades.T.tobytes()).decode("ascii"),
    }


def _decimals(values: NDArray[np.float32]) -> list[float]:
    within = np.clip(np.nan_to_num(values), -1, 1).round(3) + np.float32(0)  # no -0.0
    return [round(value, 3) for value in within.tolist()]
