"""The FMA study on the data set itself: features of the sound as fine as the source's, a 70/30 split, one report.

Requires fma_small: ``python -m model fma --data FOLDER``. Clips that cannot be decoded (some of fma_small are
empty) are reported and left out.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import AudioTooShortError, DatasetError, ParameterError
from model.params import AudioParams
from model.study.datasets.fma import FmaListing, divide_70_30, list_fma
from model.study.datasets.folders import CACHE_FOLDER
from model.study.datasets.many import compute_all
from model.study.evaluation.metrics import confusion_counts
from model.study.recipes.base import FitOptions, Windows
from model.study.recipes.systems.fma_study import N_MELS, N_MFCC, FmaStudy

MFCC_COLUMNS: Final = 2500
MFCC_HOP: Final = 264  # samples: 2500 columns over 29.9 s at 22,050 Hz
MEL_COLUMNS: Final = 1366
MEL_HOP: Final = 484  # samples: 1366 columns over 30.0 s at 22,050 Hz
KINDS: Final = ("mean_mfcc", "mfcc", "mel")
_N_FFT: Final = 2048


@dataclass(frozen=True, eq=False)
class StudyResult:
    """One network of the study on the archive.

    Attributes
    ----------
    report : dict
        Figures and how they were come by, ready for JSON.
    fitted : Any
        The network.
    failures : dict of str to str
        Clips that could not be used, and why.
    """

    report: dict[str, Any]
    fitted: Any
    failures: dict[str, str]


def sound_features(samples: NDArray[np.float32], kind: str) -> NDArray[np.floating[Any]]:
    """Compute the study's features of a clip's sound.

    Parameters
    ----------
    samples : np.ndarray [shape=(n_samples,)], float32
        Mono, 22,050 Hz.
    kind : {"mean_mfcc", "mfcc", "mel"}
        Which: means of 80 MFCCs, 2500 columns of them, or 1366 columns of 96 mel bands.

    Returns
    -------
    np.ndarray [shape=(80,), float32, or shape=(2500, 80) or (1366, 96), float16]
        MFCCs of dB, or dB below the clip's maximum; a clip that is shorter than 30 s is repeated to the length.

    Raises
    ------
    ParameterError
        If the kind is unknown.
    AudioTooShortError
        If the clip is shorter than 3 s: some of the archive's are hardly there.
    """
    import librosa

    if kind not in KINDS:
        raise ParameterError(f"There are no features {kind!r}; use one of {', '.join(KINDS)}.")
    audio = AudioParams()
    if len(samples) < audio.window_samples:
        seconds = len(samples) / audio.sample_rate_hz
        raise AudioTooShortError(f"The clip lasts {seconds:.1f} s; the study needs at least 3 s. Leave it out.")
    is_mel = kind == "mel"
    hop, n_columns = (MEL_HOP, MEL_COLUMNS) if is_mel else (MFCC_HOP, MFCC_COLUMNS)
    clip = np.resize(samples, hop * (n_columns - 1) + 1)  # centred frames: one a hop and one at the end
    power = librosa.feature.melspectrogram(
        y=clip, sr=audio.sample_rate_hz, n_fft=_N_FFT, hop_length=hop, n_mels=N_MELS if is_mel else 128
    )
    if is_mel:
        return np.asarray(librosa.power_to_db(power, ref=np.max).T, np.float16)
    mfcc = librosa.feature.mfcc(S=librosa.power_to_db(power), n_mfcc=N_MFCC).T
    return np.asarray(mfcc.mean(axis=0)) if kind == "mean_mfcc" else np.asarray(mfcc, np.float16)


def features_of_file(path: Path, *, kind: str) -> NDArray[np.floating[Any]]:
    """Decode a clip and compute its features.

    Parameters
    ----------
    path : Path
        MP3 or any other audio file.
    kind : {"mean_mfcc", "mfcc", "mel"}
        As for `sound_features`.

    Returns
    -------
    np.ndarray
        As `sound_features` gives them.

    Raises
    ------
    AudioError
        If the file cannot be used.
    """
    from model.audio.decode import decode

    return sound_features(decode(path).samples, kind)


def run_on_fma(
    recipe: FmaStudy,
    home: Path,
    options: FitOptions,
    *,
    cache_folder: Path = CACHE_FOLDER,
    n_workers: int | None = None,
) -> StudyResult:
    """Fit one network of the study to the archive's clips and report on the other 30 %.

    Parameters
    ----------
    recipe : FmaStudy
        Which network.
    home : Path
        Holds ``fma_metadata`` and ``fma_small``.
    options : FitOptions
        Seed (of the division too) and progress.
    cache_folder : Path
        Where features are kept; the MFCCs of 8000 clips take 3 GB there, and four times that in memory during the fit.
    n_workers : int, optional
        Processes that compute features; one a core by default.

    Returns
    -------
    StudyResult
        Accuracy, confusion and the network.

    Raises
    ------
    DatasetError
        If the folder is not laid out as FMA, or too few clips can be used.
    """
    listing = list_fma(home)
    arrays, failures = compute_all(
        [track.path for track in listing.tracks],
        partial(features_of_file, kind=recipe.columns),
        key=f"fma-1 {recipe.columns}",
        cache_folder=cache_folder,
        n_workers=n_workers,
        progress=options.progress,
    )
    rows = [row for row, track in enumerate(listing.tracks) if track.path in arrays]
    labels = listing.labels[rows]
    if len(np.unique(labels)) < len(listing.genres):
        raise DatasetError(
            f"Only clips of {len(np.unique(labels))} of {len(listing.genres)} genres in {home} can be decoded "
            f"({len(failures)} files failed); unpack the archive again."
        )
    values = np.stack([arrays[listing.tracks[row].path] for row in rows])
    train, test = divide_70_30(labels, seed=options.seed)
    model = recipe.build(values.shape[1:], len(listing.genres), seed=options.seed)
    fitted = recipe.fit(
        model,
        Windows(values[train], labels[train]),
        Windows(values[test], labels[test]),  # as in the source; nothing is chosen by it: the last epoch is kept
        options,
    )
    decided = recipe.predict(fitted, values[test]).argmax(axis=1).astype(np.int64)
    report = _report(recipe, listing, options, decided, labels[test], len(train), len(failures))
    return StudyResult(report, fitted, {str(path): reason for path, reason in failures.items()})


def _report(
    recipe: FmaStudy,
    listing: FmaListing,
    options: FitOptions,
    decided: NDArray[np.int64],
    labels: NDArray[np.int64],
    n_train: int,
    n_failed: int,
) -> dict[str, Any]:
    claim = recipe.about.claim
    return {
        "recipe": recipe.about.name,
        "title": recipe.about.title,
        "claimed": {"accuracy": claim.accuracy, "measured_on": claim.measured_on},
        "split": "70/30 by chance within each genre; an artist may be on both sides",
        "seed": options.seed,
        "genres": list(listing.genres),
        "accuracy": float((decided == labels).mean()),
        "confusion": confusion_counts(decided, labels, len(listing.genres)).tolist(),
        "n_train": n_train,
        "n_test": len(labels),
        "unreadable": n_failed,
        "missing": len(listing.missing),
    }
