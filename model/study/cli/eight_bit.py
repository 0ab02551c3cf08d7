"""``python -m model eight_bit``: write a checkpoint again in 8-bit numbers, smaller and faster."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from model.cli.arguments import add_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_model(parser)
    parser.add_argument(
        "--output", type=Path, metavar="FOLDER", help="where to write (default: beside the model, MODEL_8bit)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the checkpoint.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from model.checkpoint import DEFAULT_CHECKPOINT
    from model.study.datasets.gtzan import cut_windows
    from model.study.datasets.nonmusic import windows_to_measure
    from model.study.datasets.sets import from_gtzan
    from model.study.training.eight_bit import export_eight_bit
    from model.study.training.export import LabelledWindows

    source: Path = args.model
    folder: Path = args.output or source.with_name(f"{source.name}_8bit")
    options = "" if source == DEFAULT_CHECKPOINT else f" --model {shlex.quote(source.name)}"
    data = from_gtzan()
    assert data.test is not None  # GTZAN has a test list
    windows = cut_windows(data.valid.columns_db)
    card = export_eight_bit(
        source,
        folder,
        beside=windows.reshape(-1, *windows.shape[2:]),
        test=LabelledWindows(cut_windows(data.test.columns_db), data.test.labels),
        artist_clean=data.artist_clean,
        nonmusic=windows_to_measure(seed=0),
        command=f"python -m model eight_bit{options}",
    )
    figures, beside = card.figures, card.figures["beside_floats"]
    print(
        f"{folder}: {figures['track_accuracy']:.3f} of {figures['n_tracks']} test tracks, "
        f"{figures['window_accuracy']:.3f} of windows, calibration error {figures['expected_calibration_error']:.3f}; "
        f"the same genre as in floats for {beside['same_genre']:.3f} of {beside['n_windows']} windows of the "
        f"validation list, posteriors apart by {beside['mean_difference']:.4f} in the mean, "
        f"{beside['largest_difference']:.3f} at most"
    )
    return 0
