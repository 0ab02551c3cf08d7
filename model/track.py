"""What decoding takes and gives: limits, what a file states of itself, and a track.

A `Track` is sound as the network hears it; `model.audio` makes it from files.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Limits:
    """What a decoder accepts.

    Attributes
    ----------
    max_bytes : int
        Largest file, in bytes.
    max_seconds : float
        Longest track, in seconds.
    """

    max_bytes: int = 200 * 2**20
    max_seconds: float = 15 * 60.0


@dataclass(frozen=True)
class AudioInfo:
    """What a file's header says.

    Attributes
    ----------
    format : str
        Container and coding, for example ``"WAV PCM_16"``.
    sample_rate_hz : int
        Rate of the file, in Hz.
    n_channels : int
        Channels of the file.
    n_frames : int
        Sample frames the header states; 0 where it does not know.
    """

    format: str
    sample_rate_hz: int
    n_channels: int
    n_frames: int

    @property
    def duration_seconds(self) -> float:
        """Stated duration, in seconds."""
        return self.n_frames / self.sample_rate_hz


@dataclass(frozen=True, eq=False)
class Track:
    """Sound as the network hears it.

    Attributes
    ----------
    samples : np.ndarray [shape=(n_samples,)], float32
        Mono samples; full scale is -1 to 1.
    sample_rate_hz : int
        Their rate, in Hz.
    name : str
        What to call the track in messages.
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    name: str = "track"

    @property
    def duration_seconds(self) -> float:
        """Duration, in seconds."""
        return len(self.samples) / self.sample_rate_hz
