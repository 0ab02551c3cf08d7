"""Non-music made of sines, noise and clicks: tones, alarms, hum, wind, rain, engines.

Each maker takes a number of samples, the sample rate in Hz and a generator, and gives samples of any level.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

Maker = Callable[[int, int, np.random.Generator], NDArray[np.float64]]


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


def _glide(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Sweep a tone with overtones up or down, once or again and again."""
    octaves = random.uniform(0.3, 3) * random.choice((-1, 1))
    place = (_time(n, rate) * random.uniform(0.2, 1.5) + random.random()) % 1
    frequency = np.clip(110 * 2 ** (3 * random.random() + octaves * place), 30, rate / 2.2)
    turns = np.cumsum(frequency) / rate
    steepness = random.uniform(0.7, 2)
    parts = (np.sin(2 * np.pi * k * turns) * (frequency * k < rate / 2) / k**steepness for k in range(1, 16))
    return np.asarray(sum(parts))


def _surging_noise(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Let noise swell and fade by chance, slowly or fast."""
    knots = int(random.integers(3, 40))
    level_db = np.interp(_time(n, rate), np.linspace(0, n / rate, knots), random.uniform(-25, 0, knots))
    return np.asarray(_noise(n, random, random.uniform(-0.2, 1.2)) * 10 ** (level_db / 20))


def _buzzer(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Pulse as a buzzer, a printer or a motor does, at a steady rate with a little jitter."""
    period = rate / random.uniform(8, 200)
    places = np.cumsum(random.normal(period, period * random.uniform(0, 0.08), int(n / period) + 2)).astype(int)
    train = np.zeros(n)
    train[places[(places >= 0) & (places < n)]] = 1
    ring = np.exp(-np.arange(300) / random.uniform(2, 80)) * np.cos(np.arange(300) * random.uniform(0.02, 1.5))
    return np.asarray(np.convolve(train, ring)[:n] + 0.02 * random.random() * random.normal(size=n))


def _siren(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Alternate between two tones, or slide between them."""
    low = random.uniform(350, 900)
    swing = np.sin(2 * np.pi * random.uniform(0.2, 4) * _time(n, rate) + 6.3 * random.random())
    if random.random() < 0.5:
        swing = np.sign(swing)
    turns = np.cumsum(low * 2 ** (random.uniform(0.3, 1) * (1 + swing) / 2)) / rate
    return np.asarray(sum(np.sin(2 * np.pi * k * turns) / k**1.2 for k in range(1, 7)))


def _rain(n: int, _rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Let many small drops fall on noise."""
    drops = np.zeros(n)
    places = random.integers(0, n, int(random.integers(300, 4000)))
    np.add.at(drops, places, random.exponential(size=len(places)) * random.choice((-1, 1), len(places)))
    ring = np.exp(-np.arange(120) / random.uniform(3, 25)) * np.cos(np.arange(120) * random.uniform(0.3, 2))
    return np.asarray(np.convolve(drops, ring)[:n] + random.uniform(0.1, 1) * _noise(n, random, 0.3))


def _engine(n: int, rate: int, random: np.random.Generator) -> NDArray[np.float64]:
    """Hold a motor's overtones at a rate that wavers, under its own noise."""
    slow = np.interp(_time(n, rate), np.linspace(0, n / rate, 6), random.uniform(0.9, 1.1, 6))
    turns = np.cumsum(random.uniform(25, 140) * slow) / rate
    strengths = random.random(40) / np.arange(1, 41) ** random.uniform(0.3, 1)
    tones = sum(strength * np.sin(2 * np.pi * (k + 1) * turns) for k, strength in enumerate(strengths))
    return np.asarray(tones + random.uniform(0.2, 2) * _noise(n, random, random.uniform(0.4, 1)))


LEARN_KINDS: Final[dict[str, Maker]] = {
    "tone": _tone,
    "beeps": _beeps,
    "harmonic tone": _harmonic_tone,
    "sweep": _sweep,
    "glide": _glide,
    "noise": _coloured_noise,
    "surging noise": _surging_noise,
    "hum": _hum,
    "clicks": _clicks,
    "buzzer": _buzzer,
    "room": _room,
}
MEASURE_KINDS: Final[dict[str, Maker]] = {
    **LEARN_KINDS,
    "gusts": _gusts,
    "ticking": _ticking,
    "dialling": _dialling,
    "siren": _siren,
    "rain": _rain,
    "engine": _engine,
}
