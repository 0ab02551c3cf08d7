"""Where the windows of a batch come from, and what each should teach.

Three sources: labelled clips, other music that only teachers have named, and sounds that are no music.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.study.datasets.gtzan import COLUMNS_PER_SECOND, Clips
from model.study.datasets.music import OtherMusic
from model.study.datasets.opinions import Opinions, Teachers
from model.study.training.augment import Augmenter

SPEECH_SHARE: Final = 0.3


class Batch(NamedTuple):
    """Windows beside what they should teach.

    Attributes
    ----------
    windows_db : np.ndarray [shape=(n, n_frames, n_mels)], float32
        Windows.
    targets : np.ndarray [shape=(n, n_genres)], float32
        Posteriors to learn: one genre, or a teacher's opinion; all alike for what is no music.
    tags : np.ndarray [shape=(n, n_tags)], float32
        Tag probabilities to learn.
    has_tags : np.ndarray [shape=(n,)], float32
        1 where `tags` counts, else 0.
    embedding : np.ndarray [shape=(n, n_dimensions)], float32
        A teacher's embedding to learn.
    has_embedding : np.ndarray [shape=(n,)], float32
        1 where `embedding` counts, else 0.
    is_music : np.ndarray [shape=(n,)], float32
        1 for music, else 0.
    """

    windows_db: NDArray[np.float32]
    targets: NDArray[np.float32]
    tags: NDArray[np.float32]
    has_tags: NDArray[np.float32]
    embedding: NDArray[np.float32]
    has_embedding: NDArray[np.float32]
    is_music: NDArray[np.float32]


class _Teaching:
    """Looks up the teachers' opinions on the tracks of one source."""

    def __init__(self, opinions: Opinions | None, tracks: tuple[str, ...], n_names: int) -> None:
        self._opinions = opinions if n_names else None
        self._n_names = n_names
        self._row = np.full(len(tracks), -1) if self._opinions is None else self._opinions.rows_of(tracks)

    def at(
        self, rows: NDArray[np.int64], seconds: NDArray[np.float64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Give an opinion and 1 for each window whose track was heard, zeros for the others."""
        found = np.zeros((len(rows), self._n_names), np.float32)
        theirs = self._row[rows]
        heard = theirs >= 0
        if self._opinions is not None and heard.any():
            found[heard] = self._opinions.at(theirs[heard], seconds[heard])
        return found, heard.astype(np.float32)


class LabelledSource:
    """Windows of clips whose genre is known, drawn evenly over the genres.

    Parameters
    ----------
    clips : Clips
        The clips.
    teachers : Teachers
        Opinions on some of them.
    n_genres, n_tags, n_dimensions : int
        Sizes of what is learnt.
    label_smoothing : float
        Share of each target that is spread evenly over all genres.
    teacher_share : float
        Share of the teachers' genres in the targets, where there are any.
    band_share : float
        Share of windows that lose their treble.
    """

    def __init__(
        self,
        clips: Clips,
        teachers: Teachers,
        *,
        n_genres: int,
        n_tags: int,
        n_dimensions: int,
        label_smoothing: float,
        teacher_share: float,
        band_share: float,
    ) -> None:
        self._clips = clips
        self._rows_of_genre = rows_by_genre(clips.labels)
        self._targets = smoothed_labels(clips.labels, n_genres, label_smoothing)
        self._teacher_share = np.float32(teacher_share)
        self._band_share = band_share
        self._tags = _Teaching(teachers.tags, clips.tracks, n_tags)
        self._genres = _Teaching(teachers.genres, clips.tracks, n_genres)
        self._embedding = _Teaching(teachers.embedding, clips.tracks, n_dimensions)

    def draw(self, n: int, augmenter: Augmenter, random: np.random.Generator) -> tuple[Batch, NDArray[np.float64]]:
        """Draw windows, and with each the chance that it loses its treble."""
        rows = evenly(self._rows_of_genre, n, random)
        windows, first_columns = augmenter.cut(self._clips.columns_db, rows, random)
        seconds = first_columns / COLUMNS_PER_SECOND
        opinions, heard = self._genres.at(rows, seconds)
        share = self._teacher_share * heard[:, None]
        targets = self._targets[rows] * (1 - share) + opinions * share
        batch = Batch(
            windows,
            targets,
            *self._tags.at(rows, seconds),
            *self._embedding.at(rows, seconds),
            np.ones(n, np.float32),
        )
        return batch, np.full(n, self._band_share)


class TaughtSource:
    """Windows of other music, drawn evenly over the genres that the teachers hear; all they teach is opinions.

    Parameters
    ----------
    music : OtherMusic
        The clips.
    teachers : Teachers
        Opinions on every one of them, their genres among these.
    n_tags, n_dimensions : int
        Sizes of what is learnt.
    band_share : float
        Share of windows that lack treble, in every genre alike: a source that cut it must not stand for a genre, so
        fewer windows lose it where more lack it already.
    """

    def __init__(
        self, music: OtherMusic, teachers: Teachers, *, n_tags: int, n_dimensions: int, band_share: float
    ) -> None:
        self._music = music
        opinions = teachers.genres or music.genres
        heard = np.asarray(opinions.scores, np.float32).mean(axis=1).argmax(axis=1)
        self._rows_of_genre = rows_by_genre(heard)
        self._treble_chance = treble_chances(self._rows_of_genre, music.lacks_treble, band_share)
        self._tags = _Teaching(teachers.tags, music.tracks, n_tags)
        self._genres = _Teaching(opinions, music.tracks, len(opinions.names))
        self._embedding = _Teaching(teachers.embedding, music.tracks, n_dimensions)

    def draw(self, n: int, augmenter: Augmenter, random: np.random.Generator) -> tuple[Batch, NDArray[np.float64]]:
        """Draw windows, and with each the chance that it loses its treble."""
        rows = evenly(self._rows_of_genre, n, random)
        stored, first_columns = augmenter.cut(self._music.columns, rows, random)
        seconds = first_columns / COLUMNS_PER_SECOND
        windows = (stored / np.float32(255) - np.float32(1)) * self._music.span_db[rows][:, None, None]
        batch = Batch(
            windows,
            self._genres.at(rows, seconds)[0],
            *self._tags.at(rows, seconds),
            *self._embedding.at(rows, seconds),
            np.ones(n, np.float32),
        )
        return batch, self._treble_chance[rows]


class NonMusicSource:
    """Windows that are no music.

    Parameters
    ----------
    kinds : sequence of np.ndarray [shape=(n, n_frames, n_mels)], float32
        Windows by kind; each kind is drawn equally often, but the last one (speech, where there is any) three times
        out of ten.
    n_genres, n_tags, n_dimensions : int
        Sizes of what is learnt.
    band_share : float
        Share of windows that lose their treble.
    """

    def __init__(
        self,
        kinds: tuple[NDArray[np.float32], ...],
        *,
        n_genres: int,
        n_tags: int,
        n_dimensions: int,
        band_share: float,
    ) -> None:
        self._kinds = kinds
        self._n_genres, self._n_tags, self._n_dimensions = n_genres, n_tags, n_dimensions
        self._band_share = band_share

    def draw(self, n: int, augmenter: Augmenter, random: np.random.Generator) -> tuple[Batch, NDArray[np.float64]]:
        """Draw windows, and with each the chance that it loses its treble."""
        del augmenter  # they are windows already
        none = np.zeros(n, np.float32)
        batch = Batch(
            np.stack([self._one(random) for _ in range(n)]),
            np.full((n, self._n_genres), 1 / self._n_genres, np.float32),
            np.zeros((n, self._n_tags), np.float32),
            none,
            np.zeros((n, self._n_dimensions), np.float32),
            none,
            none,
        )
        return batch, np.full(n, self._band_share)

    def _one(self, random: np.random.Generator) -> NDArray[np.float32]:
        kind = self._kinds[-1]
        if len(self._kinds) > 1 and random.random() >= SPEECH_SHARE:
            kind = self._kinds[int(random.integers(len(self._kinds) - 1))]
        return np.asarray(kind[int(random.integers(len(kind)))])


Source = LabelledSource | TaughtSource | NonMusicSource


def rows_by_genre(labels: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """List the rows of each genre that occurs, in the order of the genres."""
    return [np.flatnonzero(labels == genre) for genre in np.unique(labels)]


def smoothed_labels(labels: NDArray[np.int64], n_genres: int, smoothing: float) -> NDArray[np.float32]:
    """Turn labels into posteriors that leave a share to every genre alike."""
    share = np.float32(smoothing)
    return np.asarray(np.eye(n_genres, dtype=np.float32)[labels] * (1 - share) + share / n_genres)


def treble_chances(
    rows_of_genre: list[NDArray[np.int64]], lacks_treble: NDArray[np.bool_], band_share: float
) -> NDArray[np.float64]:
    """Give the chance of each clip's windows to lose their treble, so that as many lack it in every genre.

    Parameters
    ----------
    rows_of_genre : list of np.ndarray
        Rows of the clips of each genre.
    lacks_treble : np.ndarray [shape=(n_clips,)], bool
        Clips that have none to lose.
    band_share : float
        Share of windows that should lack it.

    Returns
    -------
    np.ndarray [shape=(n_clips,)], float64
        0 for clips that lack it already.
    """
    chances = np.zeros(len(lacks_treble))
    for rows in rows_of_genre:
        lacking = lacks_treble[rows].mean()
        losing = max(0.0, (band_share - lacking) / (1 - lacking)) if lacking < 1 else 0.0
        chances[rows] = np.where(lacks_treble[rows], 0.0, losing)
    return chances


def evenly(rows_of_genre: list[NDArray[np.int64]], n: int, random: np.random.Generator) -> NDArray[np.int64]:
    """Draw rows evenly over the genres."""
    genres = random.integers(0, len(rows_of_genre), n)
    return np.array([random.choice(rows_of_genre[genre]) for genre in genres], np.int64)
