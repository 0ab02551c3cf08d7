"""Odd but real files, made by FFmpeg, SoX and surgery."""

from __future__ import annotations

from pathlib import Path
from typing import Final, NamedTuple

from tests.model.audio.odd_files import coded, damaged

SANE: Final = (*coded.BY_FFMPEG, *coded.WITH_VIDEO, *coded.BY_SOX, *coded.BY_PIPE)
HEARD: Final = (*SANE, *damaged.DAMAGED, *damaged.JOINED)


class Folders(NamedTuple):
    """The files, and what the program makes of them."""

    files: Path
    judged: Path
