"""Batches drawn on the device: which windows, and what each should teach, as `training.sources` draws them."""

from __future__ import annotations

from typing import Any, Final

import jax.numpy as jnp
from jax import random

from model.study.accelerator.changes import Changes, interpolate
from model.study.accelerator.pool import Groups, Labelled, Music, NonMusic, Opinion, Pool, Teaching
from model.study.datasets.gtzan import COLUMNS_PER_SECOND
from model.study.training.params import TrainParams
from model.study.training.sources import SPEECH_SHARE, Batch

Array = Any
_N_KEYS: Final = 9


def draw(key: Array, pool: Pool, changes: Changes, train: TrainParams) -> tuple[Batch, Array]:
    """Draw a batch.

    Parameters
    ----------
    key : jax.Array
        Of all chance here.
    pool : Pool
        What to draw from.
    changes : Changes
        Says where windows lie in their clips.
    train : TrainParams
        How many windows of each source, and the teachers' share of the labelled windows' targets.

    Returns
    -------
    batch : Batch
        Arrays on the device: labelled windows, then other music, then non-music; not changed yet.
    treble_chance : jax.Array [shape=(n,)], float32
        How likely each window is to lose its treble.
    """
    keys = random.split(key, _N_KEYS)
    labelled, music = pool.labelled, pool.music
    n_music = train.music_per_batch if music is not None else 0
    rows = _evenly(keys[0], labelled.groups, train.batch_size)
    n_columns = [jnp.full(train.batch_size, labelled.columns_db.shape[1])]
    if music is not None:
        n_columns.append(jnp.full(n_music, music.columns.shape[1]))
    places, first = changes.places(keys[4], jnp.concatenate(n_columns) - 1)
    seconds = first / COLUMNS_PER_SECOND
    drawn = [_labelled(labelled, rows, places[: len(rows)], seconds[: len(rows)], train.teacher_share)]
    chances = [jnp.full(train.batch_size, changes.augment.band_share)]
    if music is not None:
        theirs = _evenly(keys[1], music.groups, n_music)
        drawn.append(_music(music, theirs, places[len(rows) :], seconds[len(rows) :]))
        chances.append(music.treble_chance[theirs])
    if pool.nonmusic is not None:
        windows = _nonmusic(keys[6:9], pool.nonmusic, train.nonmusic_per_batch)
        drawn.append(_teaching_nothing(windows, drawn[0]))
        chances.append(jnp.full(len(windows), changes.augment.band_share))
    batch = Batch(*(jnp.concatenate(parts) for parts in zip(*drawn, strict=True)))
    return batch, jnp.concatenate(chances)


def _evenly(key: Array, groups: Groups, n: int) -> Array:
    """Draw rows evenly over the genres."""
    of_genre, of_row = random.split(key)
    genre = random.randint(of_genre, (n,), 0, groups.rows.shape[0])
    size = groups.sizes[genre]
    place = jnp.minimum((random.uniform(of_row, (n,)) * size).astype(jnp.int32), size - 1)
    return groups.rows[genre, place]


def _at(opinion: Opinion, rows: Array, seconds: Array) -> Array:
    """Interpolate opinions to where windows start."""
    last = opinion.scores.shape[1] - 1
    place = jnp.clip(seconds / opinion.seconds_apart, 0, last)
    before = jnp.minimum(place.astype(jnp.int32), max(last - 1, 0))
    share = (place - before)[:, None]
    return opinion.scores[rows, before] * (1 - share) + opinion.scores[rows, jnp.minimum(before + 1, last)] * share


def _beside(said: Teaching, rows: Array, seconds: Array) -> tuple[Array, Array, Array, Array]:
    """Give tags and embedding, and which of them count; of no width where they are not learnt."""
    found: list[Array] = []
    for opinion in (said.tags, said.embedding):
        if opinion is None:
            found += [jnp.zeros((len(rows), 0)), jnp.zeros(len(rows))]
        else:
            found += [_at(opinion, rows, seconds), opinion.heard[rows]]
    return found[0], found[1], found[2], found[3]


def _labelled(source: Labelled, rows: Array, places: Array, seconds: Array, teacher_share: float) -> Batch:
    windows = interpolate(source.columns_db, rows, places)
    targets = source.targets[rows]
    genres = source.said.genres
    if genres is not None and teacher_share:
        share = teacher_share * genres.heard[rows][:, None]
        targets = targets * (1 - share) + _at(genres, rows, seconds) * share
    return Batch(windows, targets, *_beside(source.said, rows, seconds), jnp.ones(len(rows)))


def _music(source: Music, rows: Array, places: Array, seconds: Array) -> Batch:
    stored = interpolate(source.columns, rows, places)
    windows = (stored / 255 - 1) * source.span_db[rows][:, None, None]
    genres = source.said.genres
    assert genres is not None
    return Batch(windows, _at(genres, rows, seconds), *_beside(source.said, rows, seconds), jnp.ones(len(rows)))


def _nonmusic(keys: Array, source: NonMusic, n: int) -> Array:
    """Draw each kind equally often, but the last one (speech, where there is any) three times out of ten."""
    n_kinds = len(source.sizes)
    kind = jnp.zeros(n, jnp.int32)
    if n_kinds > 1:
        is_last = random.uniform(keys[0], (n,)) < SPEECH_SHARE
        kind = jnp.where(is_last, n_kinds - 1, random.randint(keys[1], (n,), 0, n_kinds - 1))
    size = source.sizes[kind]
    place = jnp.minimum((random.uniform(keys[2], (n,)) * size).astype(jnp.int32), size - 1)
    return source.windows_db[source.firsts[kind] + place]


def _teaching_nothing(windows: Array, like: Batch) -> Batch:
    n, n_genres = len(windows), like.targets.shape[1]
    none = jnp.zeros(n)
    return Batch(
        windows,
        jnp.full((n, n_genres), 1 / n_genres),
        jnp.zeros((n, like.tags.shape[1])),
        none,
        jnp.zeros((n, like.embedding.shape[1])),
        none,
        none,
    )
