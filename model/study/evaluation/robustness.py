"""How far the network's decisions survive degradations: agreement with the clean file.

Agreement, not accuracy: most tracks whose audio is at hand were trained on, so that their accuracy means little. What
counts is whether the same music, degraded, gets the same genre. Every degraded track goes through a real file and the
real decoder.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from model.audio.decode import decode
from model.audio.track import Track
from model.errors import DatasetError
from model.scorer import Scorer, State, WindowScore
from model.study.evaluation.variants import VARIANTS, Variant
from model.summary import summarize
from model.windows import Window, Windower


@dataclass(frozen=True)
class Agreement:
    """How often decisions on a variant are those on the clean files.

    Attributes
    ----------
    variant : Variant
        What was done to the files.
    same_tracks, same_windows : tuple of bool
        One for each track; one for each window, at the same place in the music.
    unsure_windows : int
        Degraded windows called unsure.
    """

    variant: Variant
    same_tracks: tuple[bool, ...]
    same_windows: tuple[bool, ...]
    unsure_windows: int

    def to_dict(self, in_valid: Sequence[bool]) -> dict[str, Any]:
        """Give the figures as plain values.

        Parameters
        ----------
        in_valid : sequence of bool
            For each track, whether it is on the validation list, that is, was not trained on.
        """
        unheard = [same for same, kept in zip(self.same_tracks, in_valid, strict=True) if kept]
        return {
            "name": self.variant.name,
            "title": self.variant.title,
            "group": self.variant.group,
            "tracks": float(np.mean(self.same_tracks)),
            "valid_tracks": float(np.mean(unheard)) if unheard else None,
            "windows": float(np.mean(self.same_windows)),
            "unsure_windows": self.unsure_windows / len(self.same_windows),
        }


def audio_files(home: Path) -> list[Path]:
    """List GTZAN's audio files.

    Parameters
    ----------
    home : Path
        GTZAN's folder; audio lies in ``audio/genre/track.flac``.

    Raises
    ------
    DatasetError
        If there are none.
    """
    files = sorted((home / "audio").glob("*/*.flac"))
    if not files:
        raise DatasetError(f"No audio/genre/track.flac in {home}; set GTZAN_HOME to a folder that has the audio.")
    return files


def measure_agreement(
    scorer: Scorer,
    files: Sequence[Path],
    *,
    seed: int,
    variants: Sequence[Variant] = VARIANTS,
    after_track: Callable[[], None] | None = None,
) -> list[Agreement]:
    """Compare the decisions on degraded tracks with those on the clean ones.

    Parameters
    ----------
    scorer : Scorer
        The network.
    files : sequence of Path
        Clean tracks.
    seed : int
        Of the noise.
    variants : sequence of Variant
        What to do to them.
    after_track : callable, optional
        Called after each track, from the thread that did it.

    Returns
    -------
    list of Agreement
        One for each variant.
    """

    def compare(number: int) -> list[_Comparison]:
        compared = _compare(scorer, files[number], [seed, number], variants)
        if after_track:
            after_track()
        return compared

    with ThreadPoolExecutor(os.cpu_count()) as threads:  # the codecs, which take most of the time, run side by side
        tracks = list(threads.map(compare, range(len(files))))
    return [
        Agreement(
            variant,
            tuple(track[index].same_genre for track in tracks),
            tuple(same for track in tracks for same in track[index].same_windows),
            sum(track[index].n_unsure for track in tracks),
        )
        for index, variant in enumerate(variants)
    ]


@dataclass(frozen=True)
class _Comparison:
    """One variant of one track beside the clean one."""

    same_genre: bool
    same_windows: list[bool]
    n_unsure: int


def _compare(scorer: Scorer, file: Path, seed: list[int], variants: Sequence[Variant]) -> list[_Comparison]:
    clean = _Reference(scorer, decode(file))
    compared = []
    for index, variant in enumerate(variants):
        content = variant.degrade(clean.track, np.random.default_rng([*seed, index]))
        degraded = decode(content, name=f"{file.stem}, {variant.title}")
        scores = [scorer.score(window) for window in _tiles(scorer, degraded)]
        expected = clean.decisions([score.start_sample for score in scores], variant.rate)
        decided = [int(score.probabilities.argmax()) for score in scores]
        compared.append(
            _Comparison(
                _genre_of(scores) == clean.genre,
                [one == other for one, other in zip(decided, expected, strict=True)],
                sum(score.state is State.UNSURE for score in scores),
            )
        )
    return compared


class _Reference:
    """The clean track, scored where it is asked for."""

    def __init__(self, scorer: Scorer, track: Track) -> None:
        self.track = track
        self._scorer = scorer
        self._n_samples = scorer.classifier.card.params.audio.window_samples
        scores = [scorer.score(window) for window in _tiles(scorer, track)]
        self.genre = _genre_of(scores)
        self._decided = {score.start_sample: int(score.probabilities.argmax()) for score in scores}

    def decisions(self, starts: Sequence[int], rate: float) -> list[int]:
        """Decide on the clean windows whose middles are the same moments of the music."""
        half = self._n_samples / 2
        last = len(self.track.samples) - self._n_samples
        places = [min(max(round((start + half) * rate - half), 0), last) for start in starts]
        for place in set(places) - self._decided.keys():
            window = Window(0, place, place + self._n_samples, self.track.samples[place : place + self._n_samples])
            self._decided[place] = int(self._scorer.score(window).probabilities.argmax())
        return [self._decided[place] for place in places]


def _tiles(scorer: Scorer, track: Track) -> list[Window]:
    """Cut a track into windows that follow each other, as a batch job does."""
    n_samples = scorer.classifier.card.params.audio.window_samples
    windower = Windower(window_samples=n_samples, hop_samples=n_samples)
    return [*windower.feed(track.samples), *windower.finish()]


def _genre_of(scores: Sequence[WindowScore]) -> int:
    return int(summarize(scores, len(scores[0].probabilities)).probabilities.argmax())
