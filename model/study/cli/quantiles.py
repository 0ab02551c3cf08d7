"""``python -m model quantiles``: how GTZAN's training tracks lie in what musicians' words are made of, as a table."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.genres import GENRES
from model.words import MEASURES, QUANTILES_PATH, in_units

N_STEPS: Final = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--out", type=Path, default=QUANTILES_PATH, metavar="FILE", help=f"table (default: {QUANTILES_PATH.name})"
    )


def run(args: argparse.Namespace) -> int:
    """Write the table.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    table = make_table()
    args.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    print(f"{args.out}: {len(MEASURES)} measures of {sum(table['n_tracks'].values())} tracks, {N_STEPS + 1} quantiles")
    return 0


def make_table() -> dict[str, Any]:
    """Take the quantiles of each genre's tracks of the training list, in the units that people are told.

    Returns
    -------
    dict
        ``command``, ``source``, ``n_tracks`` of each genre and ``quantiles``, by measure and genre.

    Raises
    ------
    DatasetError
        If GTZAN's table or lists are not there.
    """
    from model.study.datasets.features_table import load_table
    from model.study.datasets.gtzan import gtzan_home, read_split

    tracks = read_split("train")
    of_genre = {genre: [track for track in tracks if track.split(".")[0] == genre] for genre in GENRES}
    columns = tuple(measure.column for measure in MEASURES)
    table = load_table(gtzan_home(), columns)
    steps = np.linspace(0, 1, N_STEPS + 1)
    found: dict[str, dict[str, list[float]]] = {measure.name: {} for measure in MEASURES}
    for genre, names in of_genre.items():
        for measure, column in zip(MEASURES, table.of(names).T, strict=True):
            values = [in_units(measure, float(value)) for value in column]
            found[measure.name][genre] = [round(float(value), 3) for value in np.quantile(values, steps)]
    return {
        "command": "python -m model quantiles",
        "source": "GTZAN's features_30s.csv, fault-filtered training list",
        "n_tracks": {genre: len(names) for genre, names in of_genre.items()},
        "quantiles": found,
    }
