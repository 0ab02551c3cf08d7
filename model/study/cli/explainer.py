"""``python -m model explainer``: add to a two-block checkpoint what tells why, and measure how well it holds."""

from __future__ import annotations

import argparse

from model.cli.arguments import add_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_model(parser)
    parser.add_argument("--seed", type=int, default=0, help="of the cells hidden at random (default: 0)")


def run(args: argparse.Namespace) -> int:
    """Export the explainer beside the weights and enter it and its measures in the card.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from model.study.datasets.gtzan import cut_windows, load_clips
    from model.study.training.explainer import add_explainer

    windows = cut_windows(load_clips("valid").columns_db)
    card = add_explainer(
        args.model,
        windows.reshape(-1, *windows.shape[2:]),
        windows_name="GTZAN's fault-filtered validation list",
        seed=args.seed,
    )
    measured = card.figures["explanation"]
    print(
        f"{args.model}: hiding the marked tenth lowers the log-odds by {measured['fall']['marked']:.2f}, "
        f"{measured['marked_to_random']:.1f} times as much as a random tenth and "
        f"{measured['marked_to_loudest']:.1f} times as much as the loudest, over {measured['n_windows']} windows"
    )
    return 0
