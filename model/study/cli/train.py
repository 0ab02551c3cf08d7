"""``python -m model train``: train the network from GTZAN's feature cache or from a folder of audio."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import time
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        The command's own parser.
    """
    from model.study.training.augment import AugmentParams
    from model.study.training.fit import TrainParams

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
    parser.add_argument("--release", default="1.0.0", metavar="VERSION", help="version on the card")
    parser.add_argument("--valid-share", type=float, default=0.2, help="with --data: share of tracks to validate on")
    parser.add_argument("--workers", type=int, help="with --data: processes that extract features (default: all cores)")
    parser.add_argument("--cache", type=Path, default=Path(".cache/features"), help="with --data: cache of features")
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
    parser.add_argument("--quiet", action="store_true", help="no progress bars")
    for title, params in (("fitting", TrainParams), ("augmentation", AugmentParams)):
        group = parser.add_argument_group(title)
        for field in fields(params):
            option = f"--{field.name.replace('_', '-')}"
            group.add_argument(option, type=type(field.default), default=field.default, help=f"default {field.default}")


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
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from model.study.datasets.gtzan import cut_windows
    from model.study.datasets.nonmusic import make_windows
    from model.study.datasets.sets import from_folder, from_gtzan, joined
    from model.study.datasets.speech import speech_is_possible
    from model.study.network import NetworkParams, load_network
    from model.study.training.augment import AugmentParams
    from model.study.training.export import LabelledWindows, Provenance, export_checkpoint
    from model.study.training.fit import TrainParams, fit
    from model.study.training.plot import plot_history

    train = TrainParams(**{field.name: getattr(args, field.name) for field in fields(TrainParams)})
    augment = AugmentParams(**{field.name: getattr(args, field.name) for field in fields(AugmentParams)})
    if args.data:
        data = from_folder(
            args.data,
            seed=train.seed,
            valid_share=args.valid_share,
            cache_folder=args.cache,
            n_workers=args.workers,
            progress=not args.quiet,
        )
    else:
        data = from_gtzan(with_tags=train.tag_weight > 0)
    nonmusic, kinds = make_nonmusic(train.nonmusic_per_batch, train.seed)
    network = NetworkParams(n_genres=len(data.genres))
    began = time.monotonic()
    result = fit(
        joined(data.train, data.valid) if args.twin else data.train,
        None if args.twin else data.valid,
        args.run,
        n_genres=len(data.genres),
        tags=data.tags,
        nonmusic=nonmusic,
        train=train,
        network=network,
        augment=augment,
        progress=not args.quiet,
    )
    seconds = time.monotonic() - began
    plot_history(result.history, args.run / "history.png", best_epoch=result.best_epoch)
    (args.run / "history.json").write_text(json.dumps(result.history, indent=1), encoding="utf-8")
    training = {
        "command": shlex.join(["python", "-m", "model", *sys.argv[1:]]),
        "seed": train.seed,
        "epochs": len(result.history),
        "best_epoch": result.best_epoch,
        "steps": len(result.history) * train.steps_per_epoch,
        "train": train.to_dict(),
        "augment": augment.to_dict(),
        "network": network.to_dict(),
        "nonmusic": kinds,
    }
    if not result.resumed_at:  # else it is the time of the last part only
        training["seconds"] = round(seconds, 1)
    described = dict(data.described)
    if args.twin:
        described["trained_on"] = "train and valid, after everything had been chosen on valid"
        described["n_tracks"] += described["n_valid_tracks"]
        training["calibration"] = (
            f"temperature, rule of unsure and valid figures come from {args.twin}, fitted on train alone"
        )
    measured = None
    if train.nonmusic_per_batch:
        measured = make_windows(per_kind=30, seed=train.seed, measure=True, with_speech=speech_is_possible())
    card = export_checkpoint(
        result.model,
        args.output,
        Provenance(args.name, args.release, data.genres, described, training),
        valid=LabelledWindows(cut_windows(data.valid.columns_db), data.valid.labels),
        test=None
        if data.test is None or args.no_test
        else LabelledWindows(cut_windows(data.test.columns_db), data.test.labels),
        artist_clean=data.artist_clean,
        nonmusic=measured,
        twin=load_network(args.twin / "model.keras") if args.twin else None,
    )
    shown = card.figures
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


def make_nonmusic(per_batch: int, seed: int) -> tuple[dict[str, NDArray[np.float32]], str]:
    """Make the windows that are no music, and say for the card what they are.

    Parameters
    ----------
    per_batch : int
        How many of each batch they are; none are made for 0.
    seed : int
        Of everything that is left to chance.

    Returns
    -------
    windows : dict of str to np.ndarray [shape=(n, n_frames, n_mels)], float32
        By kind.
    kinds : str
        Their names.
    """
    from model.study.datasets.nonmusic import make_windows
    from model.study.datasets.speech import speech_is_possible

    if not per_batch:
        return {}, "none"
    with_speech = speech_is_possible()
    if not with_speech:
        print("espeak-ng is not installed: speech is not among the sounds learnt as no music", file=sys.stderr)
    windows = make_windows(per_kind=40, seed=seed, measure=False, with_speech=with_speech)
    return windows, ", ".join(windows)
