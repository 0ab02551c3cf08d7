"""What one training run needs, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.genres import GENRES
from model.study.datasets.division import split_by_chance
from model.study.datasets.folders import extract
from model.study.datasets.gtzan import Clips, load_clips, read_split

TRAIN_AND_VALID: Final = "train and valid, after everything had been chosen on valid"


@dataclass(frozen=True, eq=False)
class TrainingData:
    """Clips to learn from, to validate on and to test on, and what the card says of them.

    Attributes
    ----------
    genres : tuple of str
        In the order of the labels.
    train, valid : Clips
        To learn from; to choose the epoch and calibrate on.
    test : Clips or None
        To report on, once.
    artist_clean : tuple of int
        Rows of `test` whose artists are in neither other list.
    described : dict
        For the card.
    failures : dict of str to str
        Files that could not be read, and why.
    """

    genres: tuple[str, ...]
    train: Clips
    valid: Clips
    test: Clips | None
    artist_clean: tuple[int, ...] = ()
    described: dict[str, Any] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def train_and_valid(self) -> Clips:
        """Both lists, for a final fit once everything is chosen."""
        return joined(self.train, self.valid)

    @property
    def described_as_final(self) -> dict[str, Any]:
        """What a card says where both lists were learnt from."""
        n_tracks = self.described["n_tracks"] + self.described["n_valid_tracks"]
        return {**self.described, "trained_on": TRAIN_AND_VALID, "n_tracks": n_tracks}


def from_gtzan() -> TrainingData:
    """Take GTZAN's feature cache and its published fault-filtered split.

    Raises
    ------
    DatasetError
        If the data is not there.
    """
    train, valid, test = (load_clips(split) for split in ("train", "valid", "test"))
    clean = set(read_split("artist_clean"))
    return TrainingData(
        GENRES,
        train,
        valid,
        test,
        tuple(row for row, track in enumerate(test.tracks) if track in clean),
        {
            "source": "GTZAN (Tzanetakis and Cook, 2002), log-mel features with the decibels of the published MFCC "
            "means",
            "split": "published fault-filtered lists (Kereliuk, Sturm and Larsen, 2015)",
            "trained_on": "train",
            "n_tracks": len(train.tracks),
            "n_valid_tracks": len(valid.tracks),
            "without_features": list(train.missing),
        },
    )


def from_folder(
    folder: Path, *, seed: int, valid_share: float, cache_folder: Path, n_workers: int | None, progress: bool
) -> TrainingData:
    """Extract a folder of audio and divide its tracks by chance.

    Parameters
    ----------
    folder : Path
        Holds ``genre/track.wav``.
    seed : int
        Of the division.
    valid_share : float
        Share of each genre's tracks to validate on.
    cache_folder : Path
        Where features are kept.
    n_workers : int or None
        Processes; one a core for None.
    progress : bool
        Show a progress bar.

    Raises
    ------
    DatasetError
        If the folder is not usable.
    """
    extracted = extract(folder, cache_folder=cache_folder, n_workers=n_workers, progress=progress)
    train, valid = split_by_chance(extracted, seed=seed, valid_share=valid_share)
    return TrainingData(
        extracted.genres,
        train,
        valid,
        None,
        described={
            "source": f"audio files in {folder.name}",
            "split": f"by chance within each genre, {valid_share:.0%} of tracks to valid; artists unknown",
            "trained_on": "train",
            "n_tracks": len(set(train.tracks)),
            "n_valid_tracks": len(set(valid.tracks)),
            "unreadable": len(extracted.failures),
        },
        failures=extracted.failures,
    )


def joined(first: Clips, second: Clips) -> Clips:
    """Put two lists of clips together.

    Parameters
    ----------
    first, second : Clips
        Clips of equal length and the same genres.
    """
    return Clips(
        first.tracks + second.tracks,
        np.concatenate([first.labels, second.labels]),
        np.concatenate([first.columns_db, second.columns_db]),
        first.missing + second.missing,
    )
