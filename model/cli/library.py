"""``python -m model library TABLE``: what a scanned library holds; playlists, tags."""

from __future__ import annotations

import argparse
import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from model.cli.output import forgiving_output
from model.errors import AudioError

if TYPE_CHECKING:
    from model.scan.library import ScannedTrack


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("table", type=Path, metavar="TABLE", help="what python -m model scan wrote, genres.parquet")
    which = parser.add_argument_group("which tracks (default: all)")
    which.add_argument("--genre", action="append", default=[], metavar="GENRE", help="of this genre; may be repeated")
    which.add_argument("--state", choices=["music", "unsure", "silence", "error"], help="of this state")
    which.add_argument("--least", type=float, default=0.0, metavar="P", help="of at least this probability")
    which.add_argument("--most", type=float, default=1.0, metavar="P", help="of at most this probability")
    which.add_argument("--path", metavar="PATTERN", help="whose path fits, as '*/live/*'")
    what = parser.add_argument_group("what to do (default: an overview)").add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="print them, a line a track")
    what.add_argument("--html", type=Path, metavar="FILE", help="write the overview as a page")
    what.add_argument("--m3u", type=Path, metavar="FOLDER", help="write a playlist a genre, the surest first")
    what.add_argument("--write-tags", action="store_true", help="show which genre tags would change; with --yes, do it")
    what.add_argument("--undo", type=Path, metavar="FILE", help="give files their tags back, from the undo file")
    parser.add_argument("--yes", action="store_true", help="write the tags, and an undo file beside the table")


def run(args: argparse.Namespace) -> int:
    """Do what is asked; exit status 1 if some file's tag could not be written."""
    from model.scan.library import Filter, overview_of, read_library
    from model.scan.library_page import overview_page
    from model.scan.library_text import overview_text, track_line
    from model.scan.playlists import write_playlists

    with forgiving_output():
        if args.undo is not None:
            return _undo(args.undo)
        genres, tracks = read_library(args.table)
        chosen = Filter(tuple(args.genre), args.state, args.least, args.most, args.path)
        tracks = [track for track in tracks if chosen.takes(track)]
        if args.write_tags:
            return _write_tags(tracks, args.table, really=args.yes)
        if args.list:
            for track in tracks:
                print(track_line(track))
        elif args.m3u is not None:
            try:
                written = write_playlists(tracks, args.m3u)
            except OSError as error:
                raise AudioError(f"{args.m3u} cannot be written: {error.strerror}.") from error
            for path, n_tracks in written.items():
                print(f"{path}: {n_tracks:,} tracks")
        elif args.html is not None:
            try:
                args.html.write_text(overview_page(overview_of(genres, tracks), args.table.stem), encoding="utf-8")
            except OSError as error:
                raise AudioError(f"{args.html} cannot be written: {error.strerror}.") from error
            print(args.html)
        else:
            print(overview_text(overview_of(genres, tracks)))
    return 0


def _write_tags(tracks: list[ScannedTrack], table: Path, *, really: bool) -> int:
    from model.scan.tags import Change, apply, planned

    undo_path = table.parent / f"{table.stem}-undo-{datetime.datetime.now():%Y%m%d-%H%M%S}.jsonl"
    n_changes = n_failed = 0
    for plan in planned(tracks):
        if not isinstance(plan, Change):
            print(f"left alone: {plan.path} {plan.why}")
            continue
        n_changes += 1
        print(f"{plan.path}: {', '.join(plan.before) or 'no genre'} -> {', '.join(plan.after)}")
        if really:
            try:
                with undo_path.open("a", encoding="utf-8") as undo:
                    apply(plan, undo)
            except AudioError as error:
                n_failed += 1
                print(f"not written: {error}")
    if not really:
        print(f"{n_changes:,} tags would change; nothing was written. Add --yes to write them.")
    elif n_changes:
        print(f"{n_changes - n_failed:,} tags written; give them back with --undo {undo_path}")
    return 1 if n_failed else 0


def _undo(undo: Path) -> int:
    from model.scan.tags import Change, undone

    n_back = n_left = 0
    for step in undone(undo):
        if isinstance(step, Change):
            n_back += 1
        else:
            n_left += 1
            print(f"left alone: {step.path} {step.why}")
    print(f"{n_back:,} tags given back")
    return 1 if n_left else 0
