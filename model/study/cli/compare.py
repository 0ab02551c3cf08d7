"""``python -m model compare``: retrain the older systems and put them in one table."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from model.checkpoint import FIRST_RELEASE
from model.study.recipes import RECIPES

if TYPE_CHECKING:
    from model.study.recipes.base import Examples, FitOptions, Recipe

RESULTS: Final = Path(__file__).parents[1] / "results" / "compare"
QUICK_RESULTS: Final = Path("runs/compare_quick")
_LISTS: Final = ("train", "valid", "test", "artist_clean")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "recipes", nargs="*", metavar="RECIPE", help=f"what to retrain (default: all): {', '.join(RECIPES)}"
    )
    parser.add_argument(
        "--protocol",
        choices=("honest", "leaking", "both"),
        default="both",
        help="honest: the fault-filtered lists; leaking: windows divided by chance (default: both)",
    )
    parser.add_argument("--splits", type=int, default=5, help="leaking: divisions by chance (default: 5)")
    parser.add_argument("--first-split", type=int, default=0, help="leaking: number of the first division (default: 0)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="honest: seeds of the fits (default: 0)")
    parser.add_argument(
        "--checkpoint",
        type=Path,
        metavar="FOLDER",
        help="honest: take the one recipe's figures from this checkpoint of it in place of a fit",
    )
    parser.add_argument(
        "--export",
        type=Path,
        metavar="FOLDER",
        help="honest: write the one recipe, fitted with the last seed, as a checkpoint",
    )
    parser.add_argument(
        "--release", default=FIRST_RELEASE, metavar="VERSION", help="with --export: version on the card"
    )
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help="folder of table.json and table.md, to which runs are added"
    )
    parser.add_argument("--runs", type=Path, default=Path("runs/compare"), help="folder of runs that can be resumed")
    parser.add_argument(
        "--quick",
        action="store_true",
        help=f"smoke test: a step or two, valid in place of test, written to {QUICK_RESULTS}",
    )
    parser.add_argument(
        "--precision",
        default="float32",
        help="of the two-block network's fits: mixed_bfloat16 is faster where the processor has it (default: float32)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Retrain and write the table, run by run.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.

    Raises
    ------
    ParameterError
        If the arguments do not go together.
    """
    from model.study.recipes import recipe

    names = list(dict.fromkeys(args.recipes)) or list(RECIPES)
    chosen = [recipe(name) for name in names]
    _check(args, names)
    comparison = _Comparison(args)
    for one in chosen:
        if args.protocol in ("honest", "both"):
            comparison.honest(one)
        if args.protocol in ("leaking", "both"):
            comparison.leaking(one)
    print(f"{comparison.folder / 'table.md'}: {len(names)} recipe(s) brought up to date")
    return 0


def _check(args: argparse.Namespace, names: list[str]) -> None:
    from model.errors import ParameterError

    if args.splits < 1:
        raise ParameterError(f"--splits is {args.splits}; use at least 1.")
    for option in ("checkpoint", "export"):
        if getattr(args, option) and (len(names) != 1 or args.protocol == "leaking"):
            raise ParameterError(f"--{option} is for the honest protocol of one recipe; name just one.")
    if args.checkpoint and args.export:
        raise ParameterError("--checkpoint takes the place of a fit, so there is nothing to --export; leave one out.")


class _Comparison:
    """Runs recipes one after another and adds each run to the table as soon as it is done."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args = args
        self.folder: Path = args.out or (QUICK_RESULTS if args.quick else RESULTS)
        self._lists: dict[str, Examples] = {}
        self._all: Examples | None = None

    def honest(self, recipe: Recipe) -> None:
        """Measure on the fault-filtered lists, and export where that is asked for."""
        from model.study.recipes.protocols import HonestProtocol

        lists = self._load_lists(recipe)
        command = f"python -m model compare {recipe.about.name} --protocol honest"
        if self.args.checkpoint:
            from model.classifier import Classifier
            from model.cli.quiet import quiet_native_start
            from model.study.recipes.served import measure_checkpoint

            with quiet_native_start():
                classifier = Classifier(self.args.checkpoint)
            folder: Path = self.args.checkpoint
            command += f" --checkpoint {shlex.quote(folder.name if folder.is_absolute() else str(folder))}"
            self._add(recipe, "honest", measure_checkpoint(recipe, classifier, lists), command)
            return
        protocol = HonestProtocol(recipe, lists)
        for seed in self.args.seeds:
            outcome = protocol.run(self._options(recipe, seed, leaking=False))
            with_seed = f"{command} --seeds {seed}"
            self._add(recipe, "honest", outcome.run, with_seed)
            if self.args.export and seed == self.args.seeds[-1]:
                from model.study.recipes.export import export_recipe

                card = export_recipe(
                    recipe,
                    outcome.fitted,
                    self.args.export,
                    lists,
                    version=self.args.release,
                    training={"command": with_seed, "seed": seed, "seconds": outcome.run["seconds"]},
                )
                print(f"{self.args.export}: {card.name} {card.version}, {card.n_parameters} parameters", flush=True)

    def leaking(self, recipe: Recipe) -> None:
        """Measure on windows divided by chance."""
        from model.study.recipes.data import load_all, with_pieces
        from model.study.recipes.protocols import LeakingProtocol

        if self._all is None:
            self._all = load_all()
        protocol = LeakingProtocol(recipe, with_pieces(self._all) if recipe.about.takes_pieces else self._all)
        for split in range(self.args.first_split, self.args.first_split + self.args.splits):
            outcome = protocol.run(self._options(recipe, split, leaking=True))
            first = f" --first-split {split}" if split else ""
            command = f"python -m model compare {recipe.about.name} --protocol leaking --splits 1{first}"
            self._add(recipe, "leaking", outcome.run, command)

    def _load_lists(self, recipe: Recipe) -> dict[str, Examples]:
        from model.study.recipes.data import halved, load_list, with_pieces

        if not self._lists and self.args.quick:  # the test list is not there to try things out on
            valid, in_place_of_test = halved(load_list("valid"))
            self._lists = {"train": load_list("train"), "valid": valid}
            self._lists |= dict.fromkeys(("test", "artist_clean"), in_place_of_test)
        elif not self._lists:
            self._lists = {split: load_list(split) for split in _LISTS}
        if recipe.about.takes_pieces:
            fills = recipe.about.fills_pieces
            return {split: with_pieces(part, fill=fills and split == "train") for split, part in self._lists.items()}
        return self._lists

    def _options(self, recipe: Recipe, seed: int, *, leaking: bool) -> FitOptions:
        from model.study.recipes.base import FitOptions

        kind, quick = "leaking" if leaking else "honest", self.args.quick
        return FitOptions(
            seed,
            quick,
            run_folder=None if quick else self.args.runs / recipe.about.name / f"{kind}_{seed}",
            progress=not self.args.quiet,
            precision=self.args.precision,
        )

    def _add(self, recipe: Recipe, protocol: str, run: dict[str, Any], command: str) -> None:
        from model.study.recipes.table import add_run, read_table, write_table

        if self.args.precision != "float32":
            command += f" --precision {self.args.precision}"
        run = {**run, "command": command, **_computed_on(recipe, command)}
        if self.args.quick:
            run |= {"quick": True, "command": f"{run['command']} --quick"}
        write_table(self.folder, add_run(read_table(self.folder), recipe.about, protocol, run), tuple(RECIPES))
        share = run["accuracy"] if protocol == "leaking" else run["test"]["track_accuracy"]
        shown = f"{share:.3f} of {run['unit']} (leaks)" if protocol == "leaking" else f"{share:.3f} of test tracks"
        print(f"{recipe.about.name}, {protocol}, seed {run['seed']}: {shown}, {run['seconds']:.0f} s", flush=True)


def _computed_on(recipe: Recipe, command: str) -> dict[str, str]:
    """Say for the table where Keras fitted with JAX, as it does on a GPU, in place of TensorFlow on the processor."""
    from model.study.recipes.keras_fit import KerasRecipe

    if not isinstance(recipe, KerasRecipe):
        return {}
    import keras

    if keras.backend.backend() != "jax":
        return {}
    from model.study.accelerator.device import device_name

    return {"command": f"KERAS_BACKEND=jax {command}", "computed_on": device_name()}
