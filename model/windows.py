"""Cutting sound into 3-second windows, offline and online, in integer samples.

Window number ``k`` starts at sample ``k * hop_samples``. Tail policy: nothing is padded, and the end is covered. If a
tenth of a hop or more remains after the last regular window, one more window is taken that ends exactly with the
track; so all windows hold real sound, and the last two may overlap by more than the others. A shorter rest is left:
a few milliseconds should not count as much as a window.

`Windower.feed` and `Windower.finish` give, for any chunking of a stream, exactly the windows of the whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from model.errors import ParameterError
from model.params import AudioParams

LIVE_HOP_SECONDS: Final = 0.5  # two windows a second: what a chart that follows the music needs
BATCH_HOP_SECONDS: Final = 3.0  # windows that follow each other


@dataclass(frozen=True, eq=False)
class Window:
    """One window of sound.

    Attributes
    ----------
    index : int
        Number of the window, from 0.
    start_sample, end_sample : int
        Its place in the track; `end_sample` is one past its last sample.
    samples : np.ndarray [shape=(window_samples,)], float32
        The sound.
    """

    index: int
    start_sample: int
    end_sample: int
    samples: NDArray[np.float32]


def hop_from_seconds(hop_seconds: float, params: AudioParams) -> int:
    """Turn a window hop in seconds into whole samples.

    Parameters
    ----------
    hop_seconds : float
        Distance between window starts, 0.1 s to the window's own length.
    params : AudioParams
        Sample rate and window length.

    Returns
    -------
    int
        The hop in samples, rounded to the nearest.

    Raises
    ------
    ParameterError
        If the hop is out of range.

    Examples
    --------
    >>> hop_from_seconds(0.5, AudioParams())
    11025
    """
    if not 0.1 <= hop_seconds <= params.window_seconds:
        raise ParameterError(f"Window hop {hop_seconds} s is out of range; use 0.1 to {params.window_seconds:.1f} s.")
    return round(hop_seconds * params.sample_rate_hz)


def window_starts(n_samples: int, *, window_samples: int, hop_samples: int) -> list[int]:
    """List where the windows of a track start.

    Parameters
    ----------
    n_samples : int
        Length of the track.
    window_samples, hop_samples : int
        Length of a window and distance between windows, in samples.

    Returns
    -------
    list of int
        Start samples in order; empty if the track is shorter than one window.

    Examples
    --------
    >>> window_starts(100, window_samples=30, hop_samples=30)  # the last one ends with the track
    [0, 30, 60, 70]
    """
    if n_samples < window_samples:
        return []
    last = n_samples - window_samples
    starts = list(range(0, last + 1, hop_samples))
    if _is_worth_a_window(last - starts[-1], hop_samples):
        starts.append(last)
    return starts


def _is_worth_a_window(rest_samples: int, hop_samples: int) -> bool:
    return rest_samples > 0 and 10 * rest_samples >= hop_samples


class Windower:
    """Cuts a stream of samples into windows as they become complete.

    Parameters
    ----------
    window_samples, hop_samples : int
        Length of a window and distance between windows, in samples; the hop must not exceed the window.

    Raises
    ------
    ParameterError
        If the hop is not between 1 and the window's length.

    Examples
    --------
    >>> windower = Windower(window_samples=30, hop_samples=30)
    >>> [window.start_sample for window in windower.feed(np.zeros(45))]
    [0]
    >>> [window.start_sample for window in windower.feed(np.zeros(55))]
    [30, 60]
    >>> [window.start_sample for window in windower.finish()]
    [70]
    """

    def __init__(self, *, window_samples: int, hop_samples: int) -> None:
        if not 1 <= hop_samples <= window_samples:
            raise ParameterError(f"Window hop {hop_samples} samples is out of range; use 1 to {window_samples}.")
        self._window_samples = window_samples
        self._hop_samples = hop_samples
        self.reset()

    def reset(self) -> None:
        """Forget all samples fed so far."""
        self._kept = np.zeros(0, np.float32)  # the last window's worth of sound and what has come since
        self._kept_start = 0  # its place in the stream
        self._index = 0

    @property
    def n_samples(self) -> int:
        """Samples fed so far."""
        return self._kept_start + len(self._kept)

    def feed(self, samples: ArrayLike) -> Iterator[Window]:
        """Take the next samples of the stream; give the windows that they complete.

        Parameters
        ----------
        samples : array_like [shape=(n,)]
            Mono samples at the model's rate, any number of them.

        Yields
        ------
        Window
            In order of time. The stream advances only as the iterator is consumed.

        Raises
        ------
        ParameterError
            If the samples are not one-dimensional.
        """
        block = np.asarray(samples, dtype=np.float32)
        if block.ndim != 1:
            raise ParameterError(f"Samples have shape {block.shape}; feed mono samples of shape (n,).")
        self._kept = np.concatenate((self._kept, block))
        while (start := self._index * self._hop_samples) + self._window_samples <= self.n_samples:
            yield self._take(start)
        oldest_needed = max(0, min(self._index * self._hop_samples, self.n_samples - self._window_samples))
        self._kept = self._kept[oldest_needed - self._kept_start :]
        self._kept_start = oldest_needed

    def finish(self) -> Iterator[Window]:
        """End the stream; give the window that ends with it, if the regular ones did not reach the end.

        Yields
        ------
        Window
            At most one. The windower is then ready for a new stream.
        """
        last = self.n_samples - self._window_samples
        if self._index and _is_worth_a_window(last - (self._index - 1) * self._hop_samples, self._hop_samples):
            yield self._take(last)
        self.reset()

    def _take(self, start: int) -> Window:
        offset = start - self._kept_start
        samples = self._kept[offset : offset + self._window_samples]
        window = Window(self._index, start, start + self._window_samples, samples)
        self._index += 1
        return window
