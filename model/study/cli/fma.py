"""``python -m model fma``: the study of the Free Music Archive's eight genres (requires fma_small)."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Final

from model.study.datasets.folders import CACHE_FOLDER

NETWORKS: Final = ("dnn", "conv1d", "conv2d")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--data", type=Path, required=True, metavar="FOLDER", help="holds fma_metadata/tracks.csv and fma_small/"
    )
    parser.add_argument(
        "--network", choices=NETWORKS, action="append", help="which of the three; may be repeated (default: all)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the division and the fit (default: 0)")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("runs") / "fma",
        metavar="DIR",
        help="folder of the reports (default: runs/fma)",
    )
    parser.add_argument("--cache", type=Path, default=CACHE_FOLDER, metavar="DIR", help="where features are kept")
    parser.add_argument("--workers", type=int, metavar="N", help="processes for the features (default: one a core)")
    parser.add_argument("--quick", action="store_true", help="smoke test: one pass")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Fit and report each network asked for; exit status 1 if some clips could not be used."""
    from model.study.recipes.base import FitOptions
    from model.study.recipes.fma_sound import run_on_fma
    from model.study.recipes.systems.fma_study import CONV_1D, CONV_2D, DNN

    studies = dict(zip(NETWORKS, (DNN, CONV_1D, CONV_2D), strict=True))
    failures: dict[str, str] = {}
    args.out.mkdir(parents=True, exist_ok=True)
    for network in dict.fromkeys(args.network or NETWORKS):
        study = studies[network]
        options = FitOptions(args.seed, quick=args.quick, progress=not args.quiet)
        result = run_on_fma(study, args.data, options, cache_folder=args.cache, n_workers=args.workers)
        failures |= result.failures
        path = args.out / f"{network}.json"
        path.write_text(json.dumps(result.report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        claimed = study.about.claim.accuracy
        print(
            f"{path}: {study.about.title}: {result.report['accuracy']:.3f} of {result.report['n_test']} clips"
            + (f" (claimed {claimed:.3f})" if claimed else "")
        )
    for file, reason in failures.items():
        print(f"left out {file}: {reason}", file=sys.stderr)
    return 1 if failures else 0
