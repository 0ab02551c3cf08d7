"""The command line, ``python -m model COMMAND``: one module per command, loaded on demand.

A command's module offers ``add_arguments(parser)`` and ``run(args) -> int``; heavy imports belong inside `run`.
Exit status: 0 for success, 1 if some inputs failed (the others are done), 2 if nothing could be done.
"""

from __future__ import annotations

import argparse
import importlib
import logging
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final, NamedTuple

from model.errors import GenreError
from model.version import program_version


class Command(NamedTuple):
    """A command: what it does, the package that holds its module, and whether it runs TensorFlow."""

    summary: str
    package: str = "model.cli"
    runs_tensorflow: bool = False
    requires: str = ""

    @property
    def what_it_requires(self) -> str:
        """Say what to install where a package is missing; nothing for a command that serving's packages suffice for."""
        return self.requires or (_STUDY_REQUIRES if self.package == _STUDY else "")


_PROGRAM: Final = "python -m model"
_STUDY: Final = "model.study.cli"  # named here alone; loaded only on demand
_STUDY_REQUIRES: Final = "run make study, or pip install -r requirements.txt"
_SCAN_REQUIRES: Final = "run make scan, or pip install -r model/scan/requirements.txt"

COMMANDS: Final = {
    "classify": Command("classify audio files"),
    "info": Command("print the model card"),
    "listen": Command("name the genre of sound while it flows: the sound card, a pipe"),
    "explain": Command("tell which moments and bands speak for a genre, with a picture"),
    "scan": Command(
        "classify a whole library, on all cores or a cluster, into a Parquet table", requires=_SCAN_REQUIRES
    ),
    "library": Command("see what a scanned library holds; make playlists, write tags", requires=_SCAN_REQUIRES),
    "train": Command("train the network", _STUDY, True),
    "accelerate": Command("fit the network on a GPU, with JAX, for train --fitted to export", _STUDY),
    "bench": Command("time the classifier against the plain way", _STUDY),
    "evaluate": Command("report how good a model is on one of GTZAN's lists", _STUDY, True),
    "explainer": Command("add to a two-block checkpoint what tells why", _STUDY, True),
    "eight_bit": Command("write a checkpoint again in 8-bit numbers, smaller and faster", _STUDY, True),
    "reasons": Command("compare ways to tell why, by what hiding their marks does", _STUDY, True),
    "map": Command("make a checkpoint's map of known tracks, from GTZAN's training list", _STUDY),
    "quantiles": Command("tabulate how GTZAN's training tracks lie in loudness, brightness and so on", _STUDY),
    "seeds": Command("fit the final network with several seeds and report mean and deviation", _STUDY, True),
    "compare": Command("retrain the systems this one descends from and put them in one table", _STUDY, True),
    "recipe": Command("fit one of these systems to a folder of your own music", _STUDY, True),
    "fma": Command("repeat the study of the Free Music Archive's eight genres (requires fma_small)", _STUDY, True),
    "robustness": Command("measure what codecs, noise and pitch do to the decisions", _STUDY),
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
    asked_for = next((argument for argument in arguments if not argument.startswith("-")), "")
    try:
        return _run(arguments, asked_for)
    except GenreError as error:
        print(f"{_PROGRAM} {asked_for}: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as error:
        if (
            asked_for not in COMMANDS
            or not (requires := COMMANDS[asked_for].what_it_requires)
            or _is_ours(error.name or "")
        ):
            raise
        print(
            f"{_PROGRAM} {asked_for}: this command requires {error.name}, which is not installed; {requires}.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130


def _run(arguments: list[str], asked_for: str) -> int:
    parser = argparse.ArgumentParser(prog=_PROGRAM, description="Hear the genre of music, 3 s at a time.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    parser.add_argument("--verbose", action="store_true", help="log what happens, to standard error")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        subparser = commands.add_parser(name, help=command.summary, description=f"{command.summary.capitalize()}.")
        if name == asked_for:
            _module(name).add_arguments(subparser)
    args = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO if args.verbose else logging.WARNING, format="%(levelname)s %(message)s")
    module = _module(args.command)
    if COMMANDS[args.command].runs_tensorflow:
        importlib.import_module("model.study.quiet").load_tensorflow()
    status: int = module.run(args)
    return status


class _Version(argparse.Action):
    """Prints the version; it is read when asked for, as reading it takes a hundredth of a second."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(program_version())
        parser.exit()


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in ("model", "dashboard")


def _module(name: str) -> ModuleType:
    """Load a command's module."""
    return importlib.import_module(f"{COMMANDS[name].package}.{name}")
