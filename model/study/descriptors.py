"""Hand-made features of a track's sound, as the published table of GTZAN's clips (``features_30s.csv``) has them.

Mean and variance over the track of chroma, level, the spectrum's centroid, bandwidth and rolloff, zero crossings, the
harmonic and the percussive part, and 20 MFCCs; and the tempo. That table was made with a librosa before 0.8, and its
two habits are kept, because with them the table comes out of the sound to within rounding: every frame at the ends is
filled up with the reflected sound (today's librosa fills with zeros), and the parts of the harmonic-percussive
separation end with the last whole hop, zeros after it.

The network needs none of this; librosa is imported when a track is described, never by the page or by ``classify``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import AudioTooShortError, ParameterError
from model.params import AudioParams

N_FFT: Final = 2048
HOP_LENGTH: Final = 512
N_MFCC: Final = 20
TEMPO: Final = "tempo"
_SERIES: Final = (
    "chroma_stft",
    "rms",
    "spectral_centroid",
    "spectral_bandwidth",
    "rolloff",
    "zero_crossing_rate",
    "harmony",
    "perceptr",
)
_MFCCS: Final = tuple(f"mfcc{number}" for number in range(1, N_MFCC + 1))


def mean_and_variance(series: Sequence[str]) -> tuple[str, ...]:
    """Name the two columns of each series: ``rms`` gives ``rms_mean`` and ``rms_var``."""
    return tuple(f"{name}_{kind}" for name in series for kind in ("mean", "var"))


DESCRIPTORS: Final[tuple[str, ...]] = (*mean_and_variance(_SERIES), TEMPO, *mean_and_variance(_MFCCS))
"""Names of all 57 descriptors, in the order of the published table."""


def describe(
    samples: NDArray[np.float32],
    *,
    names: Sequence[str] = DESCRIPTORS,
    sample_rate_hz: int = AudioParams().sample_rate_hz,
) -> NDArray[np.float64]:
    """Compute hand-made features of a whole track.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,)], float32
        Mono sound; full scale is -1 to 1.
    names : sequence of str
        Which of `DESCRIPTORS`, in which order. The harmonic-percussive parts take most of the time: some seconds for
        30 s of sound, tenths of a second without them.
    sample_rate_hz : int
        Rate of the samples, in Hz; the table's is 22,050.

    Returns
    -------
    np.ndarray [shape=(len(names),)], float64
        Frequencies in Hz, tempo in beats per minute, MFCCs of dB, the others without unit.

    Raises
    ------
    ParameterError
        If a name is unknown, or the sound is not mono.
    AudioTooShortError
        If the track is shorter than one frame of 2048 samples.
    """
    unknown = [name for name in names if name not in DESCRIPTORS]
    if unknown:
        raise ParameterError(f"There is no descriptor {unknown[0]!r}; use some of {', '.join(DESCRIPTORS)}.")
    if samples.ndim != 1:
        raise ParameterError(f"Samples have shape {samples.shape}; descriptors need mono sound, shape (n_samples,).")
    if len(samples) < N_FFT:
        raise AudioTooShortError(
            f"The track has {len(samples)} samples; descriptors need at least {N_FFT}. Use a longer one."
        )
    sound = _Sound(samples, sample_rate_hz)
    series = {name: _series(sound, name) for name in dict.fromkeys(map(_series_name, names)) if name != TEMPO}
    return np.array([_summary(series, name) if name != TEMPO else sound.tempo() for name in names], np.float64)


class _Sound:
    """One track and the spectra that several descriptors share, each computed when first needed."""

    def __init__(self, samples: NDArray[np.float32], sample_rate_hz: int) -> None:
        self.samples = samples
        self.rate_hz = sample_rate_hz

    @cached_property
    def stft(self) -> NDArray[np.complex64]:
        """Complex spectrum, (n_bins, n_frames), the ends reflected."""
        import librosa

        spectrum: NDArray[np.complex64] = librosa.stft(
            self.samples, n_fft=N_FFT, hop_length=HOP_LENGTH, pad_mode="reflect"
        )
        return spectrum

    @cached_property
    def magnitude(self) -> NDArray[np.float32]:
        return np.abs(self.stft)

    @cached_property
    def mel_db(self) -> NDArray[np.float32]:
        """Log-mel, (128, n_frames), in dB of absolute power, at most 80 dB below its maximum."""
        import librosa

        mel = librosa.feature.melspectrogram(S=self.magnitude**2, sr=self.rate_hz)
        return np.asarray(librosa.power_to_db(mel))

    @cached_property
    def parts(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Harmonic and percussive sound (Fitzgerald, "Harmonic/percussive separation using median filtering", 2010)."""
        import librosa

        n_samples = len(self.samples)
        harmonic, percussive = (
            librosa.util.fix_length(librosa.istft(part, hop_length=HOP_LENGTH), size=n_samples)
            for part in librosa.decompose.hpss(self.stft)
        )
        return harmonic, percussive

    @cached_property
    def mfcc(self) -> NDArray[np.float32]:
        import librosa

        return np.asarray(librosa.feature.mfcc(S=self.mel_db, n_mfcc=N_MFCC))

    def chroma(self) -> NDArray[np.float32]:
        import librosa

        # In silence there is no tuning to estimate.
        tuning = None if self.samples.any() else 0.0
        return np.asarray(librosa.feature.chroma_stft(S=self.magnitude**2, sr=self.rate_hz, tuning=tuning))

    def tempo(self) -> float:
        """Tempo in beats per minute, 0 where nothing sets in."""
        import librosa

        onsets = librosa.onset.onset_strength(S=self.mel_db, sr=self.rate_hz, aggregate=np.median)
        if not onsets.any():
            return 0.0
        return float(librosa.feature.tempo(onset_envelope=onsets, sr=self.rate_hz, hop_length=HOP_LENGTH)[0])


def _series(sound: _Sound, name: str) -> NDArray[np.floating[Any]]:
    """Compute one series over the track; its mean and variance are the descriptors."""
    import librosa

    feature = librosa.feature
    if name in _MFCCS:
        return np.asarray(sound.mfcc[_MFCCS.index(name)])
    compute: dict[str, Callable[[], Any]] = {
        "chroma_stft": sound.chroma,
        "rms": lambda: feature.rms(y=sound.samples, pad_mode="reflect"),
        "spectral_centroid": lambda: feature.spectral_centroid(S=sound.magnitude, sr=sound.rate_hz),
        "spectral_bandwidth": lambda: feature.spectral_bandwidth(S=sound.magnitude, sr=sound.rate_hz),
        "rolloff": lambda: feature.spectral_rolloff(S=sound.magnitude, sr=sound.rate_hz),
        "zero_crossing_rate": lambda: feature.zero_crossing_rate(sound.samples),
        "harmony": lambda: sound.parts[0],
        "perceptr": lambda: sound.parts[1],
    }
    return np.asarray(compute[name]())


def _series_name(descriptor: str) -> str:
    return descriptor if descriptor == TEMPO else descriptor.rpartition("_")[0]


def _summary(series: dict[str, NDArray[np.floating[Any]]], descriptor: str) -> float:
    values = series[_series_name(descriptor)]
    return float(np.var(values) if descriptor.endswith("_var") else np.mean(values))
