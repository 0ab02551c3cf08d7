"""Synthetic speech by espeak-ng, a kind of non-music.

Voices and sentences are divided into those to learn from and those to measure on.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError

Samples = NDArray[np.float32]

_SENTENCES: Final = (
    "The ferry leaves the harbour at twenty past seven and comes back before noon.",
    "Please keep your luggage with you at all times while you wait for the train.",
    "Yesterday it rained so hard that the river rose over the lower meadow.",
    "She opened the letter, read it twice, and put it away without a word.",
    "Mix the flour with the butter, add two eggs, and let it rest for an hour.",
    "The committee will meet again on Thursday to decide about the new bridge.",
    "Nobody knew who had planted the apple trees along the old railway line.",
    "To open the door, enter the four digits of your code and press the green key.",
)
_LEARN_VOICES: Final = ("en-gb", "en-us", "de", "fr-fr", "es", "en-gb+f2", "en-us+m3", "de+f4", "nl", "pl+m1")
_MEASURE_VOICES: Final = ("en-gb+f5", "en-us+m7", "it", "sv", "pt-br+f3", "en-gb-scotland")


def speak(text: str, voice: str, *, speed: int, pitch: int, rate_hz: int) -> Samples:
    """Synthesise speech.

    Parameters
    ----------
    text : str
        What to say.
    voice : str
        One of its voices, with a variant, such as ``en-gb+f2``.
    speed : int
        Words a minute.
    pitch : int
        0 to 99.
    rate_hz : int
        Sample rate of the result, in Hz.

    Returns
    -------
    np.ndarray [shape=(n,)], float32
        Mono speech.

    Raises
    ------
    DatasetError
        If espeak-ng is not installed or cannot say it.
    """
    import soundfile
    import soxr

    program = shutil.which("espeak-ng")
    if program is None:
        raise DatasetError("espeak-ng is not installed; install it (Debian package espeak-ng) to make speech.")
    command = [program, "-v", voice, "-s", str(speed), "-p", str(pitch), "--stdout", text]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode or not done.stdout:
        raise DatasetError(f"espeak-ng could not speak with voice {voice!r}: {done.stderr.decode(errors='replace')}")
    samples, rate = soundfile.read(io.BytesIO(done.stdout), dtype="float32")
    return np.asarray(soxr.resample(samples, rate, rate_hz), np.float32)


def speech_is_possible() -> bool:
    """Whether espeak-ng is installed."""
    return shutil.which("espeak-ng") is not None


def speech_windows(
    n_windows: int, window_samples: int, rate: int, measure: bool, random: np.random.Generator
) -> list[Samples]:
    """Cut windows from sentences of several voices, half of them in a reverberant room, over a little noise.

    Parameters
    ----------
    n_windows : int
        How many.
    window_samples : int
        Length of each, in samples.
    rate : int
        Sample rate, in Hz.
    measure : bool
        True for the voices and sentences to measure on, False for those to learn from.
    random : np.random.Generator
        Source of all chance.

    Returns
    -------
    list of np.ndarray [shape=(window_samples,)], float32
        Mono speech.

    Raises
    ------
    DatasetError
        If espeak-ng is not installed.
    """
    sentences = _SENTENCES[5:] if measure else _SENTENCES[:5]
    voices = _MEASURE_VOICES if measure else _LEARN_VOICES
    windows: list[Samples] = []
    while len(windows) < n_windows:
        text = " ".join(random.permutation(sentences)[:3].tolist())
        voice = voices[int(random.integers(len(voices)))]
        spoken = speak(
            text, voice, speed=int(random.integers(120, 210)), pitch=int(random.integers(20, 80)), rate_hz=rate
        )
        if random.random() < 0.5:
            spoken = _reverberated(spoken, rate, random)
        spoken = spoken + np.float32(10 ** random.uniform(-5, -2.3)) * random.normal(size=len(spoken)).astype(
            np.float32
        )
        first = int(random.integers(0, rate // 2))
        windows.extend(
            spoken[start : start + window_samples]
            for start in range(first, len(spoken) - window_samples, window_samples)
        )
    return windows[:n_windows]


def _reverberated(samples: Samples, rate: int, random: np.random.Generator) -> Samples:
    length = int(rate * random.uniform(0.1, 0.6))
    room = random.normal(size=length) * np.exp(-6 * np.arange(length) / length)
    room *= random.uniform(0.02, 0.15)
    room[0] = 1
    size = len(samples) + length
    wet = np.fft.irfft(np.fft.rfft(samples, size) * np.fft.rfft(room, size), size)[: len(samples)]
    return np.asarray(wet / max(float(np.abs(wet).max()), 1e-9) * 0.7, np.float32)
