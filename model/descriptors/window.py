"""The 26 means of a window that older systems took for its sound: chroma, level, spectral shape, noisiness, timbre."""

from __future__ import annotations

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.descriptors.chroma import chroma
from model.descriptors.tempo import onset_strength, tempo
from model.errors import ParameterError
from model.features import mel_filterbank
from model.params import AudioParams, FeatureParams, ModelParams

N_FFT: Final = 2048
HOP_LENGTH: Final = 512
N_MFCC: Final = 20
ROLLOFF: Final = 0.85
MEANS: Final[tuple[str, ...]] = (
    "chroma_stft_mean",
    "rms_mean",
    "spectral_centroid_mean",
    "spectral_bandwidth_mean",
    "rolloff_mean",
    "zero_crossing_rate_mean",
    *(f"mfcc{number}_mean" for number in range(1, N_MFCC + 1)),
)
"""Names of the 26 means, in the order in which they are computed."""

_N_MELS: Final = 128
_TOP_DB: Final = 80.0
_SMALLEST_POWER: Final = 1e-10
_ZERO: Final = 1e-10  # samples this small have no sign


class Descriptors:
    """Describes windows of sound by the mean of each of 26 series over its frames.

    Parameters
    ----------
    audio : AudioParams, optional
        Sample rate and window.

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(66_150) / 22_050).astype(np.float32)
    >>> means = dict(zip(MEANS, Descriptors()(tone), strict=True))
    >>> round(float(means["zero_crossing_rate_mean"]), 3)
    0.039
    """

    def __init__(self, audio: AudioParams | None = None) -> None:
        self.audio = audio or AudioParams()
        self._filterbank = mel_filterbank(
            ModelParams(self.audio, FeatureParams(n_fft=N_FFT, hop_length=HOP_LENGTH, n_mels=_N_MELS))
        )
        self._hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(N_FFT) / N_FFT)).astype(np.float32)

    def __call__(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Describe a window.

        Parameters
        ----------
        samples : np.ndarray [shape=(window_samples,)], float32
            The sound; full scale is -1 to 1.

        Returns
        -------
        np.ndarray [shape=(26,)], float32
            In the order of `MEANS`: frequencies in Hz, cepstra of dB, the others without unit.

        Raises
        ------
        ParameterError
            If the window has another shape.
        """
        if samples.shape != (self.audio.window_samples,):
            expected = (self.audio.window_samples,)
            raise ParameterError(f"A window has shape {samples.shape}; the descriptors need exactly {expected}.")
        series = self.series(samples)
        mfcc = series.pop("mfcc").mean(axis=0)
        return np.array([*(values.mean() for values in series.values()), *mfcc], np.float32)

    def series(self, samples: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
        """Compute every series of a stretch of sound, a value (of chroma and MFCC several) for each frame.

        Parameters
        ----------
        samples : np.ndarray [shape=(n_samples,)], float32
            The sound, of any length.

        Returns
        -------
        dict of str to np.ndarray [shape=(n_frames,), (n_frames, 12) or (n_frames, 20)], float32
            ``chroma_stft``, ``rms``, ``spectral_centroid``, ``spectral_bandwidth``, ``rolloff``,
            ``zero_crossing_rate``, ``mfcc``. Frame ``i`` is centred on sample ``512 * i``, with zeros beyond the ends.
        """
        power = self._power(samples)
        return self._series(samples, power, self._mel_db(power))

    def series_and_tempo(self, samples: NDArray[np.float32]) -> tuple[dict[str, NDArray[np.float32]], float]:
        """Give what `series` and `tempo` give, for little more than one of them costs."""
        power = self._power(samples)
        mel_db = self._mel_db(power)
        return self._series(samples, power, mel_db), self._tempo(mel_db)

    def tempo(self, samples: NDArray[np.float32]) -> float:
        """Estimate the tempo of a stretch of sound, as `model.descriptors.tempo` does; 0 where nothing sets in."""
        return self._tempo(self._mel_db(self._power(samples)))

    def _series(
        self, samples: NDArray[np.float32], power: NDArray[np.float32], mel_db: NDArray[np.float32]
    ) -> dict[str, NDArray[np.float32]]:
        rate_hz = self.audio.sample_rate_hz
        frames = _framed(np.pad(samples, N_FFT // 2))
        magnitude = np.sqrt(power)
        bins_hz = (np.arange(power.shape[1]) * rate_hz / N_FFT).astype(np.float32)
        total = magnitude.sum(axis=1, keepdims=True)
        shape = magnitude / np.where(total < np.finfo(np.float32).tiny, 1, total)
        centroid = shape @ bins_hz
        spread = np.square(bins_hz - centroid[:, None])
        risen = np.cumsum(magnitude, axis=1)
        return {
            "chroma_stft": chroma(power, rate_hz),
            "rms": np.sqrt(np.mean(np.square(frames), axis=1)),
            "spectral_centroid": centroid,
            "spectral_bandwidth": np.sqrt((shape * spread).sum(axis=1)),
            "rolloff": bins_hz[(risen >= ROLLOFF * risen[:, -1:]).argmax(axis=1)],
            "zero_crossing_rate": _crossings(samples),
            "mfcc": np.asarray(mel_db @ _cosines(), np.float32),
        }

    def _tempo(self, mel_db: NDArray[np.float32]) -> float:
        return tempo(onset_strength(mel_db, N_FFT // (2 * HOP_LENGTH)), self.audio.sample_rate_hz / HOP_LENGTH)

    def _power(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        spectrum = np.fft.rfft(_framed(np.pad(samples, N_FFT // 2)) * self._hann, axis=1)
        return np.asarray(spectrum.real**2 + spectrum.imag**2, np.float32)

    def _mel_db(self, power: NDArray[np.float32]) -> NDArray[np.float32]:
        db = 10 * np.log10(np.maximum(power @ self._filterbank.T, np.float32(_SMALLEST_POWER)))
        return np.asarray(np.maximum(db, db.max() - _TOP_DB), np.float32)


@cache
def _cosines() -> NDArray[np.float32]:
    """Give the orthonormal DCT-II of the mel bands as a matrix, (128, 20)."""
    band = np.arange(_N_MELS)[:, None] + 0.5
    cosines = np.cos(np.pi * band * np.arange(N_MFCC) / _N_MELS) * np.sqrt(2 / _N_MELS)
    cosines[:, 0] /= np.sqrt(2)
    return np.asarray(cosines, np.float32)


def _framed(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.lib.stride_tricks.sliding_window_view(samples, N_FFT)[::HOP_LENGTH]


def _crossings(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Give each frame's share of samples that have another sign than the one before."""
    padded = np.pad(samples, N_FFT // 2, mode="edge")
    is_negative = padded < -_ZERO
    crosses = np.concatenate(([False], is_negative[1:] != is_negative[:-1]))
    return np.asarray(_framed(crosses)[:, 1:].sum(axis=1) / N_FFT, np.float32)  # not into the frame from before it
