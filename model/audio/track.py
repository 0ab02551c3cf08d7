"""A `Track`: sound as the network hears it. `model.audio.decode` makes it from files."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from model.audio.warnings import AudioWarning


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
    warnings : tuple of AudioWarning
        What is wrong with its file.
    """

    samples: NDArray[np.float32]
    sample_rate_hz: int
    name: str = "track"
    warnings: tuple[AudioWarning, ...] = ()

    @property
    def duration_seconds(self) -> float:
        """Duration, in seconds."""
        return len(self.samples) / self.sample_rate_hz
