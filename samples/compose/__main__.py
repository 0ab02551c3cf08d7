"""``python -m samples.compose``: render the sample tracks and write their catalogue."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from samples.compose.render import ComposeError, require_tools

FOLDER: Final = Path(__file__).resolve().parents[1]
TRACKS: Final = ("jazz", "reggae", "metal", "medley")


def main(arguments: list[str] | None = None) -> int:
    """Render the tracks asked for.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; the process's own by default.

    Returns
    -------
    int
        Exit status: 2 if something that rendering needs is missing.
    """
    parser = argparse.ArgumentParser(prog="python -m samples.compose", description=__doc__)
    parser.add_argument("tracks", nargs="*", metavar="TRACK", help=f"which of {', '.join(TRACKS)}; all by default")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where to write (default: samples/)")
    options = parser.parse_args(arguments)
    unknown = set(options.tracks) - set(TRACKS)
    if unknown:
        parser.error(f"unknown track {sorted(unknown)[0]!r}; choose from {', '.join(TRACKS)}")
    try:
        require_tools()
        _render(options.tracks or TRACKS, options.folder)
    except ComposeError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _render(tracks: list[str] | tuple[str, ...], folder: Path) -> None:
    from samples.compose import catalogue, jazz, medley, metal, reggae
    from samples.compose.master import fade, master, save

    folder.mkdir(parents=True, exist_ok=True)
    entries = {}
    for name, piece in (("jazz", jazz), ("reggae", reggae), ("metal", metal)):
        if name in tracks:
            song, path = piece.score(), folder / f"{name}.ogg"
            save(fade(master(song.sound(), song.style), end_seconds=1.2), path)
            entries[name] = catalogue.entry(name, piece.TITLE, song.style, path)
            print(f"{path}: {entries[name]['duration_seconds']} s")
    if "medley" in tracks:
        path = folder / "medley.ogg"
        finished = medley.render()
        save(finished.sound, path)
        entries["medley"] = catalogue.entry("medley", medley.TITLE, None, path, finished.sections)
        print(f"{path}: {entries['medley']['duration_seconds']} s")
    catalogue.write(entries, folder / "catalogue.json")


sys.exit(main())
