"""What happens to recordings on their way to a listener: codecs, rates, levels, noise, bands, pitch, tempo.

Each variant takes clean sound and gives the bytes of a file, which is then decoded as an upload is.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from model.audio.track import Track
from model.study.evaluation.stretch import change_pitch, change_tempo

Degrade = Callable[[Track, np.random.Generator], bytes]

ALIKE: Final = "alike"
HARSH: Final = "harsh"

_STEREO_RATE_HZ: Final = 44_100
_MP3_LARGEST_KBPS: Final = 320  # libsndfile spreads its compression level 0 to 1 over 320 to 32 kbit/s at 44.1 kHz
_MP3_SMALLEST_KBPS: Final = 32


@dataclass(frozen=True)
class Variant:
    """One thing that can happen to a recording.

    Attributes
    ----------
    name : str
        Short and stable, for files.
    title : str
        For people.
    group : {"alike", "harsh"}
        Whether a listener would take it for the same recording.
    degrade : callable
        ``degrade(track, random) -> bytes`` of an audio file.
    rate : float
        How much faster it plays than the clean track.
    """

    name: str
    title: str
    group: str
    degrade: Degrade
    rate: float = 1.0


def _mp3(kbps: int) -> Degrade:
    level = (_MP3_LARGEST_KBPS - kbps) / (_MP3_LARGEST_KBPS - _MP3_SMALLEST_KBPS)

    def degrade(track: Track, _: np.random.Generator) -> bytes:
        return _encoded(_stereo(track), _STEREO_RATE_HZ, format="MP3", compression_level=level, bitrate_mode="CONSTANT")

    return degrade


def _ogg(track: Track, _: np.random.Generator) -> bytes:
    return _encoded(_stereo(track), _STEREO_RATE_HZ, format="OGG", subtype="VORBIS")


def _cd(track: Track, _: np.random.Generator) -> bytes:
    return _encoded(_stereo(track), _STEREO_RATE_HZ)


def _low_rate(rate_hz: int) -> Degrade:
    def degrade(track: Track, _: np.random.Generator) -> bytes:
        return _encoded(soxr.resample(track.samples, track.sample_rate_hz, rate_hz), rate_hz)

    return degrade


def _eight_bit(track: Track, _: np.random.Generator) -> bytes:
    return _encoded(track.samples, track.sample_rate_hz, subtype="PCM_U8")


def _gain(db: float) -> Degrade:
    def degrade(track: Track, _: np.random.Generator) -> bytes:
        return _encoded(track.samples * np.float32(10 ** (db / 20)), track.sample_rate_hz)

    return degrade


def _noise(snr_db: float) -> Degrade:
    def degrade(track: Track, random: np.random.Generator) -> bytes:
        rms = np.sqrt(np.mean(np.square(track.samples, dtype=np.float64)))
        noise = random.standard_normal(len(track.samples), np.float32) * np.float32(rms * 10 ** (-snr_db / 20))
        return _encoded(track.samples + noise, track.sample_rate_hz)

    return degrade


def _telephone(track: Track, _: np.random.Generator) -> bytes:
    from scipy.signal import butter, sosfilt

    band = butter(6, (300, 3400), "bandpass", fs=track.sample_rate_hz, output="sos")
    return _encoded(sosfilt(band, track.samples).astype(np.float32), track.sample_rate_hz)


def _pitch(semitones: float) -> Degrade:
    def degrade(track: Track, _: np.random.Generator) -> bytes:
        return _encoded(change_pitch(track.samples, semitones), track.sample_rate_hz)

    return degrade


def _tempo(rate: float) -> Degrade:
    def degrade(track: Track, _: np.random.Generator) -> bytes:
        return _encoded(change_tempo(track.samples, rate), track.sample_rate_hz)

    return degrade


VARIANTS: Final = (
    Variant("mp3_64", "MP3, 64 kbit/s, 44.1 kHz stereo", ALIKE, _mp3(64)),
    Variant("ogg", "OGG Vorbis, 44.1 kHz stereo", ALIKE, _ogg),
    Variant("stereo_44100", "WAV, 44.1 kHz stereo, right channel 2 dB quieter", ALIKE, _cd),
    Variant("gain_minus_30", "30 dB quieter (16 bit)", ALIKE, _gain(-30)),
    Variant("gain_minus_12", "12 dB quieter (16 bit)", ALIKE, _gain(-12)),
    Variant("gain_plus_6", "6 dB louder, clipped", HARSH, _gain(6)),
    Variant("rate_16000", "16 kHz: nothing above 8 kHz", HARSH, _low_rate(16_000)),
    Variant("eight_bit", "8 bit", HARSH, _eight_bit),
    Variant("noise_20", "white noise, 20 dB below the music", HARSH, _noise(20)),
    Variant("telephone", "telephone band, 300 to 3400 Hz", HARSH, _telephone),
    Variant("pitch_up_2", "2 semitones higher", HARSH, _pitch(2)),
    Variant("pitch_down_2", "2 semitones lower", HARSH, _pitch(-2)),
    Variant("tempo_plus_10", "10 % faster", HARSH, _tempo(1.1), rate=1.1),
    Variant("tempo_minus_10", "10 % slower", HARSH, _tempo(0.9), rate=0.9),
)
"""Every variant of the robustness table, in its order."""


def _stereo(track: Track) -> NDArray[np.float32]:
    left = soxr.resample(track.samples, track.sample_rate_hz, _STEREO_RATE_HZ)
    return np.stack((left, left * np.float32(0.8)), axis=1)


def _encoded(samples: NDArray[np.float32], rate_hz: int, *, format: str = "WAV", **options: Any) -> bytes:
    """Write a file; beyond full scale it clips, as integer formats must."""
    buffer = io.BytesIO()
    soundfile.write(buffer, np.clip(samples, -1, 1), rate_hz, format=format, **options)
    return buffer.getvalue()
