"""What pretrained networks said of the windows of tracks: soft targets to learn from beside the genre."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Opinions:
    """A teacher's opinions on evenly spaced windows of tracks.

    Attributes
    ----------
    tracks : tuple of str
        The tracks it heard.
    names : tuple of str
        What each number of an opinion tells: tags, genres or dimensions.
    scores : np.ndarray [shape=(n_tracks, n_windows, n_names)], float
        One opinion a window.
    seconds_apart : float
        From the start of one window to the start of the next; the first starts with the clip.
    """

    tracks: tuple[str, ...]
    names: tuple[str, ...]
    scores: NDArray[np.floating[Any]]
    seconds_apart: float

    def rows_of(self, tracks: Iterable[str]) -> NDArray[np.int64]:
        """Find the rows of tracks; -1 for those it did not hear."""
        row_of = {track: row for row, track in enumerate(self.tracks)}
        return np.array([row_of.get(track, -1) for track in tracks], np.int64)

    def at(self, rows: NDArray[np.int64], seconds: NDArray[np.float64]) -> NDArray[np.float32]:
        """Interpolate opinions to where windows start.

        Parameters
        ----------
        rows : np.ndarray [shape=(n,)], int64
            Rows of the tracks, from 0.
        seconds : np.ndarray [shape=(n,)], float64
            Where each window starts in its clip; before the first opinion and after the last, that one counts.

        Returns
        -------
        np.ndarray [shape=(n, n_names)], float32
            One opinion a row.
        """
        last = self.scores.shape[1] - 1
        place = np.clip(seconds / self.seconds_apart, 0, last)
        before = np.minimum(place.astype(int), max(last - 1, 0))
        after = np.minimum(before + 1, last)
        share = (place - before).astype(np.float32)[:, None]
        earlier, later = self.scores[rows, before], self.scores[rows, after]
        return np.asarray(earlier * (1 - share) + later * share, np.float32)

    def every(self, seconds_apart: float) -> Opinions:
        """Interpolate all tracks' opinions to windows that lie otherwise, within the span of those there are."""
        n_windows = int((self.scores.shape[1] - 1) * self.seconds_apart / seconds_apart + 1e-6) + 1
        rows = np.repeat(np.arange(len(self.tracks)), n_windows)
        seconds = np.tile(np.arange(n_windows) * seconds_apart, len(self.tracks))
        scores = self.at(rows, seconds).reshape(len(self.tracks), n_windows, -1)
        return Opinions(self.tracks, self.names, scores, seconds_apart)

    def only(self, keep: NDArray[np.bool_]) -> Opinions:
        """Keep some of the tracks."""
        names = tuple(track for track, kept in zip(self.tracks, keep, strict=True) if kept)
        return Opinions(names, self.names, self.scores[keep], self.seconds_apart)


def joined_opinions(first: Opinions, second: Opinions) -> Opinions:
    """Put the opinions of one teacher on two lists of tracks together."""
    return Opinions(
        first.tracks + second.tracks,
        first.names,
        np.concatenate([np.asarray(first.scores, np.float32), np.asarray(second.scores, np.float32)]),
        first.seconds_apart,
    )


@dataclass(frozen=True, eq=False)
class Teachers:
    """What several teachers said of the same music; None where one is not asked.

    Attributes
    ----------
    tags : Opinions or None
        Probabilities of tags.
    genres : Opinions or None
        Posteriors of the genres.
    embedding : Opinions or None
        What a teacher's inner layer held, in whitened dimensions.
    """

    tags: Opinions | None = None
    genres: Opinions | None = None
    embedding: Opinions | None = None
