"""``python -m model accelerate``: fit the network with JAX, on a GPU where there is one, with several seeds."""

from __future__ import annotations

import argparse
import importlib.metadata
import shlex
import sys
import time
from pathlib import Path
from typing import Final

from model.study.accelerator.fits import LISTS
from model.study.cli.settings import add_settings, settings_of

_PACKAGES: Final = ("jax", "jaxlib", "numpy")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="of the fits, one after another (default: 0)")
    parser.add_argument(
        "--on",
        choices=LISTS,
        default=LISTS[0],
        help="GTZAN's lists to learn from (default: train, which leaves valid for figures)",
    )
    parser.add_argument(
        "--output",
        type=Path,
        default=Path("runs/fits.npz"),
        metavar="FITS.npz",
        help="weights and settings, for train --fitted and seeds --fitted (default: runs/fits.npz)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress bars")
    add_settings(parser, without=("seed", "patience"))


def run(args: argparse.Namespace) -> int:
    """Fit a network a seed, and write their weights after each.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from tqdm import tqdm

    from model.study.accelerator.device import device_name, load_jax

    load_jax()

    from model.study.accelerator.fit import Fitter, score_tracks
    from model.study.accelerator.fits import Fits
    from model.study.accelerator.network import to_keras
    from model.study.accelerator.pool import make_pool
    from model.study.datasets import sets
    from model.study.datasets.gtzan import cut_windows
    from model.study.datasets.nonmusic import windows_to_learn
    from model.study.network import NetworkParams
    from model.study.training.fit import valid_figures
    from model.study.training.lessons import lessons_from_gtzan

    train, augment = settings_of(args)
    device = device_name()
    print(f"fitting on {device}")
    choosing = args.on == LISTS[0]
    data = sets.from_gtzan()
    learnt = data.train if choosing else data.train_and_valid
    lessons = lessons_from_gtzan(learnt, train, choosing=choosing)
    nonmusic = windows_to_learn(seed=train.seed) if train.nonmusic_per_batch else {}
    if nonmusic and "speech" not in nonmusic:
        print("espeak-ng is not installed: the non-music learnt holds no speech", file=sys.stderr)
    network = NetworkParams(n_genres=len(data.genres))
    pool = make_pool(learnt, lessons, nonmusic, n_genres=len(data.genres), train=train, augment=augment)
    fitter = Fitter(pool, train, augment, network)
    valid_windows_db = cut_windows(data.valid.columns_db) if choosing else None
    fits = Fits(
        weights={},
        command=shlex.join(["python", "-m", "model", *sys.argv[1:]]),
        device=device,
        versions={package: importlib.metadata.version(package) for package in _PACKAGES},
        learnt_from=args.on,
        genres=data.genres,
        train=train,
        augment=augment,
        network=network,
        nonmusic=tuple(nonmusic),
        lessons=lessons.to_dict(),
    )
    for seed in args.seeds:
        began = time.monotonic()
        with tqdm(total=fits.steps, unit="step", disable=args.quiet) as bar:

            def after_epoch(loss: float, bar: tqdm = bar) -> None:
                bar.update(train.steps_per_epoch)
                bar.set_postfix(loss=f"{loss:.3f}")

            fitted = fitter.fit(seed, after_epoch)
        figures = {"loss": fitted.losses[-1], "seconds": round(time.monotonic() - began, 1)}
        if valid_windows_db is not None:
            figures |= valid_figures(score_tracks(fitted.weights, network, valid_windows_db), data.valid.labels)
        fits = fits.with_fit(seed, to_keras(fitted.weights), figures)
        fits.write(args.output)
        print(f"seed {seed}: " + ", ".join(f"{name} {value:.3f}" for name, value in figures.items()), flush=True)
    print(f"{args.output}: {len(fits.weights)} fit(s) of {fits.steps} steps")
    return 0
