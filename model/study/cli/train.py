"""``python -m model train``: train the network from GTZAN's feature cache or from a folder of audio."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from model.checkpoint import FIRST_RELEASE

if TYPE_CHECKING:
    import keras

    from model.checkpoint import Card
    from model.study.datasets.gtzan import Clips
    from model.study.datasets.sets import TrainingData
    from model.study.training.fit import FitResult
    from model.study.training.params import TrainParams


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        The command's own parser.
    """
    from model.study.cli.settings import add_settings
    from model.study.datasets.folders import CACHE_FOLDER

    parser.add_argument(
        "--data", type=Path, metavar="DIR", help="folder of genre/track.wav; without it, GTZAN's cache (GTZAN_HOME)"
    )
    parser.add_argument(
        "--output", type=Path, default=Path("runs/two_block/checkpoint"), help="folder of the checkpoint"
    )
    parser.add_argument(
        "--run", type=Path, default=Path("runs/two_block"), help="folder of the run; continued if found"
    )
    parser.add_argument("--name", default="two_block", help="name on the card")
    parser.add_argument("--release", default=FIRST_RELEASE, metavar="VERSION", help="version on the card")
    parser.add_argument("--valid-share", type=float, default=0.2, help="with --data: share of tracks to validate on")
    parser.add_argument("--workers", type=int, help="with --data: processes that extract features (default: all cores)")
    parser.add_argument("--cache", type=Path, default=CACHE_FOLDER, help="with --data: cache of features")
    parser.add_argument(
        "--no-test", action="store_true", help="leave the test list alone; the card states valid figures"
    )
    parser.add_argument(
        "--twin",
        type=Path,
        metavar="CHECKPOINT",
        help="once everything is chosen: fit on train and valid together, for all of --epochs; this checkpoint, fitted "
        "the same way on train alone, gives temperature, rule of unsure and valid figures",
    )
    parser.add_argument(
        "--go-on",
        action="store_true",
        help="with --twin: start from the twin's weights instead of fresh ones, which takes far fewer steps",
    )
    parser.add_argument(
        "--fitted",
        type=Path,
        metavar="FITS.npz",
        help="export the weights that accelerate fitted with --seed, and fit none; those fitted on train and valid "
        "together need --twin, a checkpoint of those fitted on train alone",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bars")
    add_settings(parser)


def run(args: argparse.Namespace) -> int:
    """Train, export and report.

    Parameters
    ----------
    args : argparse.Namespace
        From `add_arguments`.

    Returns
    -------
    int
        0; 1 if some audio files could not be read and were left out.
    """
    if args.fitted:
        data, weights = _fitted(args)
    else:
        data, weights = _fit(args)
    shown = _export(args, data, weights).figures
    print(
        f"{args.output}: {shown['split']}: {shown['track_accuracy']:.3f} of {shown['n_tracks']} tracks, "
        f"{shown['window_accuracy']:.3f} of {shown['n_windows']} windows, "
        f"calibration error {shown['expected_calibration_error']:.3f}"
    )
    for path, reason in data.failures.items():
        print(f"skipped {path}: {reason}", file=sys.stderr)
    if data.failures:
        print(f"{len(data.failures)} file(s) could not be read and were left out", file=sys.stderr)
    return 1 if data.failures else 0


class Fitted(NamedTuple):
    """A fitted network, what its card says of the fit and of who taught it, and the seed; however it was fitted."""

    model: keras.Model
    account: dict[str, Any]
    lessons: Mapping[str, Any]
    seed: int
    has_nonmusic: bool


def _fit(args: argparse.Namespace) -> tuple[TrainingData, Fitted]:
    """Fit the network here, with Keras."""
    from model.errors import ParameterError
    from model.study.cli.settings import settings_of
    from model.study.network import load_network
    from model.study.training.lessons import lessons_from_gtzan
    from model.study.training.two_block import fit_two_block

    train, augment = settings_of(args)
    if args.data and train.has_teachers:
        raise ParameterError("The teachers heard GTZAN and other music only; leave out --data, or the teachers.")
    if args.go_on and not args.twin:
        raise ParameterError("--go-on needs --twin, the checkpoint to go on from.")
    data = _load(args, train)
    learnt = data.train_and_valid if args.twin else data.train
    lessons = lessons_from_gtzan(learnt, train, choosing=not args.twin)
    fitted = fit_two_block(
        learnt,
        None if args.twin else data.valid,
        args.run,
        n_genres=len(data.genres),
        lessons=lessons,
        start=load_network(args.twin / "model.keras") if args.go_on else None,
        train=train,
        augment=augment,
        progress=not args.quiet,
    )
    if fitted.nonmusic and "speech" not in fitted.nonmusic:
        print("espeak-ng is not installed: the non-music learnt holds no speech", file=sys.stderr)
    _write_history(fitted.result, args.run)
    has_nonmusic = bool(train.nonmusic_per_batch)
    return data, Fitted(fitted.result.model, fitted.to_dict(), lessons.to_dict(), train.seed, has_nonmusic)


def _fitted(args: argparse.Namespace) -> tuple[TrainingData, Fitted]:
    """Take a network that `accelerate` fitted."""
    from model.errors import ParameterError
    from model.study.accelerator.fits import LISTS, Fits
    from model.study.cli.settings import refuse_settings
    from model.study.datasets import sets

    refuse_settings(args, but=("seed",), more=("data", "go_on"))
    fits = Fits.read(args.fitted)
    on_both = fits.learnt_from != LISTS[0]
    if on_both and not args.twin:
        raise ParameterError(
            f"{args.fitted} was fitted on train and valid, which leaves no list for temperature and figures; name with "
            "--twin a checkpoint that was fitted the same way on train alone."
        )
    if args.twin and not on_both:
        raise ParameterError(f"{args.fitted} was fitted on train alone and needs no twin; leave out --twin.")
    data = sets.from_gtzan()
    if data.genres != fits.genres:
        raise ParameterError(f"{args.fitted} tells {', '.join(fits.genres)} apart, not GTZAN's genres.")
    seed = fits.train.seed if args.seed is None else args.seed
    has_nonmusic = bool(fits.train.nonmusic_per_batch)
    return data, Fitted(fits.model_of(seed), fits.account(seed), fits.lessons, seed, has_nonmusic)


def _load(args: argparse.Namespace, train: TrainParams) -> TrainingData:
    from model.study.datasets.sets import from_folder, from_gtzan

    if not args.data:
        return from_gtzan()
    return from_folder(
        args.data,
        seed=train.seed,
        valid_share=args.valid_share,
        cache_folder=args.cache,
        n_workers=args.workers,
        progress=not args.quiet,
    )


def _write_history(result: FitResult, folder: Path) -> None:
    from model.study.training.plot import plot_history

    plot_history(result.history, folder / "history.png", best_epoch=result.best_epoch)
    (folder / "history.json").write_text(json.dumps(result.history, indent=1), encoding="utf-8")


def _export(args: argparse.Namespace, data: TrainingData, fitted: Fitted) -> Card:
    """Write the checkpoint; where there is a twin, it gives what the valid list is needed for."""
    from model.study.datasets.gtzan import cut_windows
    from model.study.datasets.nonmusic import windows_to_measure
    from model.study.network import load_network
    from model.study.training.explainer import add_explainer
    from model.study.training.export import LabelledWindows, Provenance, export_checkpoint

    def windows_of(clips: Clips) -> LabelledWindows:
        return LabelledWindows(cut_windows(clips.columns_db), clips.labels)

    training = {"command": shlex.join(["python", "-m", "model", *sys.argv[1:]]), **fitted.account}
    if args.twin:
        training["calibration"] = (
            f"temperature, rule of unsure and valid figures come from {args.twin}, fitted on train alone"
        )
    described = {**(data.described_as_final if args.twin else data.described), **fitted.lessons}
    valid = windows_of(data.valid)
    export_checkpoint(
        fitted.model,
        args.output,
        Provenance(args.name, args.release, data.genres, described, training),
        valid=valid,
        test=None if data.test is None or args.no_test else windows_of(data.test),
        artist_clean=data.artist_clean,
        nonmusic=windows_to_measure(seed=fitted.seed) if fitted.has_nonmusic else None,
        twin=load_network(args.twin / "model.keras") if args.twin else None,
    )
    return add_explainer(
        args.output, valid.windows_db.reshape(-1, *valid.windows_db.shape[2:]), windows_name="validation list"
    )
