"""``python -m model reasons``: compare ways to tell why, on windows of GTZAN's validation list."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

from model.cli.arguments import add_model

OUT: Final = Path(__file__).parents[1] / "results" / "reasons.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_model(parser)
    parser.add_argument("--every", type=int, default=60, metavar="N", help="use every N-th window (default: 60)")
    parser.add_argument("--seed", type=int, default=0, help="of what is hidden at random (default: 0)")
    parser.add_argument("--out", type=Path, default=OUT, metavar="FILE", help=f"JSON to write (default: {OUT.name})")


def run(args: argparse.Namespace) -> int:
    """Compare them and write the table.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from model.checkpoint import read_card
    from model.study.datasets.gtzan import cut_windows, load_clips
    from model.study.evaluation.reasons import compare_ways

    tracks = cut_windows(load_clips("valid").columns_db)
    windows = tracks.reshape(-1, *tracks.shape[2:])[:: args.every]
    card = read_card(args.model)
    found = compare_ways(args.model, windows, seed=args.seed)
    table = {"command": "python -m model reasons", "model": f"{card.name} {card.version}", "every": args.every, **found}
    args.out.write_text(json.dumps(table, indent=1) + "\n", encoding="utf-8")
    for name, fall in found["fall"].items():
        print(f"{fall:6.2f}  {name}")
    return 0
