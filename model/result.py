"""The one JSON object for "what is this track?": what the command line prints and the service returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Literal, TypedDict

import numpy as np
from numpy.typing import NDArray

from model.analyzer import Analyzer
from model.audio.track import Track
from model.audio.warnings import AudioWarning
from model.checkpoint import Card
from model.scorer import State, WindowScore
from model.segments import Segment, segments
from model.summary import RunningSummary

if TYPE_CHECKING:  # a caller that scores samples needs no decoder
    from model.audio.decode import Decoding

StateName = Literal["music", "silence", "unsure"]


class ModelIdentity(TypedDict):
    """Which model scored."""

    name: str
    version: str
    sha256: str


class Verdict(TypedDict):
    """What is heard: a genre only where the state is music."""

    genre: str | None
    state: StateName
    probabilities: dict[str, float]


class SegmentResult(TypedDict):
    """A stretch of the track between two changes of its music: a genre only where the state is music."""

    start_seconds: float
    end_seconds: float
    genre: str | None
    state: StateName


class ClassifiedWindow(TypedDict):
    """One window."""

    index: int
    start_seconds: float
    end_seconds: float
    level_dbfs: float
    genre: str | None
    state: StateName
    probabilities: dict[str, float]


class FileWarning(TypedDict):
    """What is wrong with a file that can be heard all the same."""

    code: str
    detail: str


class Classification(TypedDict):
    """What the network hears in a track."""

    file: str
    genre: str | None
    state: StateName
    probabilities: dict[str, float]
    share: dict[str, float]
    segments: list[SegmentResult]
    windows: list[ClassifiedWindow]
    duration_seconds: float
    hop_seconds: float
    model: ModelIdentity
    warnings: list[FileWarning]


def classify(analyzer: Analyzer, track: Track) -> Classification:
    """Classify a track.

    Parameters
    ----------
    analyzer : Analyzer
        Scores it, at its own hop.
    track : Track
        The sound.

    Returns
    -------
    Classification
        JSON-ready.

    Examples
    --------
    >>> from model.audio.decode import decode
    >>> from model.classifier import Classifier
    >>> from model.scorer import Scorer
    >>> result = classify(Analyzer(Scorer(Classifier()), hop_seconds=3.0), decode("samples/metal.ogg"))
    >>> result["genre"], result["state"], len(result["windows"])
    ('metal', 'music', 18)
    """
    return classify_blocks(analyzer, [track.samples], name=track.name, warnings=lambda: track.warnings)


def classify_file(analyzer: Analyzer, decoding: Decoding) -> Classification:
    """Classify a file while it is being decoded.

    Parameters
    ----------
    analyzer : Analyzer
        Scores it, at its own hop.
    decoding : Decoding
        The file; none of it may have been taken yet.

    Returns
    -------
    Classification
        JSON-ready.

    Raises
    ------
    AudioError
        Whatever the decoder raises; nothing is returned then.
    """
    return classify_blocks(analyzer, decoding.blocks(), name=decoding.name, warnings=lambda: decoding.warnings)


def classify_blocks(
    analyzer: Analyzer,
    blocks: Iterable[NDArray[np.float32]],
    *,
    name: str,
    warnings: Callable[[], Iterable[AudioWarning]] = tuple,
) -> Classification:
    """Classify a track that comes in blocks.

    Parameters
    ----------
    analyzer : Analyzer
        Scores it, at its own hop.
    blocks : iterable of np.ndarray [shape=(n,)], float32
        Its samples, as `model.audio.decode.decode_blocks` gives them.
    name : str
        What to call it.
    warnings : callable
        Gives what is wrong with it; asked once the blocks have been taken.

    Returns
    -------
    Classification
        As `classify` gives.

    Raises
    ------
    AudioError
        Whatever the decoder raises; nothing is returned then.
    """
    card = analyzer.scorer.classifier.card
    rate_hz = analyzer.params.sample_rate_hz
    running = RunningSummary(len(card.genres))
    scores: list[WindowScore] = []
    n_samples = 0

    def counted() -> Iterator[NDArray[np.float32]]:
        nonlocal n_samples
        for block in blocks:
            n_samples += len(block)
            yield block

    for score in analyzer.analyze_blocks(counted()):
        running.add(score)
        scores.append(score)
    summary = running.summary
    return {
        "file": name,
        **verdict(card.genres, summary.probabilities, summary.state),
        "share": dict(zip(card.genres, exact(summary.share), strict=True)),
        "segments": [segment_result(segment, card.genres, rate_hz) for segment in segments(scores)],
        "windows": [window_result(score, card.genres, rate_hz) for score in scores],
        "duration_seconds": n_samples / rate_hz,
        "hop_seconds": analyzer.hop_samples / rate_hz,
        "model": model_identity(card),
        "warnings": [{"code": warning.code, "detail": warning.detail} for warning in warnings()],
    }


def leading_genre(genres: Sequence[str], probabilities: NDArray[np.float32], state: State) -> str | None:
    """Name the genre of the largest probability, or None where the state is not music."""
    return genres[int(np.argmax(probabilities))] if state is State.MUSIC else None


def exact(values: NDArray[np.float32]) -> list[float]:
    """Give float32 values as the shortest decimals that read back as the same float32."""
    return [float(str(value)) for value in values]


def model_identity(card: Card) -> ModelIdentity:
    """Say which model scored: name, version and the hash of its weights."""
    return {"name": card.name, "version": card.version, "sha256": card.files["litert"].sha256}


def window_result(score: WindowScore, genres: Sequence[str], rate_hz: int) -> ClassifiedWindow:
    """Describe a window: its index, its times in seconds, its level and its verdict; JSON-ready."""
    return {
        "index": score.index,
        "start_seconds": score.start_sample / rate_hz,
        "end_seconds": score.end_sample / rate_hz,
        "level_dbfs": round(score.level_dbfs, 2),
        **verdict(genres, score.probabilities, score.state),
    }


def segment_result(segment: Segment, genres: Sequence[str], rate_hz: int) -> SegmentResult:
    """Describe a stretch of a track: its times in seconds and what is heard; JSON-ready."""
    return {
        "start_seconds": segment.start_sample / rate_hz,
        "end_seconds": segment.end_sample / rate_hz,
        "genre": None if segment.genre is None else genres[segment.genre],
        "state": segment.state.value,
    }


def verdict(genres: Sequence[str], probabilities: NDArray[np.float32], state: State) -> Verdict:
    """Describe a posterior: ``genre`` (None unless the state is music), ``state``, ``probabilities``; JSON-ready."""
    return {
        "genre": leading_genre(genres, probabilities, state),
        "state": state.value,
        "probabilities": dict(zip(genres, exact(probabilities), strict=True)),
    }
