"""What a first visit shows, and so asks for: announced in the document, and made when the server has started."""

from __future__ import annotations

from typing import Final

from dashboard.library.record import TrackRecord
from dashboard.page.layout.document import Document, plotly_address
from dashboard.page.words import HOP_SECONDS
from dashboard.services import Services

PICTURE_COLUMNS: Final = 1200
"""Columns of the waveform and of the spectrogram: more than most screens have."""

_GENRE: Final = "jazz"


def first_track(services: Services) -> TrackRecord | None:
    """Give the track that a page shows whose address names none: a sample, if there is one."""
    samples = services.library.tracks(None)
    return next((record for record in samples if record.genre == _GENRE), samples[0] if samples else None)


def first_addresses(services: Services) -> list[str]:
    """Give what the page asks about its first track, as addresses relative to the page.

    `assets/core/api.mjs` writes them in the same words, or the browser would ask twice; a test holds both together.
    """
    first = first_track(services)
    if first is None:
        return []
    parts = (f"scores?hop={HOP_SECONDS:g}", f"peaks?n={PICTURE_COLUMNS}", f"spectrogram?columns={PICTURE_COLUMNS}")
    return [f"api/tracks/{first.id}/{part}" for part in parts]


def first_files(document: Document) -> list[str]:
    """Give the files that the page loads, which are compressed when they are first asked for."""
    return [document.script_address, document.styles_address, plotly_address()]
