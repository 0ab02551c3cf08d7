"""What the ``ffmpeg`` program makes of files: the judge of the decoder."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 22_050


def hear(paths: Sequence[Path], folder: Path) -> None:
    """Decode the first sound track of each file to one channel at the model's rate, all in one run of the program."""
    inputs = [part for path in paths for part in ("-i", str(path))]
    outputs: list[str] = []
    for index, path in enumerate(paths):
        form = ["-map", f"{index}:a:0", "-ac", "1", "-ar", str(RATE_HZ), "-f", "f32le"]
        outputs += [*form, str(folder / path.name)]
    subprocess.run(["ffmpeg", "-v", "quiet", "-nostdin", "-y", *inputs, *outputs], check=True)


def heard(folder: Path, name: str) -> NDArray[np.float32]:
    """What the program made of a file."""
    return np.fromfile(folder / name, np.float32)


def likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Correlate two sounds, the first two seconds and the last one apart: an encoder's delay may lie between."""
    start, end = 2 * RATE_HZ, RATE_HZ
    return min(_correlation(one[:start], other[:start]), _correlation(one[-end:], other[-end:]))


def _correlation(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Correlate at the best of a few shifts, up to 30 ms."""
    most = round(0.03 * RATE_HZ)
    inner = one[most:-most]
    wide = np.fft.rfft(other, 2 * len(one)) * np.conj(np.fft.rfft(np.pad(inner, (most, 0)), 2 * len(one)))
    products = np.fft.irfft(wide)
    shift = int(np.argmax(np.concatenate([products[: most + 1], products[-most:]])))
    shift = shift if shift <= most else shift - 2 * most - 1
    matched = other[max(0, most + shift) :][: len(inner)]
    return float(np.corrcoef(inner[: len(matched)], matched)[0, 1])
