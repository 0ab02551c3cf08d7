"""The two-block network on its original input: 40 MFCC, harmonic and percussive channels.

Source: Gregorutti's genre dashboard (github.com/bgregorutti/music-genre-classification; ``features_extraction.py``,
``models.py`` and ``train_cnn.py`` in ``genre/``). Of each 3 s window it takes a 40-band mel power spectrogram, splits
it into harmonic and percussive power by median filtering (Fitzgerald, "Harmonic/percussive separation using median
filtering", DAFx 2010; masks after Driedger et al., ISMIR 2014), and stacks both with the 40 MFCC of its dB as three
channels of one picture. Network: Conv2D 32 and 128, 3 x 3, each max-pooled, dropout, global average pooling, dense 512.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from model.mel import band_centres_hz
from model.params import ModelParams
from model.study.datasets.gtzan import WINDOWS_PER_TRACK, cut_windows
from model.study.recipes.about import About, Claim
from model.study.recipes.base import Examples, FitOptions, Windows
from model.study.recipes.keras_fit import KerasFit, KerasRecipe, fit_keras

if TYPE_CHECKING:
    import keras

N_BANDS: Final = 40
KERNEL_COLUMNS: Final = 9  # 0.70 s; the source's 31 columns of 512 samples are 0.72 s
KERNEL_BANDS: Final = 31
LOUDEST: Final = 100.0
FIT: Final = KerasFit(
    epochs=100,
    batch_size=32,
    loss="binary_crossentropy",
    stop_on="loss",
    patience=3,
    keep_best=False,
    lower_rate_after=10,
)
_FLOOR_DB: Final = -80.0
_TRACKS_AT_ONCE: Final = 32


@cache
def bands_to_bands(n_from: int, n_to: int, sample_rate_hz: int) -> NDArray[np.float32]:
    """Make the matrix from many mel bands to few, as if the few had been taken from the spectrum.

    A mel band is the mean power density under a triangle; the few bands are the densities of the many, weighted by the
    wider triangles.

    Parameters
    ----------
    n_from, n_to : int
        Number of bands; Slaney scale and area normalisation on both sides, from 0 Hz to half the sample rate.
    sample_rate_hz : int
        In Hz.

    Returns
    -------
    np.ndarray [shape=(n_from, n_to)], float32
        Multiplies mel power from the right.
    """
    nyquist = sample_rate_hz / 2
    edges = np.concatenate([[0.0], band_centres_hz(n_to, sample_rate_hz), [nyquist]])
    fine = np.concatenate([[0.0], band_centres_hz(n_from, sample_rate_hz), [nyquist]])
    width_hz = (fine[2:] - fine[:-2]) / 2
    centres = fine[1:-1, None]
    rising = (centres - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - centres) / (edges[2:] - edges[1:-1])
    triangles = np.maximum(0, np.minimum(rising, falling))
    return np.asarray(triangles * width_hz[:, None] * 2 / (edges[2:] - edges[:-2]), np.float32)


def split_harmonic_percussive(
    power: NDArray[np.float32], *, columns: int = KERNEL_COLUMNS, bands: int = KERNEL_BANDS
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Split power spectrograms into a harmonic and a percussive part that add up to it.

    Parameters
    ----------
    power : np.ndarray [shape=(n, n_columns, n_bands)], float32
        Power, not negative.
    columns, bands : int
        Lengths of the median filters along time and along frequency.

    Returns
    -------
    harmonic, percussive : np.ndarray [shape=(n, n_columns, n_bands)], float32
        Their parts of the power.
    """
    from scipy.ndimage import median_filter

    harmonic = np.square(median_filter(power, size=(1, columns, 1), mode="reflect"), dtype=np.float64)
    percussive = np.square(median_filter(power, size=(1, 1, bands), mode="reflect"), dtype=np.float64)
    whole = harmonic + percussive
    share = np.divide(harmonic, whole, out=np.full_like(whole, 0.5), where=whole > np.finfo(np.float64).tiny)
    kept = (power * share).astype(np.float32)
    return kept, np.asarray(power - kept)


def stack_channels(windows_db: NDArray[np.float32]) -> NDArray[np.float32]:
    """Turn log-mel windows into pictures of MFCC, harmonic and percussive power.

    Parameters
    ----------
    windows_db : np.ndarray [shape=(n, n_frames, n_mels)], float32
        dB below each window's maximum.

    Returns
    -------
    np.ndarray [shape=(n, n_frames, 40, 3)], float32
        MFCC of the dB of 40 bands; harmonic and percussive power, the window's loudest cell being 100 in all.
    """
    from scipy.fft import dct

    to_few = bands_to_bands(windows_db.shape[2], N_BANDS, ModelParams().audio.sample_rate_hz)
    power = np.power(np.float32(10), windows_db / np.float32(10)) @ to_few
    power = power / np.maximum(power.max(axis=(1, 2), keepdims=True), np.finfo(np.float32).tiny)
    level_db = np.maximum(10 * np.log10(np.maximum(power, np.float32(1e-12))), np.float32(_FLOOR_DB))
    cepstra = dct(level_db, axis=2, norm="ortho")
    harmonic, percussive = split_harmonic_percussive(np.float32(LOUDEST) * power)
    return np.stack([cepstra, harmonic, percussive], axis=-1).astype(np.float32)


class MfccHpss(KerasRecipe):
    """The original's network and features."""

    about = About(
        name="mfcc_hpss",
        title="Two-block CNN on 40 MFCC + harmonic + percussive",
        source="github.com/bgregorutti/music-genre-classification",
        claim=Claim(0.9461, "GTZAN, 3 s windows divided 80/10/10 by chance, which leaks"),
        window_seconds=3.0,
        windows_per_track=WINDOWS_PER_TRACK,
        deviations=(
            "38 columns 77 ms apart in place of 130 columns 23 ms apart: the data has no finer ones; the median filter "
            "along time is shortened to the same 0.7 s.",
            "The 40 mel bands are made from 128, and their level is relative to the window's maximum, which is 100 in "
            "power: the data has lost the absolute level.",
            "The 20 % dropout that the source's README states, not the 30 % of its later code.",
        ),
    )

    def features(self, examples: Examples) -> NDArray[np.float32]:
        """Make three channels of 38 columns by 40 for each window."""
        clips = examples.clips.columns_db
        per_track = self.about.windows_per_track
        parts = []
        for first in range(0, len(clips), _TRACKS_AT_ONCE):
            windows = cut_windows(clips[first : first + _TRACKS_AT_ONCE], per_track=per_track)
            flat = stack_channels(windows.reshape(-1, *windows.shape[2:]))
            parts.append(flat.reshape(-1, per_track, *flat.shape[1:]))
        return np.concatenate(parts)

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> keras.Model:
        """Build the source's network."""
        import keras

        keras.utils.set_random_seed(seed)
        layers = keras.layers
        picture = keras.Input(shape, name="mfcc_harmonic_percussive")
        x = picture
        for number, filters in enumerate((32, 128), 1):
            x = layers.Conv2D(filters, 3, activation="relu", name=f"conv_{number}")(x)
            x = layers.MaxPooling2D(2, padding="same", name=f"pool_{number}")(x)
        x = layers.Dropout(0.2, name="dropout")(x)
        x = layers.GlobalAveragePooling2D(name="global_pool")(x)
        x = layers.Dense(512, activation="relu", name="dense")(x)
        return keras.Model(picture, layers.Dense(n_genres, activation="softmax", name="posterior")(x), name="mfcc_hpss")

    def fit(self, model: keras.Model, train: Windows, valid: Windows, options: FitOptions) -> keras.Model:
        """Fit with the source's settings, its binary cross-entropy and its stopping on the training loss included."""
        return fit_keras(model, train, valid, options, FIT)


RECIPE: Final = MfccHpss()
