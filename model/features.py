"""Log-mel spectrograms of windows.

Frames lie wholly inside the window (no centre padding), levels are relative to the window's own maximum (0 dB) and
floored at -80 dB, and the window's mean is taken away first. So a window's features depend on its own samples and on
nothing else, and neither on gain nor on a constant offset, which nobody hears but the lowest bands would. The mel
filterbank is librosa's (Slaney scale, area-normalised); it is stored beside the weights so that serving needs no
librosa, and a test keeps the two equal.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.errors import CheckpointError, ParameterError
from model.params import ModelParams

_FRAMES_AT_ONCE: Final = 8  # small blocks are reused from the heap; large ones cost page faults, thrice the time

FILTERBANK_FOLDER: Final = Path(__file__).parent / "weights"


class LogMel:
    """Turns windows of sound into log-mel spectrograms.

    Every window is transformed by itself, with the same shapes each time, so that its features are the same to the
    last bit alone, in a batch, or in a stream.

    Parameters
    ----------
    params : ModelParams, optional
        Window, frame, hop, bands and floor.

    Examples
    --------
    >>> tone = np.sin(2 * np.pi * 440 * np.arange(66_150) / 22_050).astype(np.float32)
    >>> log_mel = LogMel()(tone)
    >>> log_mel.shape, float(log_mel.max()), round(float(log_mel.min()), 3)
    ((38, 128), 0.0, -80.0)
    """

    def __init__(self, params: ModelParams | None = None) -> None:
        self.params = params or ModelParams()
        features = self.params.features
        last_frame = features.n_frames(self.params.audio.window_samples) - 1
        self._n_covered = last_frame * features.hop_length + features.n_fft
        # The filterbank is sparse: kept as its non-zero weights, filter after filter. Summing just those beats a dense
        # matrix product, whose threads would also fight with those that score windows side by side.
        filterbank = mel_filterbank(self.params)
        bands, self._bins = np.nonzero(filterbank)
        self._weights = filterbank[bands, self._bins]
        self._first_of_band = np.searchsorted(bands, np.arange(features.n_mels))
        self._hann = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(features.n_fft) / features.n_fft)).astype(np.float32)

    def __call__(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute the log-mel spectrogram of one window.

        Parameters
        ----------
        samples : np.ndarray [shape=(window_samples,)], float32
            The window; full scale is -1 to 1.

        Returns
        -------
        np.ndarray [shape=(n_frames, n_mels)], float32
            Levels in dB relative to the window's maximum, in [-80, 0]; -80 throughout for digital silence.

        Raises
        ------
        ParameterError
            If the window has another shape.
        """
        expected = (self.params.audio.window_samples,)
        if samples.shape != expected:
            raise ParameterError(f"A window has shape {samples.shape}; the features need exactly {expected}.")
        offset = np.float32(samples[: self._n_covered].mean(dtype=np.float64))
        return self.relative_db(self.mel_power(samples - offset))

    def mel_power(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Compute the mel power spectrogram of any stretch of sound of at least one frame.

        Parameters
        ----------
        samples : np.ndarray [shape=(n_samples,)], float32
            The sound.

        Returns
        -------
        np.ndarray [shape=(n_frames, n_mels)], float32
            Power per band; frame ``i`` covers samples ``i * hop_length`` to ``i * hop_length + n_fft``.
        """
        features = self.params.features
        frames = np.lib.stride_tricks.sliding_window_view(samples, features.n_fft)[:: features.hop_length]
        mel_power = np.empty((len(frames), features.n_mels), np.float32)
        weighted = np.empty((_FRAMES_AT_ONCE, len(self._bins)), np.float32)
        for first in range(0, len(frames), _FRAMES_AT_ONCE):
            block = slice(first, first + _FRAMES_AT_ONCE)
            spectrum = np.fft.rfft(frames[block] * self._hann, axis=1)
            power = spectrum.real**2 + spectrum.imag**2
            rows = weighted[: len(power)]
            np.take(power, self._bins, axis=1, out=rows, mode="clip")  # spares the check of each index
            rows *= self._weights
            np.add.reduceat(rows, self._first_of_band, axis=1, out=mel_power[block])
        return mel_power

    def relative_db(self, mel_power: NDArray[np.float32]) -> NDArray[np.float32]:
        """Turn mel power into dB below its own maximum.

        Parameters
        ----------
        mel_power : np.ndarray [shape=(n_frames, n_mels)], float32
            Power, not negative.

        Returns
        -------
        np.ndarray [shape=(n_frames, n_mels)], float32
            dB in [-80, 0].
        """
        floor_db = self.params.features.floor_db
        loudest = mel_power.max()
        if loudest <= 0:
            return np.full(mel_power.shape, floor_db, np.float32)
        ratio = np.maximum(mel_power / loudest, np.float32(10 ** (floor_db / 10)))
        return np.asarray(10 * np.log10(ratio), np.float32)


@cache
def mel_filterbank(params: ModelParams) -> NDArray[np.float32]:
    """Load the stored mel filterbank that belongs to a set of parameters.

    Parameters
    ----------
    params : ModelParams
        Sample rate, n_fft and number of bands.

    Returns
    -------
    np.ndarray [shape=(n_mels, n_fft // 2 + 1)], float32
        One triangular filter a row.

    Raises
    ------
    CheckpointError
        If no filterbank is stored for these parameters.
    """
    path = filterbank_path(params)
    if not path.exists():
        raise CheckpointError(
            f"No mel filterbank {path.name} is stored beside the weights; "
            "write it with model.study.filterbank.store_filterbank (it requires librosa)."
        )
    with np.load(path) as stored:
        filterbank: NDArray[np.float32] = stored["filterbank"]
    return filterbank


def filterbank_path(params: ModelParams) -> Path:
    """Name the file that stores the filterbank of a set of parameters."""
    features = params.features
    name = f"mel_{params.audio.sample_rate_hz}_{features.n_fft}_{features.n_mels}.npz"
    return FILTERBANK_FOLDER / name
