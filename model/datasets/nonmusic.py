"""Sounds that are no music, made for the purpose: tones, noises, hum, clicks, room tone, synthetic speech.

The network learns to name no genre for them, and the `unsure` rule is measured on them. Kinds and voices are divided
into those to learn from and those to measure on, so that the measure is of sounds never heard.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError
from model.params import ModelParams

Samples = NDArray[np.float32]
Maker = Callable[[int, int, np.random.Generator], NDArray[np.float64]]

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


def _time(n: int, rate: int) -> NDArray[np.float64]:
    return np.arange(n) / rate


def _tone(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    return np.asarray(np.sin(2 * np.pi * 60 * 2 ** (6.5 * random.random()) * _time(n, rate)))


def _harmonic_tone(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    base = 60 * 2 ** (3.5 * random.random())
    steepness = random.uniform(0.7, 2)
    parts = (np.sin(2 * np.pi * base * k * _time(n, rate)) / k**steepness for k in range(1, 30) if base * k < rate / 2)
    return np.asarray(sum(parts))


def _beeps(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    on = (_time(n, rate) * random.uniform(0.7, 5)) % 1 < random.uniform(0.2, 0.7)
    return np.asarray(_tone(n, rate, random) * on)


def _sweep(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    low, octaves = 50 * 2 ** (3 * random.random()), random.uniform(1, 5) * random.choice((-1, 1))
    frequency = np.clip(low * 2 ** (octaves * (_time(n, rate) * random.uniform(0.2, 1.5) % 1)), 30, rate / 2.2)
    return np.asarray(np.sin(2 * np.pi * np.cumsum(frequency) / rate))


def _noise(n: int, random: np.random.Generator, exponent: float) -> NDArray[np.float64]:
    spectrum = np.fft.rfft(random.normal(size=n))
    spectrum /= np.maximum(np.arange(len(spectrum)), 8) ** exponent
    noise = np.fft.irfft(spectrum, n)
    return np.asarray(noise / np.abs(noise).max())


def _coloured_noise(n: int, _rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    return _noise(n, random, random.uniform(-0.2, 1.2))


def _gusts(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    slow = np.interp(_time(n, rate), np.linspace(0, n / rate, 8), random.random(8))
    return np.asarray(_noise(n, random, random.uniform(0.4, 1.0)) * slow)


def _hum(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    base = random.choice((50.0, 60.0))
    tones = (random.random() * np.sin(2 * np.pi * base * k * _time(n, rate)) / k for k in range(1, 16))
    return np.asarray(sum(tones) + 0.03 * random.random() * random.normal(size=n))


def _clicks(n: int, _rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    samples = 0.001 * random.random() * random.normal(size=n)
    for place in random.integers(0, n - 200, random.integers(3, 40)):
        samples[place : place + 200] += random.normal(size=200) * np.exp(-np.arange(200) / random.uniform(3, 50))
    return np.asarray(samples)


def _ticking(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    samples = 0.001 * random.normal(size=n)
    length, step = 400, int(rate * random.uniform(0.25, 1.1))
    tick = np.sin(2 * np.pi * random.uniform(800, 4000) * _time(length, rate)) * np.exp(-np.arange(length) / 60)
    for place in range(int(random.integers(0, step)), n - length, step):
        samples[place : place + length] += tick
    return np.asarray(samples)


def _room(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    return np.asarray(0.7 * _noise(n, random, random.uniform(0.6, 1.4)) + 0.1 * random.random() * _hum(n, rate, random))


def _dialling(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    low, high = np.array([697.0, 770, 852, 941]), np.array([1209.0, 1336, 1477])
    samples = np.zeros(n)
    step, length = int(rate * random.uniform(0.12, 0.4)), int(rate * 0.1)
    for place in range(0, n - length, step):
        for hz in (random.choice(low), random.choice(high)):
            samples[place : place + length] += np.sin(2 * np.pi * hz * _time(length, rate))
    return samples


LEARN_KINDS: Final[dict[str, Maker]] = {
    "tone": _tone,
    "beeps": _beeps,
    "harmonic tone": _harmonic_tone,
    "sweep": _sweep,
    "noise": _coloured_noise,
    "hum": _hum,
    "clicks": _clicks,
    "room": _room,
}
MEASURE_KINDS: Final[dict[str, Maker]] = {
    **LEARN_KINDS,
    "gusts": _gusts,
    "ticking": _ticking,
    "dialling": _dialling,
}


def speak(text: str, voice: str, *, speed: int, pitch: int, rate_hz: int) -> Samples:
    """Let espeak-ng say something.

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
    """Tell whether espeak-ng is installed."""
    return shutil.which("espeak-ng") is not None


def make_windows(
    *, per_kind: int, seed: int, measure: bool, params: ModelParams | None = None, with_speech: bool = True
) -> dict[str, NDArray[np.float32]]:
    """Make log-mel windows of sounds that are no music.

    Parameters
    ----------
    per_kind : int
        Windows of each kind; six times as many of speech.
    seed : int
        Seed of the sounds.
    measure : bool
        True for the kinds and voices to measure on, False for those to learn from.
    params : ModelParams, optional
        Audio and feature parameters.
    with_speech : bool
        Include speech; needs espeak-ng.

    Returns
    -------
    dict of str to np.ndarray [shape=(n, n_frames, n_mels)], float32
        dB below each window's maximum, by kind.

    Raises
    ------
    DatasetError
        If speech is wanted and espeak-ng is not there.
    """
    from model.features import LogMel

    params = params or ModelParams()
    random = np.random.default_rng([seed, int(measure)])
    n, rate = params.audio.window_samples, params.audio.sample_rate_hz
    log_mel = LogMel(params)
    made = {
        kind: np.stack([log_mel(_at_some_level(maker(n, rate, random), random)) for _ in range(per_kind)])
        for kind, maker in (MEASURE_KINDS if measure else LEARN_KINDS).items()
    }
    if with_speech:
        made["speech"] = np.stack([log_mel(window) for window in _speech(6 * per_kind, n, rate, measure, random)])
    return made


def _at_some_level(samples: NDArray[np.float64], random: np.random.Generator) -> Samples:
    loud = samples / max(float(np.abs(samples).max()), 1e-9) * 10 ** random.uniform(-1.5, -0.05)
    return np.asarray(loud + 10 ** random.uniform(-5, -3.3) * random.normal(size=len(samples)), np.float32)


def _speech(
    n_windows: int, window_samples: int, rate: int, measure: bool, random: np.random.Generator
) -> list[Samples]:
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
