"""How a fit is set on the command line: the values of `TrainParams` and `AugmentParams`, and the teachers' defaults."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from dataclasses import fields
from typing import Any

from model.errors import ParameterError
from model.study.training.augment import AugmentParams
from model.study.training.params import WITH_TEACHERS, TrainParams


def add_settings(parser: argparse.ArgumentParser, *, without: Collection[str] = ()) -> None:
    """Declare an option for every setting.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        The command's own parser.
    without : collection of str
        Settings that the command does not take.
    """
    parser.add_argument(
        "--with-teachers",
        action="store_true",
        help="learn from two pretrained networks and from other music too (MUSIC_HOME); changes the defaults of "
        + ", ".join(f"{_option(name)} to {value}" for name, value in WITH_TEACHERS.items()),
    )
    for title, params in (("fitting", TrainParams), ("augmentation", AugmentParams)):
        group = parser.add_argument_group(title)
        for field in fields(params):
            if field.name not in without:
                group.add_argument(_option(field.name), type=type(field.default), help=f"default {field.default}")


def settings_of(args: argparse.Namespace) -> tuple[TrainParams, AugmentParams]:
    """Take the settings that were named, and the defaults of all others."""
    teachers = WITH_TEACHERS if args.with_teachers else {}
    return TrainParams(**{**teachers, **_named(args, TrainParams)}), AugmentParams(**_named(args, AugmentParams))


def refuse_settings(args: argparse.Namespace, *, but: Collection[str] = (), more: Collection[str] = ()) -> None:
    """Refuse options that a file of fits has settled.

    Parameters
    ----------
    args : argparse.Namespace
        With the options of `add_settings`.
    but : collection of str
        Settings that may be named all the same.
    more : collection of str
        Further options that may not; each is falsy where it was not named.

    Raises
    ------
    ParameterError
        If one was named.
    """
    named = {**_named(args, TrainParams), **_named(args, AugmentParams)}
    refused = [name for name in named if name not in but]
    refused += [name for name in ("with_teachers", *more) if getattr(args, name)]
    if refused:
        raise ParameterError(
            f"--fitted takes weights that are fitted already; leave out {', '.join(map(_option, refused))}."
        )


def _option(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _named(args: argparse.Namespace, params: type[Any]) -> dict[str, Any]:
    values = {field.name: getattr(args, field.name, None) for field in fields(params)}
    return {name: value for name, value in values.items() if value is not None}
