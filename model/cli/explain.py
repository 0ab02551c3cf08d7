"""``python -m model explain FILE``: which moments and bands speak for a genre, in words and as a picture."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from model.cli.arguments import add_model


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="WAV, FLAC, OGG, MP3, AIFF, ...")
    parser.add_argument(
        "--at",
        type=_seconds,
        metavar="TIME",
        help="moment, such as 0:42 or 42.5: the 3 s heard by then are explained (default: the end)",
    )
    parser.add_argument("--genre", metavar="GENRE", help="genre to ask about (default: the leading one)")
    parser.add_argument("-o", "--out", type=Path, metavar="PNG", help="write the picture")
    parser.add_argument("--json", action="store_true", help="an object, with the relevance of every frame and band")
    add_model(parser)


def run(args: argparse.Namespace) -> int:
    """Explain one window and print what speaks for the genre.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    from model.analyzer import Analyzer
    from model.audio.decode import decode
    from model.classifier import Classifier
    from model.cli.quiet import quiet_native_start
    from model.errors import AudioError
    from model.explain_picture import paint, strongest_place
    from model.png import png
    from model.scorer import Scorer

    with quiet_native_start():
        scorer = Scorer(Classifier(args.model))
    analyzer = Analyzer(scorer)
    card = scorer.classifier.card
    try:
        track = decode(args.file, params=card.params.audio)
    except OSError as error:
        raise AudioError(f"{args.file} cannot be opened: {error.strerror}.") from error
    at = args.at if args.at is not None else len(track.samples) / track.sample_rate_hz
    window = analyzer.window_heard_by(track, at)
    explanation = scorer.explain(window, args.genre)
    start = window.start_sample / track.sample_rate_hz
    answer: dict[str, Any] = {
        "file": args.file,
        "window": window.index,
        "start_seconds": start,
        "end_seconds": window.end_sample / track.sample_rate_hz,
        "genre": explanation.genre,
        "probability": explanation.probability,
        "log_odds": explanation.log_odds,
    }
    for name, against in (("most_for", False), ("most_against", True)):
        place = strongest_place(explanation, card.params, against=against)
        answer[name] = {
            "start_seconds": start + place.start_seconds,
            "end_seconds": start + place.end_seconds,
            "lowest_hz": place.lowest_hz,
            "highest_hz": place.highest_hz,
        }
    if args.out is not None:
        picture = paint(scorer.log_mel(window.samples), explanation, floor_db=card.params.features.floor_db)
        try:
            args.out.write_bytes(png(picture))
        except OSError as error:
            raise AudioError(f"{args.out} cannot be written: {error.strerror}.") from error
    if args.json:
        json.dump({**answer, "relevance": explanation.relevance.round(5).tolist()}, sys.stdout, indent=1)
        print()
    else:
        _print(answer, args.out)
    scorer.close()
    return 0


def _print(answer: dict[str, Any], out: Path | None) -> None:
    times = f"{_clock(answer['start_seconds'])} to {_clock(answer['end_seconds'])}"
    print(
        f"{answer['file']}, {times}: {answer['genre']} {answer['probability']:.2f} (log-odds {answer['log_odds']:+.2f})"
    )
    for name, words in (("most_for", "most for it"), ("most_against", "most against it")):
        place = answer[name]
        when = f"{_clock(place['start_seconds'])} to {_clock(place['end_seconds'])}"
        print(f"  speaks {words}: {when}, {place['lowest_hz']:.0f} to {place['highest_hz']:.0f} Hz")
    if out is not None:
        print(f"{out}: orange speaks for {answer['genre']}, blue against it; time to the right, high tones on top")


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{seconds % 60:04.1f}"


def _seconds(text: str) -> float:
    """Read seconds, or minutes and seconds, or hours, minutes and seconds."""
    parts = text.split(":")
    if len(parts) > 3:
        raise ValueError(text)
    seconds = 0.0
    for part in parts:
        seconds = 60 * seconds + float(part)
    return seconds
