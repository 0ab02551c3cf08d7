"""``python -m model classify FILE...``: classify audio files."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from model.checkpoint import read_card
from model.cli.arguments import add_batch_hop, add_model
from model.cli.output import forgiving_output
from model.errors import GenreError
from model.windows import BATCH_HOP_SECONDS

_STANDARD_INPUT: Final = ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="WAV, FLAC, OGG, MP3, M4A, ...; - for standard input")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="print a JSON list, one object per file, with every window")
    form.add_argument("--csv", action="store_true", help="print a table, one row per file")
    add_batch_hop(parser)
    add_model(parser)


def run(args: argparse.Namespace) -> int:
    """Classify the files in order and print the results; exit status 1 if some file could not be read."""
    results = _results(args.files, args.hop, args.model)
    if args.json:
        printed = _print_json(results)
    elif args.csv:
        printed = _print_csv(results, read_card(args.model).genres)
    else:
        printed = _print_text(results)
    return 1 if _any_failed(printed) else 0


def print_genres(files: Sequence[str], checkpoint: Path) -> bool:
    """Classify files and print one line a file, as the command does by default; True where some could not be read."""
    return _any_failed(_print_text(_results(files, BATCH_HOP_SECONDS, checkpoint)))


def _any_failed(printed: Iterator[Mapping[str, Any]]) -> bool:
    """See the results printed one by one, with the warnings on standard error; tell whether some are errors."""
    any_failed = False
    with forgiving_output():
        for result in printed:
            any_failed |= "error" in result
            for warning in result.get("warnings", ()):
                print(f"{result['file']}: {warning['detail']}", file=sys.stderr)
            sys.stdout.flush()
    return any_failed


def _results(files: Sequence[str], hop_seconds: float, checkpoint: Path) -> Iterator[Mapping[str, Any]]:
    from model.analyzer import Analyzer
    from model.classifier import Classifier
    from model.cli.quiet import quiet_native_start
    from model.scorer import Scorer

    with quiet_native_start():
        classifier = Classifier(checkpoint)
    scorer = Scorer(classifier)
    analyzer = Analyzer(scorer, hop_seconds=hop_seconds)
    try:
        for file in files:
            yield _result(file, analyzer)
    finally:
        scorer.close()


def _result(file: str, analyzer: Any) -> Mapping[str, Any]:
    """Classify one file; whatever is wrong with it is its own result, and the others follow."""
    from model.audio.decode import Decoding
    from model.result import classify_file

    try:
        with _readable(file) as source, Decoding(source, name=file, params=analyzer.params) as decoding:
            return classify_file(analyzer, decoding)
    except GenreError as error:
        return {"file": file, "error": str(error)}
    except OSError as error:
        return {"file": file, "error": f"{file} cannot be opened: {error.strerror or error}."}
    except Exception as error:  # noqa: BLE001 a fault of the program in one file shall not lose the others
        return {"file": file, "error": f"{file} cannot be classified, by a fault of this program: {error!r}."}


@contextmanager
def _readable(file: str) -> Iterator[str | BinaryIO]:
    """Give the file, or standard input as a file on disk: decoders look back and forth."""
    if file not in _STANDARD_INPUT or sys.stdin.buffer.seekable():
        yield sys.stdin.buffer if file in _STANDARD_INPUT else file
        return
    import shutil
    import tempfile

    with tempfile.TemporaryFile() as spooled:
        shutil.copyfileobj(sys.stdin.buffer, spooled)
        yield spooled


def _print_json(results: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Print a list, element by element."""
    opening = "[\n"
    for result in results:
        text = _json(result)
        print(opening + "\n".join("  " + line for line in text.splitlines()), end="")
        opening = ",\n"
        yield result
    print("\n]")


def _json(result: Mapping[str, Any]) -> str:
    """Write JSON as people read it, or with escapes throughout where the locale cannot print it."""
    text = json.dumps(result, indent=2, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(result, indent=2)
    return text


def _print_csv(results: Iterator[Mapping[str, Any]], genres: tuple[str, ...]) -> Iterator[Mapping[str, Any]]:
    import csv

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["file", "genre", "state", "duration_seconds", *genres, "error"])
    for result in results:
        probabilities = result.get("probabilities", {})
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
        yield result


def _print_text(results: Iterator[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for result in results:
        if "error" in result:
            print(result["error"], file=sys.stderr)
        else:
            ranked = sorted(result["probabilities"].items(), key=lambda item: -item[1])[:3]
            verdict = result["genre"] or result["state"]
            rest = ", ".join(f"{genre} {probability:.2f}" for genre, probability in ranked)
            print(f"{result['file']}: {verdict}  ({rest}; {len(result['windows'])} windows)")
        yield result
