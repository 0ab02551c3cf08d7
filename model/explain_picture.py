"""An explanation for the eye: the window's log-mel in grey, what speaks for the genre in orange, against it in blue."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.explain import Explanation
from model.mel import band_centres_hz
from model.params import ModelParams

FOR_RGB: Final = (255, 140, 26)
AGAINST_RGB: Final = (64, 140, 255)
_PIXELS_PER_FRAME: Final = 18
_PIXELS_PER_BAND: Final = 4
_STRONGEST_TINT: Final = 0.85
_PLACE_FRAMES: Final = 4
_PLACE_BANDS: Final = 8


class Place(NamedTuple):
    """A part of a window: seconds from its start, and Hz."""

    start_seconds: float
    end_seconds: float
    lowest_hz: float
    highest_hz: float


def paint(logmel: NDArray[np.float32], explanation: Explanation, *, floor_db: float) -> NDArray[np.uint8]:
    """Paint an explanation over the log-mel it is of.

    Parameters
    ----------
    logmel : np.ndarray [shape=(n_frames, n_mels)], float32
        The window, in dB.
    explanation : Explanation
        What speaks for and against.
    floor_db : float
        Level that is black.

    Returns
    -------
    np.ndarray [shape=(height, width, 3)], uint8
        Time from left to right, the highest band on top.
    """
    grey = 255 * (1 - logmel / floor_db)[..., np.newaxis] * 0.8
    strength = explanation.relevance / max(float(np.abs(explanation.relevance).max()), 1e-30)
    tint = _STRONGEST_TINT * np.sqrt(np.abs(strength))[..., np.newaxis]
    colour = np.where(strength[..., np.newaxis] > 0, np.array(FOR_RGB), np.array(AGAINST_RGB))
    picture = np.rint(np.clip(grey * (1 - tint) + colour * tint, 0, 255)).astype(np.uint8)
    upright = picture.transpose(1, 0, 2)[::-1]
    return np.ascontiguousarray(upright.repeat(_PIXELS_PER_BAND, axis=0).repeat(_PIXELS_PER_FRAME, axis=1))


def strongest_place(explanation: Explanation, params: ModelParams, *, against: bool = False) -> Place:
    """Find the place that speaks most for the genre, of places of a third of a second and eight bands.

    Parameters
    ----------
    explanation : Explanation
        What speaks for and against.
    params : ModelParams
        The model's frames and bands.
    against : bool
        Find the place that speaks most against it.

    Returns
    -------
    Place
        Where it lies.
    """
    signed = -explanation.relevance if against else explanation.relevance
    views = np.lib.stride_tricks.sliding_window_view(signed, (_PLACE_FRAMES, _PLACE_BANDS))
    sums = views.sum(axis=(2, 3))
    frame, band = np.unravel_index(int(sums.argmax()), sums.shape)
    hop, n_fft, rate_hz = params.features.hop_length, params.features.n_fft, params.audio.sample_rate_hz
    centres = band_centres_hz(params.features.n_mels, rate_hz)
    return Place(
        start_seconds=float(frame * hop / rate_hz),
        end_seconds=float(((frame + _PLACE_FRAMES - 1) * hop + n_fft) / rate_hz),
        lowest_hz=float(centres[band]),
        highest_hz=float(centres[band + _PLACE_BANDS - 1]),
    )
