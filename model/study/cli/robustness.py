"""``python -m model robustness``: how far decisions survive codecs, noise, pitch shifts and the like."""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any, Final

from model.cli.arguments import add_model

RESULTS: Final = Path(__file__).parents[1] / "results"
GROUPS: Final = {"alike": "The same recording to a listener", "harsh": "Audibly changed"}
BAR: Final = 0.95


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_model(parser)
    parser.add_argument("--seed", type=int, default=0, help="of the noise (default: 0)")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="folder of robustness.json and .md")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(args: argparse.Namespace) -> int:
    """Measure, print and store the table."""
    from tqdm import tqdm

    from model.classifier import Classifier
    from model.cli.quiet import quiet_native_start
    from model.scorer import Scorer
    from model.study.datasets.gtzan import gtzan_home, read_split
    from model.study.evaluation.robustness import audio_files, measure_agreement

    files = audio_files(gtzan_home())
    valid = set(read_split("valid"))
    in_valid = [file.stem in valid for file in files]
    with quiet_native_start():
        scorer = Scorer(Classifier(args.model))
    began = time.monotonic()
    with tqdm(total=len(files), unit="track", disable=args.quiet) as bar:
        agreements = measure_agreement(scorer, files, seed=args.seed, after_track=bar.update)
    scorer.close()
    card = scorer.classifier.card
    result = {
        "command": "python -m model robustness" + (f" --seed {args.seed}" if args.seed else ""),
        "model": {"name": card.name, "version": card.version, "hash": card.short_hash},
        "seed": args.seed,
        "n_tracks": len(files),
        "n_valid_tracks": sum(in_valid),
        "seconds": round(time.monotonic() - began, 1),
        "variants": [agreement.to_dict(in_valid) for agreement in agreements],
    }
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "robustness.json").write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    text = to_markdown(result)
    (args.out / "robustness.md").write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def to_markdown(result: dict[str, Any]) -> str:
    """Write the table for people.

    Parameters
    ----------
    result : dict
        What the command stores.

    Returns
    -------
    str
        Markdown.
    """
    model, rows = result["model"], result["variants"]
    alike = [row["tracks"] for row in rows if row["group"] == "alike"]
    kept = sum(share >= BAR for share in alike)
    lines = [
        "# Agreement with the clean file after codecs, noise, pitch and tempo changes",
        "",
        f"Model {model['name']} {model['version']} ({model['hash']}). {result['n_tracks']} GTZAN tracks of 30 s, "
        "windows of 3 s. Agreement is the share of decisions that equal those on the clean file; it is no accuracy. "
        f"{result['n_valid_tracks']} of the tracks are on the validation list, and the network did not learn from "
        "those unless its card says so; the others it was trained on.",
        "",
        f"Of the {len(alike)} variants that a listener would take for the same recording, {kept} keep at least "
        f"{BAR:.0%} of the track decisions.",
        "",
        "| variant | tracks | of the valid list | windows | windows called unsure |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for group, title in GROUPS.items():
        lines.append(f"| **{title}** | | | | |")
        for row in (row for row in rows if row["group"] == group):
            shares = (row["tracks"], row["valid_tracks"], row["windows"], row["unsure_windows"])
            cells = " | ".join("n/a" if share is None else f"{100 * share:.1f} %" for share in shares)
            lines.append(f"| {row['title']} | {cells} |")
    lines += ["", f"`{result['command']}`, seed {result['seed']}, {result['seconds']:.0f} s.", ""]
    return "\n".join(lines)
