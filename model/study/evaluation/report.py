"""One evaluation of a checkpoint on one of GTZAN's lists, or on other music: plain values for JSON, pages, pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import Card
from model.classifier import Classifier
from model.errors import ParameterError
from model.posteriors import product_rule
from model.study.datasets.gtzan import Clips, cut_windows, load_clips, read_split
from model.study.datasets.music import as_clips, load_held_out
from model.study.datasets.teachers import load_tag_opinions
from model.study.evaluation.artists import SOURCES, describe_faults, facts
from model.study.evaluation.curves import genre_scores, interval_95, reliability, roc
from model.study.evaluation.metrics import confusion_counts, expected_calibration_error, metrics_of
from model.study.evaluation.summaries import compare_summaries, listening_curve

OTHER_MUSIC: Final = "other-music"
SPLIT_TITLES: Final = {
    "valid": "fault-filtered validation list",
    "test": "fault-filtered test list",
    "artist-clean": "test tracks by artists in neither train nor valid",
    OTHER_MUSIC: "music that is not GTZAN, by artists that no fit has heard",
}
WEAK_LABELS: Final = (
    "The labels are those of the collections that the clips come from: each by one source, unchecked, and noisy. They "
    "cover some of the genres only. The small head on YAMNet, one of the teachers of a network with teachers, had "
    "heard these clips; no network had."
)
N_MISTAKES: Final = 20
ROC_POINTS: Final = np.linspace(0, 1, 101)


def evaluate(classifier: Classifier, split: str, *, seed: int = 0) -> dict[str, Any]:
    """Score a list and gather the report.

    Parameters
    ----------
    classifier : Classifier
        The network, as it serves.
    split : {"valid", "test", "artist-clean", "other-music"}
        Which list of GTZAN, or the weakly labelled clips that are held out of every fit.
    seed : int
        Of the interval's draws.

    Returns
    -------
    dict
        The report.

    Raises
    ------
    ParameterError
        If the split is unknown.
    DatasetError
        If GTZAN's features or lists are not there, or the other music.
    """
    if split not in SPLIT_TITLES:
        raise ParameterError(f"There is no split {split!r}; use one of {', '.join(SPLIT_TITLES)}.")
    if classifier.card.params.descriptors:
        raise ParameterError(
            f"{classifier.card.name} takes descriptors of the sound, and GTZAN is here as log-mel; "
            "its metrics are on its card (python -m model info)."
        )
    if split == OTHER_MUSIC:
        clips = as_clips(load_held_out(load_tag_opinions().names))
        report = build_report(classifier.card, clips, _score(classifier, clips), split=split, seed=seed)
        return {**report, "note": WEAK_LABELS}
    clips = load_clips(split.replace("-", "_"))
    posteriors = _score(classifier, clips)
    report = build_report(classifier.card, clips, posteriors, split=split, seed=seed)
    if split == "test":
        clean = set(read_split("artist_clean"))
        rows = [row for row, track in enumerate(clips.tracks) if track in clean]
        report["artist_clean"] = _headline(posteriors[rows], clips.labels[rows], classifier.card.genres, seed)
    report["faults"] = {"paragraphs": describe_faults(facts()), "sources": list(SOURCES)}
    return report


def build_report(
    card: Card,
    clips: Clips,
    posteriors: NDArray[np.float32],
    *,
    split: str,
    seed: int,
) -> dict[str, Any]:
    """Turn posteriors into the report.

    Parameters
    ----------
    card : Card
        Of the network.
    clips : Clips
        What was scored.
    posteriors : np.ndarray [shape=(n_tracks, n_windows, n_genres)], float32
        Calibrated posteriors of windows that follow each other.
    split : str
        Name of the list.
    seed : int
        Of the interval's draws.

    Returns
    -------
    dict
        The report, without what needs the other lists.
    """
    genres, labels = card.genres, clips.labels
    n_tracks, n_windows, n_genres = posteriors.shape
    windows, window_labels = posteriors.reshape(-1, n_genres), np.repeat(labels, n_windows)
    tracks = product_rule(posteriors)
    decided = tracks.argmax(axis=1)
    track_counts = confusion_counts(decided, labels, n_genres)
    return {
        "model": {
            "name": card.name,
            "version": card.version,
            "hash": card.short_hash,
            "n_parameters": card.n_parameters,
            "created": card.created,
            "trained_on": str(card.data.get("trained_on", "unstated")),
        },
        "split": {
            "name": split,
            "title": SPLIT_TITLES.get(split, split),
            "n_tracks": n_tracks,
            "windows_per_track": n_windows,
            "window_seconds": card.params.audio.window_seconds,
            "without_features": list(clips.missing),
            "seen_in_training": split == "valid" and "valid" in str(card.data.get("trained_on", "")).lower(),
        },
        "seed": seed,
        "genres": list(genres),
        "figures": _headline(posteriors, labels, genres, seed),
        "confusion": {
            "tracks": track_counts.tolist(),
            "windows": confusion_counts(windows.argmax(axis=1), window_labels, n_genres).tolist(),
        },
        "by_genre": by_genre(genres, track_counts, (tracks, labels), (windows, window_labels)),
        "reliability": {
            "windows": reliability(windows, window_labels),
            "tracks": reliability(tracks, labels),
        },
        "summaries": compare_summaries(posteriors.astype(np.float64), labels),
        "listening": listening_curve(
            posteriors.astype(np.float64), labels, window_seconds=card.params.audio.window_seconds
        ),
        "mistakes": _mistakes(clips, tracks, genres),
    }


def _score(classifier: Classifier, clips: Clips) -> NDArray[np.float32]:
    n_frames = classifier.card.params.input_shape[0]
    windows = cut_windows(
        clips.columns_db,
        n_frames=n_frames,
        per_track=clips.columns_db.shape[1] // n_frames,  # as many as follow each other without overlapping
        floor_db=classifier.card.params.features.floor_db,
    )
    flat = classifier.posteriors(windows.reshape(-1, *windows.shape[2:]))
    return flat.reshape(*windows.shape[:2], -1)


def _headline(
    posteriors: NDArray[np.float32], labels: NDArray[np.int64], genres: Sequence[str], seed: int
) -> dict[str, Any]:
    measured = metrics_of(posteriors, labels, genres)
    tracks = product_rule(posteriors)
    return {
        **{name: value for name, value in measured.items() if name not in ("recall", "confusion")},
        "track_accuracy_interval_95": list(interval_95(tracks.argmax(axis=1) == labels, seed=seed)),
        "track_expected_calibration_error": expected_calibration_error(tracks, labels),
    }


def by_genre(
    genres: Sequence[str],
    counts: NDArray[np.int64],
    tracks: tuple[NDArray[np.float64], NDArray[np.int64]],
    windows: tuple[NDArray[np.float32], NDArray[np.int64]],
) -> list[dict[str, Any]]:
    """Gather each genre's precision, recall and F1 of tracks, and its ROC curves against the rest.

    Parameters
    ----------
    genres : sequence of str
        In the order of the outputs.
    counts : np.ndarray [shape=(n_genres, n_genres)], int64
        Confusion of the tracks.
    tracks, windows : tuple of np.ndarray
        Posteriors, [shape=(n, n_genres)], and labels, [shape=(n,)].

    Returns
    -------
    list of dict
        One a genre, ready for JSON; ``roc`` is None where a genre has no tracks or nothing else has.
    """
    rows = []
    for index, (genre, score) in enumerate(zip(genres, genre_scores(counts), strict=True)):
        row: dict[str, Any] = {"genre": genre, **asdict(score), "roc": None}
        if 0 < score.support < len(tracks[1]):
            of_windows = roc(windows[0][:, index], windows[1] == index)
            of_tracks = roc(tracks[0][:, index], tracks[1] == index)
            row["roc"] = {
                "window_area": of_windows.area,
                "track_area": of_tracks.area,
                "window_true_share": [round(float(share), 4) for share in of_windows.at(ROC_POINTS)],
                "track_true_share": [round(float(share), 4) for share in of_tracks.at(ROC_POINTS)],
            }
        rows.append(row)
    return rows


def _mistakes(clips: Clips, tracks: NDArray[np.float64], genres: Sequence[str]) -> list[dict[str, Any]]:
    """List the surest wrong ones by their names in the data set; artists and titles are not ours to publish."""
    wrong = np.flatnonzero(tracks.argmax(axis=1) != clips.labels)
    surest = wrong[np.argsort(-tracks[wrong].max(axis=1), kind="stable")][:N_MISTAKES]
    return [
        {
            "track": clips.tracks[row],
            "genre": genres[clips.labels[row]],
            "heard": genres[int(tracks[row].argmax())],
            "posterior_of_heard": float(tracks[row].max()),
            "posterior_of_genre": float(tracks[row, clips.labels[row]]),
        }
        for row in surest
    ]
