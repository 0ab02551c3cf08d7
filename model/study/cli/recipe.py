"""``python -m model recipe NAME --data FOLDER``: fit one of the older systems to a folder of your own music.

What was fitted is kept in the folder of the run: as a checkpoint that ``classify`` and the page can load where the
recipe can be one, else as a Keras file that this command loads. A second call with the same music fits nothing again.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from model.checkpoint import FIRST_RELEASE
from model.study.datasets.folders import CACHE_FOLDER
from model.study.recipes import RECIPES

if TYPE_CHECKING:
    from model.study.recipes.base import Recipe
    from model.study.recipes.own_music import OwnFit, OwnMusic

REPORT: Final = "report.json"
CHECKPOINT: Final = "checkpoint"
KERAS_FILE: Final = "model.keras"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("name", choices=tuple(RECIPES), metavar="NAME", help=f"one of {', '.join(RECIPES)}")
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER", help="holds genre/track.wav, any genres")
    parser.add_argument("--out", type=Path, metavar="DIR", help="folder of the run (default: runs/recipe/NAME)")
    parser.add_argument("--classify", nargs="+", default=[], metavar="FILE", help="files to classify afterwards")
    parser.add_argument("--seed", type=int, default=0, help="of the division and the fit (default: 0)")
    parser.add_argument("--valid-share", type=float, default=0.2, help="share of tracks to report on (default: 0.2)")
    parser.add_argument("--workers", type=int, metavar="N", help="processes for the features (default: one a core)")
    parser.add_argument("--cache", type=Path, default=CACHE_FOLDER, metavar="DIR", help="where features are kept")
    parser.add_argument("--quick", action="store_true", help="smoke test: a step or two")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def run(args: argparse.Namespace) -> int:
    """Fit, report, and classify where asked; exit status 1 if some file could not be used."""
    from model.errors import ParameterError
    from model.study.recipes import recipe
    from model.study.recipes.base import FitOptions
    from model.study.recipes.keras_fit import KerasRecipe
    from model.study.recipes.own_music import fingerprint, fit_own_music, load_own_music

    one = recipe(args.name)
    if one.about.table_columns and not isinstance(one, KerasRecipe):
        raise ParameterError(f"{one.about.title} is for the published table alone; use mfcc_logreg on your own music.")
    folder: Path = args.out or Path("runs/recipe") / args.name
    music = load_own_music(
        one,
        args.data,
        seed=args.seed,
        valid_share=args.valid_share,
        cache_folder=args.cache,
        n_workers=args.workers,
        progress=not args.quiet,
    )
    options = FitOptions(args.seed, quick=args.quick, progress=not args.quiet)
    mark = fingerprint(one, music, options)
    report = _read_report(folder / REPORT)
    if report.get("fingerprint") == mark:
        print(f"{folder} already holds this fit")
    else:
        own = fit_own_music(one, music, options)
        report = {**own.report, "fingerprint": mark}
        _write(folder, one, music, own, report)
    metrics = report["figures"]
    print(
        f"{folder / REPORT}: {one.about.title}: {metrics['track_accuracy']:.3f} of {metrics['n_tracks']} valid tracks, "
        f"{len(report['genres'])} genres"
    )
    for file, reason in music.failures.items():
        print(f"left out {file}: {reason}", file=sys.stderr)
    any_failed = bool(args.classify) and _classify(one, folder, report["genres"], args.classify)
    return 1 if music.failures or any_failed else 0


def _read_report(path: Path) -> dict[str, Any]:
    from model.errors import TrainingError

    if not path.exists():
        return {}
    try:
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"{path} cannot be read ({error}); remove it or name another folder with --out.") from error
    return report


def _write(folder: Path, one: Recipe, music: OwnMusic, own: OwnFit, report: dict[str, Any]) -> None:
    """Write weights and pictures, and the report, which says that all is there, last."""
    from model.study.evaluation.plots import confusion, roc_curves
    from model.study.recipes.export import export_recipe
    from model.study.training.export import keras_bytes

    folder.mkdir(parents=True, exist_ok=True)
    (folder / REPORT).unlink(missing_ok=True)
    if one.to_network(own.fitted) is None:
        (folder / KERAS_FILE).write_bytes(keras_bytes(own.fitted))
    else:
        training = {"command": f"python -m model recipe {one.about.name}", "seed": report["seed"]}
        lists = {"train": music.train, "valid": music.valid}
        export_recipe(
            one,
            own.fitted,
            folder / CHECKPOINT,
            lists,
            version=FIRST_RELEASE,
            training=training,
            described=music.described,
        )
        print(f"python -m model classify --model {folder / CHECKPOINT} FILE... classifies other files")
    confusion(report, folder / "confusion.png")
    roc_curves(report, folder / "roc.png")
    (folder / REPORT).write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _classify(one: Recipe, folder: Path, genres: list[str], files: list[str]) -> bool:
    """Classify files; True where some could not be used."""
    if (folder / CHECKPOINT).is_dir():
        from model.cli.classify import print_genres

        return print_genres(files, folder / CHECKPOINT)
    from model.errors import GenreError, ParameterError
    from model.study.network import load_network
    from model.study.recipes.own_music import classify_described

    if not one.about.table_columns:
        raise ParameterError(f"{one.about.title} cannot classify single files; --classify works for the others.")
    fitted = load_network(folder / KERAS_FILE)
    any_failed = False
    for file in files:
        try:
            posterior = classify_described(one, fitted, Path(file))
        except (GenreError, OSError) as error:
            any_failed = True
            print(f"{file}: {error}", file=sys.stderr)
            continue
        ranked = sorted(zip(posterior, genres, strict=True), reverse=True)
        print(f"{file}: {ranked[0][1]}  ({', '.join(f'{genre} {share:.2f}' for share, genre in ranked[:3])})")
    return any_failed
