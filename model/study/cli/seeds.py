"""``python -m model seeds``: fit the final network with several seeds and report mean and deviation."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Final

from model.study.network import PRECISIONS

RESULTS: Final = Path(__file__).parents[1] / "results" / "seeds.json"
PLAIN_RESULTS: Final = RESULTS.with_name("seeds_plain.json")
QUICK_RESULTS: Final = Path("runs/seeds_quick.json")
_PLAIN_EPOCHS: Final = 36
_LIST: Final = "fault-filtered test list"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4], help="default: 0 to 4")
    parser.add_argument("--epochs", type=int, help="epochs of 50 steps of each fit (default: 36; 192 with teachers)")
    parser.add_argument(
        "--twin",
        type=Path,
        metavar="CHECKPOINT",
        help="start every fit from this checkpoint's weights, as train --go-on",
    )
    parser.add_argument("--learning-rate", type=float, help="highest rate of a fit (default: that of train)")
    parser.add_argument("--with-teachers", action="store_true", help="learn from teachers and other music too")
    parser.add_argument(
        "--precision", choices=PRECISIONS, default="float32", help="mixed_bfloat16 is faster where the processor has it"
    )
    parser.add_argument("--runs", type=Path, default=Path("runs/seeds"), help="folder of runs that can be resumed")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help=f"result (default: {PLAIN_RESULTS.name}, or {RESULTS.name} with teachers)",
    )
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"smoke test: two steps, valid in place of test, written to {QUICK_RESULTS}",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bars")


def run(args: argparse.Namespace) -> int:
    """Fit on train and valid together, seed by seed, and report on test.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from model.study.datasets.gtzan import cut_windows
    from model.study.datasets.sets import TRAIN_AND_VALID, from_gtzan
    from model.study.evaluation.seeds import mean_and_deviation, seed_metrics
    from model.study.network import load_network, predict_tracks
    from model.study.training.augment import AugmentParams
    from model.study.training.lessons import lessons_from_gtzan
    from model.study.training.params import WITH_TEACHERS, TrainParams
    from model.study.training.two_block import fit_two_block

    settings = TrainParams(epochs=_PLAIN_EPOCHS, precision=args.precision)
    if args.with_teachers:
        settings = replace(settings, **WITH_TEACHERS)
    if args.epochs:
        settings = replace(settings, epochs=args.epochs)
    if args.learning_rate:
        settings = replace(settings, learning_rate=args.learning_rate)
    if args.quick:
        settings = replace(settings, epochs=1, steps_per_epoch=2, batch_size=8, nonmusic_per_batch=0)
    out: Path = args.out or (QUICK_RESULTS if args.quick else RESULTS if args.with_teachers else PLAIN_RESULTS)
    out.parent.mkdir(parents=True, exist_ok=True)
    data = from_gtzan()
    learnt = data.train if args.quick else data.train_and_valid
    reported = data.valid if args.quick or data.test is None else data.test
    windows_db = cut_windows(reported.columns_db)
    lessons = lessons_from_gtzan(learnt, settings, choosing=args.quick)
    clean = () if args.quick else data.artist_clean
    fits: list[dict[str, float]] = []
    for seed in args.seeds:
        fitted = fit_two_block(
            learnt,
            None,
            args.runs / f"{'quick' if args.quick else 'seed'}_{seed}",
            n_genres=len(data.genres),
            lessons=lessons,
            start=load_network(args.twin / "model.keras") if args.twin else None,
            train=replace(settings, seed=seed),
            augment=AugmentParams(),
            progress=not args.quiet,
        ).result.model
        found = seed_metrics(predict_tracks(fitted, windows_db), reported.labels, data.genres, clean)
        fits.append({"seed": seed, **found})
        over_seeds = mean_and_deviation(fits)
        result = {
            "command": shlex.join(["python", "-m", "model", *sys.argv[1:]]),
            "learnt_from": "train" if args.quick else TRAIN_AND_VALID,
            **lessons.to_dict(),
            "started_from": f"the weights of {args.twin}, the same for every seed" if args.twin else "fresh weights",
            "list": "valid (quick)" if args.quick else _LIST,
            "n_tracks": len(reported.tracks),
            "steps": settings.epochs * settings.steps_per_epoch,
            "seeds": fits,
            **over_seeds,
        }
        out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        print(f"seed {seed}: {found['track_accuracy']:.3f} of tracks, {found['window_accuracy']:.3f} of windows")
    mean, deviation = over_seeds["mean"], over_seeds["deviation"]
    print(
        f"{out}: tracks {mean['track_accuracy']:.3f} ± {deviation['track_accuracy']:.3f}, "
        f"windows {mean['window_accuracy']:.3f} ± {deviation['window_accuracy']:.3f}"
    )
    return 0
