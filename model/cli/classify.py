"""``python -m model classify FILE...``: classify audio files."""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from model.checkpoint import read_card
from model.cli.arguments import add_model
from model.errors import GenreError
from model.windows import BATCH_HOP_SECONDS


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="WAV, FLAC, OGG, MP3, AIFF, ...")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON list, one object per file, with every window")
    form.add_argument("--csv", action="store_true", help="print a table, one row per file")
    parser.add_argument(
        "--hop",
        type=float,
        default=BATCH_HOP_SECONDS,
        metavar="SECONDS",
        help=f"from window to window (default: {BATCH_HOP_SECONDS:g})",
    )
    add_model(parser)


def run(args: argparse.Namespace) -> int:
    """Classify the files in order and print the results; exit status 1 if some file could not be read."""
    results = _results(args.files, args.hop, args.model)
    if args.json:
        any_failed = _print_json(results)
    elif args.csv:
        any_failed = _print_csv(results, read_card(args.model).genres)
    else:
        any_failed = _print_text(results)
    return 1 if any_failed else 0


def print_genres(files: Sequence[str], checkpoint: Path) -> bool:
    """Classify files and print one line a file, as the command does by default; True where some could not be read."""
    return _print_text(_results(files, BATCH_HOP_SECONDS, checkpoint))


def _results(files: Sequence[str], hop_seconds: float, checkpoint: Path) -> Iterator[Mapping[str, Any]]:
    from model.analyzer import Analyzer
    from model.audio.decode import decode_blocks
    from model.classifier import Classifier
    from model.cli.quiet import quiet_native_start
    from model.result import classify_blocks
    from model.scorer import Scorer

    with quiet_native_start():
        classifier = Classifier(checkpoint)
    scorer = Scorer(classifier)
    analyzer = Analyzer(scorer, hop_seconds=hop_seconds)
    for file in files:
        try:
            yield classify_blocks(analyzer, decode_blocks(file, name=file, params=analyzer.params), name=file)
        except GenreError as error:
            yield {"file": file, "error": str(error)}
        except OSError as error:
            yield {"file": file, "error": f"{file} cannot be opened: {error.strerror}."}
    scorer.close()


def _print_json(results: Iterator[Mapping[str, Any]]) -> bool:
    done = list(results)
    json.dump(done, sys.stdout, indent=2, ensure_ascii=False)
    print()
    return any("error" in result for result in done)


def _print_csv(results: Iterator[Mapping[str, Any]], genres: tuple[str, ...]) -> bool:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "genre", "state", "duration_seconds", *genres, "error"])
    any_failed = False
    for result in results:
        probabilities = result.get("probabilities", {})
        any_failed |= "error" in result
        writer.writerow(
            [
                result["file"],
                result.get("genre") or "",
                result.get("state", ""),
                result.get("duration_seconds", ""),
                *(probabilities.get(genre, "") for genre in genres),
                result.get("error", ""),
            ]
        )
    return any_failed


def _print_text(results: Iterator[Mapping[str, Any]]) -> bool:
    any_failed = False
    for result in results:
        if "error" in result:
            any_failed = True
            print(result["error"], file=sys.stderr)
            continue
        ranked = sorted(result["probabilities"].items(), key=lambda item: -item[1])[:3]
        verdict = result["genre"] or result["state"]
        rest = ", ".join(f"{genre} {probability:.2f}" for genre, probability in ranked)
        print(f"{result['file']}: {verdict}  ({rest}; {len(result['windows'])} windows)")
    return any_failed
