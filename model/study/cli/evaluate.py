"""``python -m model evaluate``: how good a checkpoint is on one of GTZAN's lists, with figures."""

from __future__ import annotations

import argparse
import json
import shlex
from pathlib import Path
from typing import Any, Final

from model.checkpoint import DEFAULT_CHECKPOINT, WEIGHTS_FOLDER, shipped_models
from model.cli.arguments import add_model

RESULTS: Final = Path(__file__).parents[1] / "results" / "evaluation"
HISTORY: Final = "history.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    from model.study.evaluation.report import SPLIT_TITLES

    parser.add_argument(
        "--split",
        choices=tuple(SPLIT_TITLES),
        default="valid",
        help="list of GTZAN (default: valid; test is for the final model only), or other music that no fit has heard",
    )
    add_model(parser)
    parser.add_argument(
        "--out",
        type=Path,
        metavar="DIR",
        help=f"folder of the report (default for a shipped model: {RESULTS.name}/MODEL_SPLIT)",
    )
    parser.add_argument(
        "--history", type=Path, metavar="FILE", help="a training run's history.json (default: the checkpoint's own)"
    )
    parser.add_argument("--seed", type=int, default=0, help="of the confidence interval (default: 0)")


def run(args: argparse.Namespace) -> int:
    """Evaluate and write the report."""
    from model.classifier import Classifier
    from model.cli.quiet import quiet_native_start
    from model.explain import Explainer, has_explainer
    from model.study.evaluation.drawing import draw_network
    from model.study.evaluation.explanations import measure_explanations
    from model.study.evaluation.markdown import to_markdown
    from model.study.evaluation.plots import draw_all
    from model.study.evaluation.report import OTHER_MUSIC, evaluate
    from model.study.network import load_network

    folder, out = args.model, _folder_of_report(args)
    history = _read_history(args.history, folder / HISTORY)
    with quiet_native_start():
        classifier = Classifier(folder)
    options = "" if folder == DEFAULT_CHECKPOINT else f" --model {shlex.quote(folder.name)}"
    options += f" --split {args.split}" + (f" --history {shlex.quote(str(args.history))}" if args.history else "")
    report: dict[str, Any] = {
        "command": f"python -m model evaluate{options}",
        **evaluate(classifier, args.split, seed=args.seed),
        "history": history,
    }
    if args.split != OTHER_MUSIC and has_explainer(classifier.card):
        report["explanations"] = measure_explanations(classifier, Explainer(folder), seed=args.seed)
    out.mkdir(parents=True, exist_ok=True)
    pictures = draw_all(report, out)
    if keras_file := classifier.card.files.get("keras"):
        draw_network(load_network(folder / keras_file.name), out / "network.png")
        pictures.append("network.png")
    if history:
        from model.study.training.plot import plot_history
        from model.study.training.state import best_epoch

        plot_history(history, out / "history.png", best_epoch=best_epoch(history))
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


def _folder_of_report(args: argparse.Namespace) -> Path:
    from model.errors import ParameterError

    if args.out is None and args.model.parent != WEIGHTS_FOLDER:
        raise ParameterError(
            f"{args.model} is not a shipped model ({', '.join(shipped_models())}); name another, "
            "or say with --out where its report goes."
        )
    return args.out or RESULTS / f"{args.model.name}_{args.split}"


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
