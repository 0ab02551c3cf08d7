"""The files that `model bench` times: something music-like, as WAV, MP3 and M4A, and an hour of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import av
import numpy as np
import soundfile

_CODINGS: Final = {"MP3": ("mp3", "libmp3lame"), "M4A": ("m4a", "aac")}


def write_music(path: Path, seconds: int) -> Path:
    """Write something music-like: beating chords and noise bursts, 44.1 kHz, 16-bit stereo."""
    rate_hz = 44_100
    time_axis = np.arange(seconds * rate_hz) / rate_hz
    rng = np.random.default_rng(0)
    tones = sum(np.sin(2 * np.pi * f * time_axis) for f in (110, 220.5, 331, 662))
    bursts = rng.standard_normal(len(time_axis)) * (np.sin(2 * np.pi * 2 * time_axis) > 0.9)
    left = 0.1 * (tones + bursts)
    soundfile.write(path, np.stack([left, np.roll(left, 441)], axis=1), rate_hz, subtype="PCM_16")
    return path


def coded(wav: Path) -> dict[str, Path]:
    """Give a WAV and write it as MP3 and M4A beside it.

    Parameters
    ----------
    wav : Path
        The sound.

    Returns
    -------
    dict
        The files by the name of their form.
    """
    return {"WAV": wav} | {form: _encoded(wav, *coding) for form, coding in _CODINGS.items()}


def hour_of_mp3(wav: Path) -> Path:
    """Write an hour of MP3, by repeating the frames of a shorter sound.

    Parameters
    ----------
    wav : Path
        The sound; an hour is a multiple of its length.

    Returns
    -------
    Path
        The file, beside it.
    """
    once = _encoded(wav, "part.mp3", "libmp3lame", {"write_xing": "0", "id3v2_version": "0"})
    times = round(3600 / soundfile.info(wav).duration)
    path = wav.with_suffix(".hour.mp3")
    path.write_bytes(once.read_bytes() * times)
    return path


def _encoded(wav: Path, suffix: str, codec: str, options: dict[str, str] | None = None) -> Path:
    path = wav.with_suffix(f".{suffix}")
    with av.open(str(wav)) as source, av.open(str(path), "w", options=options or {}) as target:
        stream: Any = target.add_stream(codec, rate=source.streams.audio[0].rate)
        stream.bit_rate = 128_000
        for frame in source.decode(audio=0):
            target.mux(stream.encode(frame))
        target.mux(stream.encode(None))
    return path
