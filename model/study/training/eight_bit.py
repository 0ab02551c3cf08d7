"""The same network in 8-bit numbers: a checkpoint a quarter of the size whose convolutions take a third of the time.

Weights are rounded to 8 bits once, activations anew for each window ("dynamic range quantisation" of LiteRT). So its
posteriors differ a little from those of the network that it was made from, by how much stands on its card; and a
difference of the sound too small to hear may be rounded up, where the float network passes it on as it is.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.calibration import spread_of
from model.checkpoint import Card, WeightsFile, read_card, read_weights, sha256, write_card
from model.classifier import Classifier
from model.cli.quiet import quiet_native_start
from model.study.network import load_network, to_litert
from model.study.training.export import LabelledWindows, installed_versions, test_figures

_WEIGHTS: Final = "model.tflite"


def export_eight_bit(
    source: Path,
    folder: Path,
    *,
    beside: NDArray[np.float32],
    test: LabelledWindows,
    artist_clean: Sequence[int] = (),
    nonmusic: Mapping[str, NDArray[np.float32]] | None = None,
    command: str = "",
) -> Card:
    """Write a checkpoint in 8-bit numbers; its card tells its own figures.

    Parameters
    ----------
    source : Path
        The checkpoint in floats, with its Keras file. Temperature and rule of `unsure` are taken from it.
    folder : Path
        Where to write; made if missing, earlier files replaced. Its name is the new model's.
    beside : np.ndarray [shape=(n, n_frames, n_mels)], float32
        Windows on which both are compared.
    test : LabelledWindows
        Looked at once, for the figures.
    artist_clean : sequence of int
        Rows of ``test`` whose artists were not learnt from.
    nonmusic : mapping of str to np.ndarray [shape=(n, n_frames, n_mels)], optional
        Non-music that was not learnt, by kind.
    command : str
        For the card.

    Returns
    -------
    Card
        The card written.

    Raises
    ------
    CheckpointError
        If the source is incomplete.
    """
    of_floats = read_card(source)
    read_weights(source, of_floats, "keras")
    content = to_litert(load_network(source / of_floats.files["keras"].name), eight_bit=True)
    card = replace(
        of_floats,
        name=folder.name,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        files={"litert": WeightsFile(_WEIGHTS, sha256(content))},
        figures={},
        training={
            "command": command,
            "made_from": {"name": of_floats.name, "version": of_floats.version, "hash": of_floats.short_hash},
        },
        versions=installed_versions(),
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _WEIGHTS).write_bytes(content)
    write_card(folder, card)
    with quiet_native_start():
        floats, eight_bit = Classifier(source), Classifier(folder)
    n_tracks, n_windows = test.windows_db.shape[:2]
    posteriors = eight_bit.posteriors(test.windows_db.reshape(n_tracks * n_windows, *test.windows_db.shape[2:]))
    unsure = {"music": _unsure(posteriors, card)}
    unsure |= {kind: _unsure(eight_bit.posteriors(windows), card) for kind, windows in (nonmusic or {}).items()}
    figures = {
        **test_figures(posteriors.reshape(n_tracks, n_windows, -1), test, artist_clean, card.genres),
        "unsure": unsure,
        "beside_floats": compared(floats.posteriors(beside), eight_bit.posteriors(beside)),
    }
    card = replace(card, figures=figures)
    write_card(folder, card)
    return card


def compared(floats: NDArray[np.float32], eight_bit: NDArray[np.float32]) -> dict[str, Any]:
    """Tell how far the posteriors of the same windows lie apart.

    Parameters
    ----------
    floats, eight_bit : np.ndarray [shape=(n_windows, n_genres)], float32
        Of both networks.

    Returns
    -------
    dict
        Number of windows, mean and largest difference of a posterior, and the share of windows with the same genre.
    """
    apart = np.abs(floats - eight_bit)
    return {
        "n_windows": len(floats),
        "mean_difference": float(apart.mean()),
        "largest_difference": float(apart.max()),
        "same_genre": float((floats.argmax(axis=1) == eight_bit.argmax(axis=1)).mean()),
    }


def _unsure(posteriors: NDArray[np.float32], card: Card) -> float:
    return float((spread_of(posteriors) > card.largest_spread).mean())
