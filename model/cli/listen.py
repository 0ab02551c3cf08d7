"""``python -m model listen [- | URL]``: name the genre of sound that flows: the sound card, a pipe, a radio station."""

from __future__ import annotations

import argparse
import os
import re
import sys
from contextlib import ExitStack
from io import BufferedReader
from typing import TYPE_CHECKING, Final, cast

from model.cli.arguments import add_model
from model.errors import ParameterError

if TYPE_CHECKING:
    from model.analyzer import Analyzer
    from model.cli.listen_output import Output
    from model.sources.block import Source

_PIPE: Final = "-"
_WEB: Final = ("http://", "https://")
_PCM: Final = re.compile(r"(\d{1,6})(?:x(\d{1,2}))?")

_EPILOG: Final = """\
examples:
  python -m model listen                               the microphone that the system prefers
  python -m model listen --device 3 --csv heard.csv    another input, and a table besides
  python -m model listen https://radio.example/stream.mp3    a radio station, or a playlist that names one
  ffmpeg -i song.opus -f flac - | python -m model listen -
  arecord -f cd | python -m model listen - --json      one JSON object a line, for other programs
  parec --channels 1 --rate 44100 | python -m model listen - --pcm 44100
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.epilog = _EPILOG
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument(
        "source",
        nargs="?",
        metavar="- | URL",
        help="standard input, or a radio station (MP3, AAC, Ogg, Opus, FLAC; M3U, PLS); the sound card without it",
    )
    parser.add_argument("--list", action="store_true", help="list the inputs of the sound card, and stop")
    parser.add_argument("--device", metavar="D", help="an input: its number, or a part of its name")
    parser.add_argument(
        "--pcm",
        metavar="RATE[xCHANNELS]",
        help="standard input is raw 16-bit little-endian PCM, as 44100 or 48000x2; without it, any format",
    )
    parser.add_argument(
        "--hop", type=float, default=0.5, metavar="SECONDS", help="from window to window (default: 0.5)"
    )
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a line")
    form.add_argument("--csv", metavar="FILE", help="write a row a window; - is standard output")
    add_model(parser)


def run(args: argparse.Namespace) -> int:
    """Listen until the sound ends or Ctrl-C.

    Parameters
    ----------
    args : argparse.Namespace
        As `add_arguments` declares.

    Returns
    -------
    int
        0.
    """
    if args.list:
        return _list()
    from model.analyzer import Analyzer
    from model.classifier import Classifier
    from model.cli import listen_output
    from model.cli.quiet import quiet_native_start
    from model.scorer import Scorer

    _check(args)
    with quiet_native_start():
        classifier = Classifier(args.model)
    scorer = Scorer(classifier)
    try:
        analyzer = Analyzer(scorer, hop_seconds=args.hop)
        source = _source(args, analyzer.params.sample_rate_hz)
        with ExitStack() as stack:
            outputs = listen_output.outputs(stack, classifier.card, as_json=args.json, csv=args.csv)
            _listen(source, analyzer, outputs)
    except BrokenPipeError:  # who reads this, a `head` say, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    finally:
        scorer.close()
    return 0


def _listen(source: Source, analyzer: Analyzer, outputs: list[Output]) -> None:
    from model.scorer import WindowScore
    from model.sources.follow import follow
    from model.summary import RunningSummary

    running = RunningSummary(len(analyzer.scorer.classifier.card.genres))
    for output in outputs:
        output.begin(source.name, analyzer.hop_samples)
    try:
        for event in follow(source, analyzer):
            if isinstance(event, WindowScore):
                running.add(event)
            for output in outputs:
                output.show(event, running.summary)
    except KeyboardInterrupt:
        pass  # the way to end it
    finally:
        source.close()
        for output in outputs:
            output.end(running.summary)
    for warning in getattr(source, "warnings", ()):
        print(f"{source.name}: {warning.detail}", file=sys.stderr)


def _check(args: argparse.Namespace) -> None:
    if args.source not in (None, _PIPE) and not _is_url(args.source):
        raise ParameterError(
            f"{args.source[:60]!r} cannot be listened to; use - for a pipe, or a station's address, which begins with "
            "http:// or https://. For files, use classify."
        )
    if args.source is not None and args.device:
        raise ParameterError(f"--device names an input of the sound card, and {args.source} is none; use one of them.")
    if args.pcm and args.source != _PIPE:
        raise ParameterError("--pcm tells what comes through a pipe; add -.")


def _source(args: argparse.Namespace, rate_out_hz: int) -> Source:
    if args.source is None:
        from model.sources.sound_card import SoundCard

        return SoundCard(args.device, rate_out_hz=rate_out_hz)
    if _is_url(args.source):
        from model.sources.radio.radio import Radio

        return Radio(args.source, rate_out_hz=rate_out_hz, may_be_private=True)  # it is one's own network
    pipe = cast(BufferedReader, sys.stdin.buffer)
    if args.pcm:
        from model.sources.pcm import PcmPipe

        if not (found := _PCM.fullmatch(args.pcm)):
            raise ParameterError(f"--pcm is {args.pcm[:40]!r}; use a rate, and channels if not one: 44100 or 48000x2.")
        return PcmPipe(pipe, rate_hz=int(found[1]), n_channels=int(found[2] or 1), rate_out_hz=rate_out_hz)
    from model.sources.encoded import EncodedStream

    class AsItComes:
        def read(self, size: int, /) -> bytes:
            return pipe.read1(size)

    return EncodedStream(AsItComes(), rate_out_hz=rate_out_hz)


def _is_url(text: str) -> bool:
    return text.lower().startswith(_WEB)


def _list() -> int:
    from model.sources.sound_card import devices

    found = devices()
    for device in found:
        channels = "1 channel" if device.n_channels == 1 else f"{device.n_channels} channels"
        default = "  (default)" if device.is_default else ""
        print(f"{device.number:3}  {device.name}, {device.rate_hz} Hz, {channels}{default}")
    if not found:
        print("no inputs", file=sys.stderr)
    return 0
