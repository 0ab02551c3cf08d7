"""Hand-made features of 3 s pieces of GTZAN's clips, ``features_3s.csv``: of the tracks whose sound could be had."""

from __future__ import annotations

import csv
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.descriptors.window import MEANS
from model.errors import DatasetError

TABLE_NAME: Final = "features_3s.csv"
PIECES_PER_TRACK: Final = 10


@cache
def load_pieces(home: Path) -> tuple[tuple[str, ...], dict[str, NDArray[np.float64]]]:
    """Read the table; read once for the same folder.

    Parameters
    ----------
    home : Path
        GTZAN's folder.

    Returns
    -------
    names : tuple of str
        What each column holds: `model.descriptors.window.MEANS`.
    pieces : dict of str to np.ndarray [shape=(10, n_columns)]
        By track, in order of time. Left out: pieces of altered sound (``audio_ok`` 0), and tracks that have fewer than
        ten others.

    Raises
    ------
    DatasetError
        If the table is missing, lacks a column, or a value is no finite number.
    """
    path = home / TABLE_NAME
    found: dict[str, dict[int, NDArray[np.float64]]] = defaultdict(dict)
    try:
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                if row["audio_ok"] == "1":
                    values = np.array([float(row[name]) for name in MEANS])
                    if not np.isfinite(values).all():
                        raise ValueError(f"{row['filename']}, piece {row['window']} has a value that is not finite")
                    found[row["filename"]][int(row["window"])] = values
    except (OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError) as error:
        raise DatasetError(
            f"{path} cannot be read ({error!r}). Put the table of the features of GTZAN's 3 s pieces there."
        ) from error
    whole = {track: pieces for track, pieces in found.items() if len(pieces) == PIECES_PER_TRACK}
    return MEANS, {track: np.stack([pieces[number] for number in sorted(pieces)]) for track, pieces in whole.items()}
