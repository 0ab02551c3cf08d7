"""Training batches: windows of the clips, changed by the augmenter, beside what they should teach.

The batch of a step depends on the seed and the step's number only, so a resumed run sees the batches it would have.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.params import ModelParams
from model.study.datasets.gtzan import COLUMNS_PER_SECOND, Clips, TagOpinions
from model.study.training.augment import Augmenter, AugmentParams

if TYPE_CHECKING:
    from model.study.training.fit import TrainParams

_BATCHES_AHEAD: Final = 3
_SPEECH_SHARE: Final = 0.3
_NO_TAGS: Final = TagOpinions((), (), np.zeros((0, 2, 0), np.float32))


class Batch(NamedTuple):
    """One batch.

    Attributes
    ----------
    windows_db : np.ndarray [shape=(n, n_frames, n_mels)], float32
        Windows; those that are no music come last.
    targets : np.ndarray [shape=(n, n_genres)], float32
        Posteriors to learn: one genre for music, all alike for what is none.
    tags : np.ndarray [shape=(n, n_tags)], float32
        Tag probabilities to learn.
    has_tags : np.ndarray [shape=(n,)], float32
        1 where `tags` counts, else 0.
    is_music : np.ndarray [shape=(n,)], float32
        1 for music, else 0.
    """

    windows_db: NDArray[np.float32]
    targets: NDArray[np.float32]
    tags: NDArray[np.float32]
    has_tags: NDArray[np.float32]
    is_music: NDArray[np.float32]


class Batches:
    """Draws batches.

    Parameters
    ----------
    clips : Clips
        Music to learn from.
    n_genres : int
        Outputs of the network.
    tags : TagOpinions or None
        Soft targets for some of the clips.
    nonmusic : sequence of np.ndarray [shape=(n, n_frames, n_mels)], float32
        Windows that are no music, by kind; each kind is drawn equally often, but the last one (speech, where there is
        any) three times out of ten.
    train : TrainParams
        Seed and sizes.
    augment : AugmentParams
        How strongly windows are changed.
    params : ModelParams
        The features.
    """

    def __init__(
        self,
        clips: Clips,
        *,
        n_genres: int,
        tags: TagOpinions | None,
        nonmusic: tuple[NDArray[np.float32], ...],
        train: TrainParams,
        augment: AugmentParams,
        params: ModelParams,
    ) -> None:
        n_frames, n_mels = params.input_shape
        self._clips = clips
        self._n_genres = n_genres
        self._nonmusic = nonmusic
        self._train = train
        self._augmenter = Augmenter(
            augment, n_frames=n_frames, n_mels=n_mels, sample_rate_hz=params.audio.sample_rate_hz
        )
        self._rows_of_genre = [np.flatnonzero(clips.labels == genre) for genre in np.unique(clips.labels)]
        self._tags = tags or _NO_TAGS
        row_of = {track: row for row, track in enumerate(self._tags.tracks)}
        self._tag_row = np.array([row_of.get(track, -1) for track in clips.tracks])

    @property
    def n_tags(self) -> int:
        """How many tags a batch holds."""
        return len(self._tags.tags)

    def draw(self, step: int) -> Batch:
        """Draw the batch of a step, counted from 0."""
        random = np.random.default_rng([self._train.seed, step])
        genres = random.integers(0, len(self._rows_of_genre), self._train.batch_size)
        rows = np.array([random.choice(self._rows_of_genre[genre]) for genre in genres])
        windows, first_columns = self._augmenter.cut(self._clips.columns_db, rows, random)
        smoothing = np.float32(self._train.label_smoothing)
        sure = np.eye(self._n_genres, dtype=np.float32)[self._clips.labels[rows]]
        targets = sure * (1 - smoothing) + smoothing / self._n_genres
        tags, has_tags = self._tags_at(rows, first_columns)
        n_other = self._train.nonmusic_per_batch if self._nonmusic else 0
        if n_other:
            windows = np.concatenate([windows, [self._draw_nonmusic(random) for _ in range(n_other)]])
            targets = np.concatenate([targets, np.full((n_other, self._n_genres), 1 / self._n_genres, np.float32)])
            tags = np.concatenate([tags, np.zeros((n_other, self.n_tags), np.float32)])
            has_tags = np.concatenate([has_tags, np.zeros(n_other, np.float32)])
        is_music = (np.arange(len(windows)) < len(rows)).astype(np.float32)
        return Batch(self._augmenter.change(windows, random), targets, tags, has_tags, is_music)

    def stream(self, steps: range) -> Iterator[Batch]:
        """Draw the batches of some steps, a few ahead of the reader."""
        with ThreadPoolExecutor(1, thread_name_prefix="batches") as thread:
            under_way: deque[Future[Batch]] = deque()
            for step in steps:
                under_way.append(thread.submit(self.draw, step))
                if len(under_way) > _BATCHES_AHEAD:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()

    def _draw_nonmusic(self, random: np.random.Generator) -> NDArray[np.float32]:
        kind = self._nonmusic[-1]
        if len(self._nonmusic) > 1 and random.random() >= _SPEECH_SHARE:
            kind = self._nonmusic[int(random.integers(len(self._nonmusic) - 1))]
        return np.asarray(kind[int(random.integers(len(kind)))])

    def _tags_at(
        self, rows: NDArray[np.int64], first_columns: NDArray[np.float64]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Interpolate the tagger's opinions, one a second, to where the windows start."""
        if not self.n_tags:
            return np.zeros((len(rows), 0), np.float32), np.zeros(len(rows), np.float32)
        tag_rows = self._tag_row[rows]
        seconds = np.clip(first_columns / COLUMNS_PER_SECOND, 0, self._tags.scores.shape[1] - 1.001)
        second = seconds.astype(int)
        share = (seconds - second).astype(np.float32)[:, None]
        known = np.maximum(tag_rows, 0)
        scores = self._tags.scores[known, second] * (1 - share) + self._tags.scores[known, second + 1] * share
        return scores, (tag_rows >= 0).astype(np.float32)
