"""``python -m model scan WHERE``: classify a whole library into a Parquet table."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from model.checkpoint import read_card
from model.cli.arguments import add_batch_hop, add_model
from model.cli.output import forgiving_output

if TYPE_CHECKING:  # Dask waits until there is anything to do
    from model.scan.cluster import Crew

DEFAULT_TABLE: Final = Path("genres.parquet")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument(
        "where",
        metavar="WHERE",
        help="a folder, s3://bucket/prefix, or a text file (also http://...) that names one file or URL a line",
    )
    parser.add_argument(
        "-o",
        "--out",
        type=Path,
        default=DEFAULT_TABLE,
        metavar="TABLE",
        help=f"folder of the table, a row a track; goes on where it was (default: {DEFAULT_TABLE})",
    )
    parser.add_argument("--windows", type=Path, metavar="TABLE", help="folder of a second table, a row a window")
    parser.add_argument(
        "--scheduler", metavar="ADDRESS", help="a Dask scheduler, tcp://host:8786 (default: a cluster of this machine)"
    )
    parser.add_argument(
        "--workers", type=_positive, metavar="N", help="processes on this machine (default: one a core)"
    )
    parser.add_argument(
        "--check-content", action="store_true", help="read every file; by default one of the same size and time is done"
    )
    parser.add_argument("--retry-errors", action="store_true", help="try again what could not be heard")
    add_batch_hop(parser)
    add_model(parser)


def run(args: argparse.Namespace) -> int:
    """Scan the library; exit status 1 if some file could not be heard."""
    from model.scan.scan import Scan
    from model.scan.store import Store
    from model.windows import hop_from_seconds

    card = read_card(args.model)
    hop_from_seconds(args.hop, card.params.audio)  # refuse it before anything is made
    store = Store(args.out, card.genres, args.windows)
    with forgiving_output(), store.locked():
        scan = Scan(store, card, args.hop, checks_content=args.check_content, retries_errors=args.retry_errors)
        tally = scan.run(args.where, lambda: _crew(args))
        failed = f", {tally.n_failed:,} with errors" if tally.n_failed else ""
        print(
            f"{args.out}: {tally.n_found:,} tracks found, {tally.n_done_before:,} done before, "
            f"{tally.n_scored:,} scored, {tally.n_known:,} of known content{failed}; {tally.seconds:.1f} s"
        )
    return 1 if tally.n_failed else 0


def _crew(args: argparse.Namespace) -> Crew:
    from model.scan.cluster import Crew
    from model.scan.work import Ear

    ear = Ear.of_checkpoint(args.model, args.hop, keeps_windows=args.windows is not None)
    crew = Crew(ear, scheduler=args.scheduler, n_workers=args.workers)
    print(f"workers are ready; Dask's dashboard: {crew.dashboard}", file=sys.stderr)
    return crew


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} workers can do nothing; use 1 or more")
    return number
