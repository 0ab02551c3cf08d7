"""Arguments that several commands share."""

from __future__ import annotations

import argparse

from model.checkpoint import DEFAULT_CHECKPOINT, find_checkpoint
from model.windows import BATCH_HOP_SECONDS


def add_model(parser: argparse.ArgumentParser) -> None:
    """Declare ``--model``: one of the shipped models by its name, or any checkpoint by its folder."""
    parser.add_argument(
        "--model",
        type=find_checkpoint,
        default=DEFAULT_CHECKPOINT,
        metavar="MODEL",
        help=f"name of a shipped model, or folder of a checkpoint (default: {DEFAULT_CHECKPOINT.name})",
    )


def add_batch_hop(parser: argparse.ArgumentParser) -> None:
    """Declare ``--hop`` of the commands that hear whole files: seconds from window to window."""
    parser.add_argument(
        "--hop",
        type=float,
        default=BATCH_HOP_SECONDS,
        metavar="SECONDS",
        help=f"from window to window (default: {BATCH_HOP_SECONDS:g})",
    )
