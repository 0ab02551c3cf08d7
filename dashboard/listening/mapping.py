"""Where tracks lie on the map of known tracks, and what they sound like, as the page and programs read it."""

from __future__ import annotations

from typing import NotRequired, TypedDict

import numpy as np
from numpy.typing import NDArray

from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from dashboard.listening.moment import windows_along
from model.atlas import Atlas
from model.recordings import UNKNOWN, known_recordings
from model.result import ModelIdentity, model_identity
from model.scorer import Scorer

N_NEAREST = 5


class KnownTrack(TypedDict):
    """A track of GTZAN's training list; artist and title where the server has the index of them, else null."""

    track: str
    genre: str
    artist: str | None
    title: str | None


class KnownPlace(KnownTrack):
    """A known track on the map."""

    position: list[float]


class MapMessage(TypedDict):
    """The map: known tracks, and the middle of each genre, on the two axes of the largest variance.

    `shares` tells how much of the variance lies on each of the two; `has_names` whether artists and titles are known.
    """

    tracks: list[KnownPlace]
    centres: dict[str, list[float]]
    shares: list[float]
    has_names: bool
    model: ModelIdentity


class NearTrack(KnownTrack):
    """A known track that something sounds like; `distance` on all axes of the map, not only the two that are drawn."""

    distance: float


class PlacedWindow(TypedDict):
    """A window on the map; no position and nothing near in silence. `embedding` only where it is asked for."""

    start: int
    end: int
    position: list[float] | None
    nearest: list[NearTrack]
    embedding: NotRequired[list[float] | None]


class EmbeddingMessage(TypedDict):
    """A track on the map: as a whole (the mean of its windows, null where all is silence), and along it."""

    position: list[float] | None
    nearest: list[NearTrack]
    embedding: list[float] | None
    windows: list[PlacedWindow]
    model: ModelIdentity


def known_map(scorer: Scorer) -> MapMessage:
    """Give the map of a model.

    Raises
    ------
    MapError
        If the model has none.
    """
    atlas = scorer.atlas
    names = known_recordings()
    placed = zip(atlas.tracks, atlas.genres, atlas.places, strict=True)
    return {
        "tracks": [{**_known(track, genre), "position": _drawn(place)} for track, genre, place in placed],
        "centres": {genre: _drawn(place) for genre, place in atlas.centres().items()},
        "shares": [round(float(share), 3) for share in atlas.shares[:2]],
        "has_names": bool(names),
        "model": model_identity(scorer.classifier.card),
    }


def embedding(sounds: Sounds, record: TrackRecord, scorer: Scorer, most: int, *, has_numbers: bool) -> EmbeddingMessage:
    """Place a track on the map.

    Parameters
    ----------
    sounds : Sounds
        Decodes the track.
    record : TrackRecord
        The track.
    scorer : Scorer
        The model.
    most : int
        Most windows along the track.
    has_numbers : bool
        Whether to give the embedding of each window too.

    Returns
    -------
    EmbeddingMessage
        As the contract has it.

    Raises
    ------
    MapError, ExplanationError
        If the model has no map, or nothing that gives embeddings.
    AudioTooShortError
        If the track is shorter than a window.
    """
    atlas = scorer.atlas
    placed: list[PlacedWindow] = []
    found: list[NDArray[np.float32]] = []
    for window in windows_along(sounds, record, scorer, most):
        numbers = scorer.embed(window)
        if numbers is not None:
            found.append(numbers)
        one: PlacedWindow = {
            "start": window.start_sample,
            "end": window.end_sample,
            "position": _position(atlas, numbers),
            "nearest": _nearest(atlas, numbers),
        }
        if has_numbers:
            one["embedding"] = _rounded(numbers)
        placed.append(one)
    whole = np.mean(found, axis=0) if found else None
    return {
        "position": _position(atlas, whole),
        "nearest": _nearest(atlas, whole),
        "embedding": _rounded(whole),
        "windows": placed,
        "model": model_identity(scorer.classifier.card),
    }


def _position(atlas: Atlas, numbers: NDArray[np.float32] | None) -> list[float] | None:
    return None if numbers is None else _drawn(atlas.place(numbers))


def _nearest(atlas: Atlas, numbers: NDArray[np.float32] | None) -> list[NearTrack]:
    found = [] if numbers is None else atlas.nearest(atlas.place(numbers), N_NEAREST)
    return [{**_known(each.track, each.genre), "distance": round(each.distance, 3)} for each in found]


def _known(track: str, genre: str) -> KnownTrack:
    recording = known_recordings().get(track)
    if recording is None or recording.artist.lower() == UNKNOWN:
        return {"track": track, "genre": genre, "artist": None, "title": None}
    return {"track": track, "genre": genre, "artist": recording.artist, "title": recording.title}


def _drawn(place: NDArray[np.float32]) -> list[float]:
    return [round(float(value), 3) for value in place[:2]]


def _rounded(numbers: NDArray[np.float32] | None) -> list[float] | None:
    return None if numbers is None else [round(float(value), 4) for value in numbers]
