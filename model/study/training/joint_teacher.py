"""One teacher of genres made of two: a small head on MusiCNN's tags, and YAMNet's posterior.

On the valid tracks whose audio there is, the normalised product of both posteriors hears more than either alone: 73 %
of windows, where YAMNet's head hears 66 % and the head on tags 72 % (`model/study/EXPERIMENTS.md`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.genres import GENRES
from model.study.datasets.gtzan import Clips
from model.study.datasets.music import YAMNET_SECONDS_APART, OtherMusic
from model.study.datasets.opinions import Opinions, Teachers

if TYPE_CHECKING:
    from sklearn.pipeline import Pipeline

SHARPNESS: Final = 1.2
_FOLDS: Final = 4
_PENALTY: Final = 0.1
_EVERY: Final = 3  # windows overlap by two thirds; every third one tells the head as much
_WEAK_WEIGHT: Final = 0.3
_LEAST: Final = 1e-4


def teach(
    clips: Clips, tags: Opinions, genres: Opinions, embedding: Opinions, music: OtherMusic
) -> tuple[Teachers, Teachers]:
    """Make the joint opinions on the labelled tracks and on other music.

    The head on tags is fitted on the labelled tracks and, at a lower weight, on the clips of other music that have a
    weak label: fitted on GTZAN alone it takes most of them for hip-hop.

    Parameters
    ----------
    clips : Clips
        The tracks to learn from and their genres.
    tags : Opinions
        MusiCNN's; tracks that are not among the clips are left out.
    genres, embedding : Opinions
        YAMNet's, on some of the tracks.
    music : OtherMusic
        Other music, with the opinions of both.

    Returns
    -------
    labelled : Teachers
        Genres of a track come from a head that was fitted without it, times YAMNet's posterior where there is one.
    other : Teachers
        On the other music.
    """
    label_of = dict(zip(clips.tracks, clips.labels, strict=True))
    even = tags.only(np.array([track in label_of for track in tags.tracks])).every(YAMNET_SECONDS_APART)
    features = _log_odds(even.scores)
    labels = np.array([label_of[track] for track in even.tracks], np.int64)
    music_features = _log_odds(music.tags.every(YAMNET_SECONDS_APART).scores)
    weak = music.weak_labels >= 0
    weak_features, weak_labels = music_features[weak], music.weak_labels[weak]

    posteriors = np.zeros((*features.shape[:2], len(GENRES)))
    fold = np.random.default_rng(0).permutation(len(labels)) % _FOLDS
    for left_out in range(_FOLDS):
        out = fold == left_out
        head = _fitted(features[~out], labels[~out], weak_features, weak_labels)
        posteriors[out] = _posterior(head, features[out])
    rows = genres.rows_of(even.tracks)
    n_windows = min(features.shape[1], genres.scores.shape[1])
    posteriors = posteriors[:, :n_windows]
    heard = rows >= 0
    posteriors[heard] = together(posteriors[heard], genres.scores[rows[heard], :n_windows])
    joint = Opinions(even.tracks, GENRES, posteriors.astype(np.float32), YAMNET_SECONDS_APART)

    head = _fitted(features, labels, weak_features, weak_labels)
    n_windows = min(music_features.shape[1], music.genres.scores.shape[1])
    on_music = together(_posterior(head, music_features[:, :n_windows]), music.genres.scores[:, :n_windows])
    music_joint = Opinions(music.tracks, GENRES, on_music.astype(np.float32), YAMNET_SECONDS_APART)
    return Teachers(tags, joint, embedding), Teachers(music.tags, music_joint, music.embedding)


def together(one: NDArray[np.floating[Any]], other: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Give the normalised geometric mean of two posteriors, sharpened a little: two that agree are surer than one."""
    log_mean = (np.log(np.maximum(one, _LEAST)) + np.log(np.maximum(np.asarray(other, np.float64), _LEAST))) / 2
    unscaled = np.exp(SHARPNESS * log_mean)
    return np.asarray(unscaled / unscaled.sum(axis=-1, keepdims=True))


def _log_odds(probabilities: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    bounded = np.clip(np.asarray(probabilities, np.float64), 1e-3, 1 - 1e-3)
    return np.asarray(np.log(bounded / (1 - bounded)))


def _fitted(
    features: NDArray[np.float64],
    labels: NDArray[np.int64],
    weak_features: NDArray[np.float64],
    weak_labels: NDArray[np.int64],
) -> Pipeline:
    """Fit a head on tags; every genre weighs the same, a weakly labelled window less than another."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    some = np.concatenate([features[:, ::_EVERY], weak_features[:, ::_EVERY]])
    n_windows = some.shape[1]
    window_labels = np.repeat(np.concatenate([labels, weak_labels]), n_windows)
    weights = np.repeat(np.r_[np.ones(len(labels)), np.full(len(weak_labels), _WEAK_WEIGHT)], n_windows)
    of_genre = np.bincount(window_labels, weights=weights, minlength=len(GENRES))
    weights *= weights.sum() / of_genre[window_labels] / np.count_nonzero(of_genre)
    head = make_pipeline(StandardScaler(), LogisticRegression(C=_PENALTY, max_iter=300))
    return head.fit(some.reshape(-1, some.shape[-1]), window_labels, logisticregression__sample_weight=weights)


def _posterior(head: Pipeline, features: NDArray[np.float64]) -> NDArray[np.float64]:
    flat = features.reshape(-1, features.shape[-1])
    posteriors = np.full((len(flat), len(GENRES)), _LEAST)
    posteriors[:, head.classes_] = head.predict_proba(flat)
    posteriors /= posteriors.sum(axis=1, keepdims=True)  # a genre that the head never met keeps a trace
    return posteriors.reshape(*features.shape[:2], len(GENRES))
