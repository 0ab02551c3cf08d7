"""``python -m model evaluate``: how good a checkpoint is on one of GTZAN's lists, with figures."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path
from typing import Any, Final

from model.checkpoint import DEFAULT_CHECKPOINT

RESULTS: Final = Path(__file__).parents[1] / "results" / "evaluation"
HISTORY: Final = "history.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "--split",
        choices=("valid", "test", "artist-clean"),
        default="valid",
        help="list of GTZAN (default: valid; the test list is for the final model only)",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--recipe", metavar="NAME", help="a shipped model (default: two_block)")
    which.add_argument("--model", type=Path, metavar="FOLDER", help="another checkpoint; needs --out")
    parser.add_argument(
        "--out", type=Path, metavar="DIR", help=f"folder of the report (default: {RESULTS.name}/[NAME_]SPLIT)"
    )
    parser.add_argument(
        "--history", type=Path, metavar="FILE", help="a training run's history.json (default: the checkpoint's own)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the confidence interval (default: 0)")


def run(args: argparse.Namespace) -> int:
    """Evaluate and write the report.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from model.classifier import Classifier
    from model.cli.quiet import quiet_native_start
    from model.study.evaluation.drawing import draw_network
    from model.study.evaluation.markdown import to_markdown
    from model.study.evaluation.plots import draw_all
    from model.study.evaluation.report import evaluate
    from model.study.network import load_network

    folder, out = _folders(args)
    history = _read_history(args.history, folder / HISTORY)
    with quiet_native_start():
        classifier = Classifier(folder)
    options = f" --recipe {args.recipe}" if args.recipe else ""
    options += f" --split {args.split}" + (f" --history {shlex.quote(str(args.history))}" if args.history else "")
    report: dict[str, Any] = {
        "command": f"python -m model evaluate{options}",
        **evaluate(classifier, args.split, seed=args.seed),
        "history": history,
    }
    out.mkdir(parents=True, exist_ok=True)
    pictures = draw_all(report, out)
    draw_network(load_network(folder / classifier.card.files["keras"].name), out / "network.png")
    pictures.append("network.png")
    if history:
        from model.study.training.plot import plot_history

        plot_history(history, out / "history.png", best_epoch=_best_epoch(history))
        pictures.append("history.png")
    (out / "report.json").write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (out / "report.md").write_text(to_markdown(report, pictures), encoding="utf-8")
    figures = report["figures"]
    low, high = figures["track_accuracy_interval_95"]
    print(
        f"{out}: {report['split']['title']}: {figures['track_accuracy']:.3f} of {figures['n_tracks']} tracks "
        f"({low:.3f} to {high:.3f}), {figures['window_accuracy']:.3f} of {figures['n_windows']} windows, "
        f"calibration error {figures['expected_calibration_error']:.3f}"
    )
    return 0


def _folders(args: argparse.Namespace) -> tuple[Path, Path]:
    """Find the checkpoint and the folder of the report."""
    from model.errors import ParameterError

    if args.model:
        if args.out is None:
            raise ParameterError("--model needs --out: the folder of the usual report is for the shipped models.")
        return args.model, args.out
    name = args.recipe or DEFAULT_CHECKPOINT.name
    shipped = sorted(card.parent.name for card in DEFAULT_CHECKPOINT.parent.glob("*/card.json"))
    if name not in shipped:
        raise ParameterError(
            f"There is no shipped model {name!r}; --recipe takes {', '.join(shipped)}, --model any checkpoint."
        )
    usual = args.split if name == DEFAULT_CHECKPOINT.name else f"{name}_{args.split}"
    return DEFAULT_CHECKPOINT.parent / name, args.out or RESULTS / usual


def _read_history(named: Path | None, usual: Path) -> list[dict[str, float]] | None:
    """Read a run's history; None where none was named and the checkpoint has none."""
    from model.errors import TrainingError

    path = named or usual
    if named is None and not usual.is_file():
        return None
    try:
        history = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise TrainingError(f"The history {path} cannot be read ({error}); name the history.json of a run.") from error
    if not isinstance(history, list) or not history or not all("epoch" in entry for entry in history):
        raise TrainingError(f"The history {path} holds no epochs; name the history.json of a run.")
    return history


def _best_epoch(history: list[dict[str, float]]) -> int:
    if "valid_loss" not in history[-1]:
        return int(history[-1]["epoch"])
    return int(min(history, key=lambda entry: entry["valid_loss"])["epoch"])
