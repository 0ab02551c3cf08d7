"""Why: which moments and bands of a window speak for a genre, and which against it.

The exported gradient (`explain.tflite`, beside the weights) tells how a genre's log-odds against all others change
with each cell of the log-mel. A cell's relevance is that gradient times how far the cell lies above or below its own
band's mean over the window: to first order, what the log-odds would lose if nothing had happened there. So a steady
tone, which is its band's mean throughout, has no relevance. `hide` replaces cells in just this way, and the report of
`python -m model evaluate` says how much hiding the marked cells lowers the log-odds.

Shrikumar et al., "Not just a black box", 2016 (gradient times difference from a reference); Samek et al., "Evaluating
the visualization of what a deep neural network has learned", 2017 (hiding what is marked, as a test).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.calibration import with_temperature
from model.checkpoint import DEFAULT_CHECKPOINT, Card, read_card, read_weights
from model.errors import ExplanationError, ParameterError
from model.interpreters import Interpreters
from model.posteriors import SMALLEST_POSTERIOR

EXPLAINER: Final = "explain"
_SMOOTH_FRAMES: Final = 1.0
_SMOOTH_BANDS: Final = 2.0


@dataclass(frozen=True, eq=False)
class Explanation:
    """What in a window speaks for a genre and what against it.

    Attributes
    ----------
    genre : str
        The genre asked about.
    probability : float
        Its calibrated probability.
    log_odds : float
        Natural logarithm of its calibrated odds against all other genres together.
    relevance : np.ndarray [shape=(n_frames, n_mels)], float32
        What each cell adds to the log-odds: above 0 it speaks for the genre, below 0 against it.
    """

    genre: str
    probability: float
    log_odds: float
    relevance: NDArray[np.float32]


class Explainer:
    """Explains windows of one checkpoint. Thread-safe, as `model.classifier.Classifier` is.

    Parameters
    ----------
    folder : Path, optional
        The checkpoint; the shipped one by default.

    Raises
    ------
    ExplanationError
        If the checkpoint has no explainer.
    CheckpointError
        If its parts do not belong together.
    """

    def __init__(self, folder: Path = DEFAULT_CHECKPOINT) -> None:
        self.card = read_card(folder)
        if not has_explainer(self.card):
            raise ExplanationError(
                f"The model {self.card.name} has no explainer; ask another, or add one to a two-block network with "
                "python -m model explainer."
            )
        self._interpreters = Interpreters(read_weights(folder, self.card, EXPLAINER), f"{self.card.name}'s explainer")

    def explain(self, logmel: NDArray[np.float32], genre: str | None = None) -> Explanation:
        """Explain one window.

        Parameters
        ----------
        logmel : np.ndarray [shape=(n_frames, n_mels)], float32
            What `LogMel` gives, in dB.
        genre : str, optional
            The genre to ask about; the leading one by default.

        Returns
        -------
        Explanation
            The same probability as the classifier's.

        Raises
        ------
        ParameterError
            If the shape is not that of the network's input, or the genre is none of the model's.
        """
        self._check_shape(logmel)
        genres, temperature = self.card.genres, self.card.temperature
        if genre is None:  # the leading genre is known only when the window has been scored
            posterior, _ = self._ask(logmel, 0)
            index = int(np.argmax(posterior))
        else:
            index = index_of(self.card, genre)
        raw, gradient = self._ask(logmel, index)
        posterior = with_temperature(raw[np.newaxis], temperature)[0]
        relevance = smoothed(gradient * (logmel - logmel.mean(axis=0)))
        return Explanation(genres[index], float(posterior[index]), log_odds(posterior, index), relevance)

    def gradient(self, logmel: NDArray[np.float32], genre: str) -> NDArray[np.float32]:
        """Give how a genre's log-odds change with each cell, per dB: what `explain` is made of.

        Parameters
        ----------
        logmel : np.ndarray [shape=(n_frames, n_mels)], float32
            What `LogMel` gives, in dB.
        genre : str
            One of the model's.

        Returns
        -------
        np.ndarray [shape=(n_frames, n_mels)], float32
            Of the calibrated log-odds.
        """
        self._check_shape(logmel)
        return self._ask(logmel, index_of(self.card, genre))[1]

    def embed(self, logmel: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the network's last description of a window before it decides.

        Parameters
        ----------
        logmel : np.ndarray [shape=(n_frames, n_mels)], float32
            What `LogMel` gives, in dB.

        Returns
        -------
        np.ndarray [shape=(n_units,)], float32
            What the dense layer passes on, not negative.
        """
        self._check_shape(logmel)
        with self._interpreters.borrowed() as interpreter:
            answer = interpreter.get_signature_runner("embed")(log_mel_db=logmel[np.newaxis])
            return np.array(answer["embedding"][0])

    def _ask(self, logmel: NDArray[np.float32], index: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        genre = np.zeros((1, len(self.card.genres)), np.float32)
        genre[0, index] = 1
        temperature = np.full((1, 1), self.card.temperature, np.float32)
        with self._interpreters.borrowed() as interpreter:
            explain = interpreter.get_signature_runner("explain")
            answer = explain(log_mel_db=logmel[np.newaxis], genre=genre, temperature=temperature)
            return np.array(answer["posterior"][0]), np.array(answer["gradient"][0])

    def _check_shape(self, logmel: NDArray[np.float32]) -> None:
        expected = self.card.params.input_shape
        if logmel.shape != expected:
            raise ParameterError(f"A log-mel has shape {logmel.shape}; the network needs {expected}.")


def has_explainer(card: Card) -> bool:
    """Tell whether a checkpoint can be asked why."""
    return EXPLAINER in card.files


def index_of(card: Card, genre: str) -> int:
    """Find a genre among a model's."""
    if genre not in card.genres:
        raise ParameterError(f"{card.name} knows no genre {genre!r}; ask about one of {', '.join(card.genres)}.")
    return card.genres.index(genre)


def log_odds(posterior: NDArray[np.float32], index: int) -> float:
    """Turn the probability of a genre into its log-odds against all others together."""
    p = np.maximum(posterior.astype(np.float64), SMALLEST_POSTERIOR)
    return float(np.log(p[index]) - np.log(p.sum() - p[index]))


def marked(relevance: NDArray[np.float32], share: float = 0.1) -> NDArray[np.bool_]:
    """Mark the cells that speak most for the genre.

    Parameters
    ----------
    relevance : np.ndarray [shape=(n_frames, n_mels)], float32
        Of an `Explanation`; its negative marks what speaks most against the genre.
    share : float
        Share of all cells to mark, 0 to 1.

    Returns
    -------
    np.ndarray [shape=(n_frames, n_mels)], bool
        Exactly that share of the cells, rounded.
    """
    if not 0 <= share <= 1:
        raise ParameterError(f"A share of {share} cannot be marked; use 0 to 1.")
    n_marked = round(share * relevance.size)
    mask = np.zeros(relevance.size, np.bool_)
    mask[np.argsort(-relevance, axis=None, kind="stable")[:n_marked]] = True
    return mask.reshape(relevance.shape)


def hide(logmel: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Put each marked cell at its own band's mean over the window, as if nothing had happened there.

    Parameters
    ----------
    logmel : np.ndarray [shape=(n_frames, n_mels)], float32
        A window, in dB.
    mask : np.ndarray [shape=(n_frames, n_mels)], bool
        What to hide.

    Returns
    -------
    np.ndarray [shape=(n_frames, n_mels)], float32
        A copy.
    """
    return np.where(mask, logmel.mean(axis=0, dtype=np.float32), logmel)


def smoothed(relevance: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spread each cell's relevance over its neighbours, for the eye: a gradient speckles. The sum stays the same."""
    return _spread(_spread(relevance, 0, _SMOOTH_FRAMES), 1, _SMOOTH_BANDS)


def _spread(values: NDArray[np.float32], axis: int, width: float) -> NDArray[np.float32]:
    """Convolve with a Gaussian along an axis; what would leave at the ends is given to the cells that are left.

    Sums of shifted arrays, because a matrix product would wake the threads of NumPy's library for so little.
    """
    n = values.shape[axis]
    reach = min(round(3 * width), (n - 1) // 2)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2).astype(np.float32)
    shape = [1, 1]
    shape[axis] = n
    stays = np.convolve(np.ones(n, np.float32), weights, "same").reshape(shape)
    source = np.moveaxis(values / stays, axis, 0)
    spread = np.zeros_like(source)
    for shift, weight in zip(range(-reach, reach + 1), weights, strict=True):
        spread[max(shift, 0) : n + min(shift, 0)] += weight * source[max(-shift, 0) : n - max(shift, 0)]
    return np.moveaxis(spread, 0, axis)
