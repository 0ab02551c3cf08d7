"""``python -m samples.compose.check``: what the network hears in each sample, as it is and after some ill treatment.

The samples are judged like any other sound: nothing in the network or in this check knows them. A segment of the
medley is judged by the windows that lie wholly inside it.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray

from model.audio.decode import decode
from model.audio.track import Track
from model.classifier import Classifier
from model.genres import GENRES
from model.scorer import Scorer
from model.summary import summarize

FOLDER: Final = Path(__file__).resolve().parents[1]
# libsndfile maps 0..1 to 320..32 kbit/s of constant rate: this is 96 kbit/s.
_MP3_96_KBIT: Final = (320 - 96) / (320 - 32)


@dataclass(frozen=True)
class Heard:
    """What was heard in a stretch of music.

    Attributes
    ----------
    genre : str
        What the stretch is meant to be.
    share : float
        Share of its windows whose leading genre is that.
    track_genre : str
        Leading genre of the stretch as a whole.
    shares : mapping of str to float
        Share of windows by leading genre.
    """

    genre: str
    share: float
    track_genre: str
    shares: Mapping[str, float]


def _as_is(sound: NDArray[np.float32], rate_hz: int) -> tuple[NDArray[np.float32], int]:
    return sound, rate_hz


def _quiet(sound: NDArray[np.float32], rate_hz: int) -> tuple[NDArray[np.float32], int]:
    return sound * np.float32(10 ** (-12 / 20)), rate_hz


def _mp3(sound: NDArray[np.float32], rate_hz: int) -> tuple[NDArray[np.float32], int]:
    file = io.BytesIO()
    soundfile.write(
        file,
        sound,
        rate_hz,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=_MP3_96_KBIT,
    )
    file.seek(0)
    return soundfile.read(file, dtype="float32", always_2d=True)


def _shifted(semitones: float) -> Callable[[NDArray[np.float32], int], tuple[NDArray[np.float32], int]]:
    """Play faster or slower, as a tape would: pitch and tempo move together."""

    def shift(sound: NDArray[np.float32], rate_hz: int) -> tuple[NDArray[np.float32], int]:
        return np.asarray(soxr.resample(sound, rate_hz, rate_hz * 2 ** (-semitones / 12)), np.float32), rate_hz

    return shift


VARIANTS: Final[Mapping[str, Callable[[NDArray[np.float32], int], tuple[NDArray[np.float32], int]]]] = {
    "as it is": _as_is,
    "MP3 96 kbit/s": _mp3,
    "12 dB quieter": _quiet,
    "semitone up": _shifted(1),
    "semitone down": _shifted(-1),
}
_STRETCH: Final = {"semitone up": 2 ** (-1 / 12), "semitone down": 2 ** (1 / 12)}


def stretches(item: Mapping[str, Any]) -> list[tuple[str, float, float]]:
    """Give (genre, start, end) in seconds of everything in a catalogue entry that is meant to be one genre."""
    if item["genre"]:
        return [(item["genre"], 0.0, float("inf"))]
    starts = [section["start_seconds"] for section in item["sections"]]
    genres = [section["genre"] for section in item["sections"]]
    return list(zip(genres, starts, [*starts[1:], float("inf")], strict=True))


def hear(path: Path, item: Mapping[str, Any], variant: str, scorer: Scorer, hop_seconds: float = 0.5) -> list[Heard]:
    """Score one variant of a track.

    Parameters
    ----------
    path : Path
        The rendered file.
    item : mapping
        Its catalogue entry.
    variant : str
        Key of `VARIANTS`.
    scorer : Scorer
        The network.
    hop_seconds : float
        Distance between windows.

    Returns
    -------
    list of Heard
        One for each stretch of one genre.
    """
    from model.analyzer import Analyzer

    sound, rate_hz = soundfile.read(path, dtype="float32", always_2d=True)
    scores = list(Analyzer(scorer, hop_seconds=hop_seconds).analyze(_track(*VARIANTS[variant](sound, rate_hz))))
    scale, heard = _STRETCH.get(variant, 1.0), []
    for genre, start, end in stretches(item):
        rate = scorer.classifier.card.params.audio.sample_rate_hz
        inside = [s for s in scores if s.start_sample >= start * scale * rate and s.end_sample <= end * scale * rate]
        leading = [GENRES[int(score.probabilities.argmax())] for score in inside]
        whole = GENRES[int(summarize(inside, len(GENRES)).probabilities.argmax())]
        shares = {name: leading.count(name) / len(leading) for name in GENRES if name in leading}
        heard.append(Heard(genre, shares.get(genre, 0.0), whole, shares))
    return heard


def _track(sound: NDArray[np.float32], rate_hz: int) -> Track:
    file = io.BytesIO()
    soundfile.write(file, sound, rate_hz, format="WAV", subtype="FLOAT")
    file.seek(0)
    return decode(file, name="variant.wav")


def _lines(scorer: Scorer, folder: Path, hop_seconds: float) -> Iterator[tuple[str, bool]]:
    for item in json.loads((folder / "catalogue.json").read_text()):
        for variant in VARIANTS:
            for heard in hear(folder / item["file"], item, variant, scorer, hop_seconds):
                others = {name: share for name, share in heard.shares.items() if name != heard.genre}
                told = ", ".join(f"{name} {share:.2f}" for name, share in sorted(others.items(), key=lambda x: -x[1]))
                good = heard.share > 0.7 and heard.track_genre == heard.genre
                mark = "ok  " if good else "WEAK"
                yield (
                    f"{mark} {item['id']:7s} {variant:14s} {heard.genre:7s} {heard.share:.2f}"
                    f"  whole: {heard.track_genre:9s} {told}",
                    good,
                )


def main(arguments: list[str] | None = None) -> int:
    """Print the table; exit status 1 if anything is weak.

    Parameters
    ----------
    arguments : list of str, optional
        The command line; the process's own by default.

    Returns
    -------
    int
        Exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m samples.compose.check", description=__doc__)
    parser.add_argument("--model", type=Path, help="folder of another network")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where the rendered tracks are")
    parser.add_argument("--hop", type=float, default=0.5, metavar="SECONDS", help="distance between windows")
    options = parser.parse_args(arguments)
    scorer = Scorer(Classifier(options.model) if options.model else Classifier())
    good = True
    for text, fine in _lines(scorer, options.folder, options.hop):
        print(text, flush=True)
        good = good and fine
    scorer.close()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
