"""``python -m model map``: make a checkpoint's map of known tracks, from GTZAN's training list."""

from __future__ import annotations

import argparse

import numpy as np

from model.cli.arguments import add_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_model(parser)
    parser.add_argument("--axes", type=int, default=32, metavar="N", help="principal components kept (default: 32)")


def run(args: argparse.Namespace) -> int:
    """Embed the training tracks' windows, fit the axes and write the table beside the weights.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from model.atlas import MAP_NAME, fit_atlas, write_atlas
    from model.explain import Explainer
    from model.study.datasets.gtzan import cut_windows, load_clips

    explainer = Explainer(args.model)
    clips = load_clips("train")
    windows = cut_windows(clips.columns_db)
    embeddings = np.stack([[explainer.embed(window) for window in track] for track in windows])
    weights = explainer.card.files["litert"].sha256
    genres = [track.split(".")[0] for track in clips.tracks]
    atlas = fit_atlas(embeddings, clips.tracks, genres, weights, n_axes=args.axes)
    write_atlas(args.model, atlas)
    own = np.array(genres)
    distances = np.linalg.norm(atlas.places[:, np.newaxis] - atlas.places, axis=2)
    np.fill_diagonal(distances, np.inf)
    alike = 100 * float((own[distances.argmin(axis=1)] == own).mean())
    kept, drawn = (100 * float(shares.sum()) for shares in (atlas.shares, atlas.shares[:2]))
    print(
        f"{args.model / MAP_NAME}: {len(clips.tracks)} tracks on {args.axes} axes with {kept:.0f} % of the variance, "
        f"{drawn:.0f} % on the two that are drawn; the nearest other track is of the same genre for {alike:.0f} %"
    )
    return 0
