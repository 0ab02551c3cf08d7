"""All that a fit draws from, as arrays on the device: labelled clips, other music, non-music, teachers' opinions.

The same data as the sources of `model.study.training.sources` hold, laid out so that a window is drawn by its index.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from model.study.datasets.gtzan import Clips
from model.study.datasets.opinions import Opinions, Teachers
from model.study.training.augment import AugmentParams
from model.study.training.lessons import Lessons
from model.study.training.params import TrainParams
from model.study.training.sources import rows_by_genre, smoothed_labels, treble_chances

Array = Any  # of JAX: a device's array, or what stands for one while a function is compiled


class Groups(NamedTuple):
    """Rows by genre: one line a genre, filled up with zeros, and how many count."""

    rows: Array
    sizes: Array


class Opinion(NamedTuple):
    """A teacher's opinions on clips, one row a clip; 0 in `heard` where it did not hear the clip."""

    scores: Array
    heard: Array
    seconds_apart: Array


class Teaching(NamedTuple):
    """What the teachers said of clips; None where one is not asked."""

    tags: Opinion | None
    genres: Opinion | None
    embedding: Opinion | None


class Labelled(NamedTuple):
    """Clips whose genre is known."""

    columns_db: Array
    groups: Groups
    targets: Array
    said: Teaching


class Music(NamedTuple):
    """Other music, in the bytes that it is stored in; `treble_chance` is how likely a clip is to lose its treble."""

    columns: Array
    span_db: Array
    groups: Groups
    treble_chance: Array
    said: Teaching


class NonMusic(NamedTuple):
    """Windows of non-music, kind after kind: where each kind starts, and how many it has."""

    windows_db: Array
    firsts: Array
    sizes: Array


class Pool(NamedTuple):
    """Everything; None where the fit asks for none."""

    labelled: Labelled
    music: Music | None
    nonmusic: NonMusic | None


def make_pool(
    clips: Clips,
    lessons: Lessons,
    nonmusic: Mapping[str, NDArray[np.float32]],
    *,
    n_genres: int,
    train: TrainParams,
    augment: AugmentParams,
) -> Pool:
    """Put what a fit draws from onto the device.

    Parameters
    ----------
    clips : Clips
        Whose genre is known.
    lessons : Lessons
        Teachers' opinions and other music.
    nonmusic : mapping of str to np.ndarray [shape=(n, n_frames, n_mels)]
        Windows of non-music by kind, the last kind speech where there is any.
    n_genres : int
        Outputs of the network.
    train, augment : TrainParams, AugmentParams
        What is learnt, and the share of windows that lose their treble.

    Returns
    -------
    Pool
        On the default device.
    """
    targets = smoothed_labels(clips.labels, n_genres, train.label_smoothing)
    labelled = Labelled(
        clips.columns_db, _groups(rows_by_genre(clips.labels)), targets, _said(lessons.teachers, clips.tracks, train)
    )
    music = _music(lessons, train, augment) if lessons.music is not None and train.music_per_batch else None
    kinds = list(nonmusic.values()) if train.nonmusic_per_batch else []
    pool = Pool(labelled, music, _nonmusic(kinds) if kinds else None)
    placed: Pool = jax.device_put(jax.tree_util.tree_map(jnp.asarray, pool))
    return placed


def _music(lessons: Lessons, train: TrainParams, augment: AugmentParams) -> Music:
    music = lessons.music
    assert music is not None
    teachers = Teachers(
        lessons.music_teachers.tags, lessons.music_teachers.genres or music.genres, lessons.music_teachers.embedding
    )
    assert teachers.genres is not None
    heard = np.asarray(teachers.genres.scores, np.float32).mean(axis=1).argmax(axis=1)
    rows = rows_by_genre(heard)
    chance = treble_chances(rows, music.lacks_treble, augment.band_share)
    return Music(
        music.columns,
        np.asarray(music.span_db, np.float32),
        _groups(rows),
        chance.astype(np.float32),
        _said(teachers, music.tracks, train),
    )


def _groups(rows_of_genre: list[NDArray[np.int64]]) -> Groups:
    rows = np.zeros((len(rows_of_genre), max(map(len, rows_of_genre))), np.int32)
    for line, members in zip(rows, rows_of_genre, strict=True):
        line[: len(members)] = members
    return Groups(rows, np.array([len(members) for members in rows_of_genre], np.int32))


def _said(teachers: Teachers, tracks: tuple[str, ...], train: TrainParams) -> Teaching:
    return Teaching(
        _opinion(teachers.tags, tracks) if train.tag_weight else None,
        _opinion(teachers.genres, tracks),
        _opinion(teachers.embedding, tracks) if train.embedding_weight else None,
    )


def _opinion(opinions: Opinions | None, tracks: tuple[str, ...]) -> Opinion | None:
    if opinions is None:
        return None
    rows = opinions.rows_of(tracks)
    heard = rows >= 0
    scores = np.zeros((len(tracks), *opinions.scores.shape[1:]), np.float32)
    scores[heard] = opinions.scores[rows[heard]]
    return Opinion(scores, heard.astype(np.float32), np.float32(opinions.seconds_apart))


def _nonmusic(kinds: list[NDArray[np.float32]]) -> NonMusic:
    sizes = np.array([len(kind) for kind in kinds], np.int32)
    return NonMusic(np.concatenate(kinds), np.cumsum(sizes, dtype=np.int32) - sizes, sizes)
