"""Arguments that several commands share."""

from __future__ import annotations

import argparse

from model.checkpoint import DEFAULT_CHECKPOINT, find_checkpoint


def add_model(parser: argparse.ArgumentParser) -> None:
    """Declare ``--model``: one of the shipped models by its name, or any checkpoint by its folder."""
    parser.add_argument(
        "--model",
        type=find_checkpoint,
        default=DEFAULT_CHECKPOINT,
        metavar="MODEL",
        help=f"name of a shipped model, or folder of a checkpoint (default: {DEFAULT_CHECKPOINT.name})",
    )
