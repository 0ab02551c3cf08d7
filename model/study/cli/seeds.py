"""``python -m model seeds``: fit the final network with several seeds and report mean and deviation."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from model.study.datasets.sets import TRAIN_AND_VALID
from model.study.network import PRECISIONS
from model.study.training.params import WITH_TEACHERS

if TYPE_CHECKING:
    import keras

    from model.study.datasets.sets import TrainingData

RESULTS: Final = Path(__file__).parents[1] / "results" / "seeds.json"
PLAIN_RESULTS: Final = RESULTS.with_name("seeds_plain.json")
QUICK_RESULTS: Final = Path("runs/seeds_quick.json")
_PLAIN_EPOCHS: Final = 36
_SEEDS: Final = (0, 1, 2, 3, 4)
_LIST: Final = "fault-filtered test list"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--seeds", type=int, nargs="+", help="default: 0 to 4; with --fitted, all that are there")
    parser.add_argument(
        "--fitted",
        type=Path,
        metavar="FITS.npz",
        help="report on the weights that accelerate fitted, and fit none",
    )
    parser.add_argument(
        "--epochs",
        type=int,
        help=f"epochs of 50 steps of each fit (default: {_PLAIN_EPOCHS}; {WITH_TEACHERS['epochs']} with teachers)",
    )
    parser.add_argument(
        "--twin",
        type=Path,
        metavar="CHECKPOINT",
        help="start every fit from this checkpoint's weights, as train --go-on",
    )
    parser.add_argument("--learning-rate", type=float, help="highest rate of a fit (default: that of train)")
    parser.add_argument("--with-teachers", action="store_true", help="learn from teachers and other music too")
    parser.add_argument(
        "--precision", choices=PRECISIONS, help="mixed_bfloat16 is faster where the processor has it (default: float32)"
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


class Fits(NamedTuple):
    """Networks of several seeds, fitted when they are asked for, and what the result says of them."""

    models: Iterator[tuple[int, keras.Model]]
    said: dict[str, Any]
    have_teachers: bool


def run(args: argparse.Namespace) -> int:
    """Fit on train and valid together, or take what was fitted, seed by seed, and report on test.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from model.study.datasets import sets
    from model.study.datasets.gtzan import cut_windows
    from model.study.evaluation.seeds import mean_and_deviation, seed_metrics
    from model.study.network import predict_tracks

    data = sets.from_gtzan()
    fits = _fitted(args, data) if args.fitted else _to_fit(args, data)
    default = QUICK_RESULTS if args.quick else RESULTS if fits.have_teachers else PLAIN_RESULTS
    out: Path = args.out or default
    out.parent.mkdir(parents=True, exist_ok=True)
    reported = data.valid if args.quick or data.test is None else data.test
    windows_db = cut_windows(reported.columns_db)
    clean = () if args.quick else data.artist_clean
    found_of_seeds: list[dict[str, float]] = []
    for seed, model in fits.models:
        found = seed_metrics(predict_tracks(model, windows_db), reported.labels, data.genres, clean)
        found_of_seeds.append({"seed": seed, **found})
        over_seeds = mean_and_deviation(found_of_seeds)
        result = {
            "command": shlex.join(["python", "-m", "model", *sys.argv[1:]]),
            **fits.said,
            "list": "valid (quick)" if args.quick else _LIST,
            "n_tracks": len(reported.tracks),
            "seeds": found_of_seeds,
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


def _to_fit(args: argparse.Namespace, data: TrainingData) -> Fits:
    """Fit a network a seed here, with Keras."""
    from model.study.network import load_network
    from model.study.training.augment import AugmentParams
    from model.study.training.lessons import lessons_from_gtzan
    from model.study.training.params import TrainParams
    from model.study.training.two_block import fit_two_block

    settings = TrainParams(epochs=_PLAIN_EPOCHS, precision=args.precision or TrainParams.precision)
    if args.with_teachers:
        settings = replace(settings, **WITH_TEACHERS)
    if args.epochs:
        settings = replace(settings, epochs=args.epochs)
    if args.learning_rate:
        settings = replace(settings, learning_rate=args.learning_rate)
    if args.quick:
        settings = replace(settings, epochs=1, steps_per_epoch=2, batch_size=8, nonmusic_per_batch=0)
    learnt = data.train if args.quick else data.train_and_valid
    lessons = lessons_from_gtzan(learnt, settings, choosing=args.quick)

    def models() -> Iterator[tuple[int, keras.Model]]:
        for seed in args.seeds or _SEEDS:
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
            )
            yield seed, fitted.result.model

    said = {
        "learnt_from": "train" if args.quick else TRAIN_AND_VALID,
        **lessons.to_dict(),
        "started_from": f"the weights of {args.twin}, the same for every seed" if args.twin else "fresh weights",
        "steps": settings.epochs * settings.steps_per_epoch,
    }
    return Fits(models(), said, args.with_teachers)


def _fitted(args: argparse.Namespace, data: TrainingData) -> Fits:
    """Take what `accelerate` fitted."""
    from model.errors import ParameterError
    from model.study.accelerator import fits as files
    from model.study.cli.settings import refuse_settings

    refuse_settings(args, more=("twin", "epochs", "learning_rate", "precision"))
    fits = files.Fits.read(args.fitted)
    on_both = fits.learnt_from != files.LISTS[0]
    if on_both and (args.quick or data.test is None):
        raise ParameterError(f"{args.fitted} learnt from valid, which --quick would report on; leave out --quick.")
    if data.genres != fits.genres:
        raise ParameterError(f"{args.fitted} tells {', '.join(fits.genres)} apart, not GTZAN's genres.")
    said = {
        "fitted_by": fits.by_accelerate(),
        "learnt_from": TRAIN_AND_VALID if on_both else "train",
        **fits.lessons,
        "started_from": "fresh weights",
        "steps": fits.steps,
    }
    models = ((seed, fits.model_of(seed)) for seed in args.seeds or sorted(fits.weights))
    return Fits(models, said, fits.train.has_teachers)
