"""The command line, ``python -m model COMMAND``: one module a command, loaded when it is asked for.

A command's module offers ``add_arguments(parser)`` and ``run(args) -> int``; heavy imports belong inside `run`.
Exit status: 0 for success, 1 if some inputs failed (the others are done), 2 if nothing could be done.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from typing import Final

from model.errors import GenreError

COMMANDS: Final = {
    "classify": "name the genre of audio files",
    "info": "print the model card",
    "train": "train the network",
    "bench": "time the classifier against the plain way",
    "evaluate": "report how good a model is on one of GTZAN's lists",
    "seeds": "fit the final network with several seeds and tell how much of its figures is chance",
    "compare": "retrain the systems this one descends from and put them in one table",
    "recipe": "fit one of these systems to a folder of your own music",
    "fma": "repeat the study of the Free Music Archive's eight genres on the archive itself",
    "robustness": "measure what codecs, noise and pitch do to the decisions",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments; those of the process by default.

    Returns
    -------
    int
        Exit status.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(prog="python -m model", description="Hear the genre of music, 3 s at a time.")
    parser.add_argument("--verbose", action="store_true", help="log what happens, to standard error")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=f"{summary.capitalize()}.")
        if name in arguments:  # only the command in use is loaded
            importlib.import_module(f"model.cli.{name}").add_arguments(command)
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO if args.verbose else logging.WARNING, format="%(levelname)s %(message)s")
    try:
        status: int = importlib.import_module(f"model.cli.{args.command}").run(args)
    except GenreError as error:
        print(f"{parser.prog} {args.command}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    return status
