"""Sounds that tests make for themselves."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE_HZ = 22_050


def chord(seconds: float, *, rate_hz: int = RATE_HZ, level: float = 0.2) -> NDArray[np.float32]:
    """A slowly beating chord with some noise: broadband, neither silent nor constant."""
    time = np.arange(round(seconds * rate_hz)) / rate_hz
    tones = sum(np.sin(2 * np.pi * f * time) * (1 + 0.5 * np.sin(time * f / 90)) for f in (110.0, 277.2, 659.3, 1480.0))
    noise = np.random.default_rng(0).standard_normal(len(time)) * (0.2 + 0.2 * np.sin(2 * np.pi * 2 * time))
    return (level / 4 * (tones + noise)).astype(np.float32)


def encoded(
    samples: NDArray[np.float32], *, rate_hz: int = RATE_HZ, format: str = "WAV", subtype: str | None = None
) -> bytes:
    """The samples as the bytes of a file."""
    buffer = io.BytesIO()
    soundfile.write(buffer, samples, rate_hz, format=format, subtype=subtype)
    return buffer.getvalue()


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
