"""The one resampler, for files and for what flows: soxr in stream form, high quality, linear phase.

In stream form because its samples do not depend on how the sound is cut into chunks.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import soxr
from numpy.typing import NDArray

_QUALITY: Final = "HQ"


class Resampler:
    """Changes the rate of one mono stream.

    It holds back the half of its filter, some 20 to 30 ms, until `finish`.

    Parameters
    ----------
    rate_in_hz, rate_out_hz : int
        From and to; where they are the same, samples pass as they are.
    """

    def __init__(self, rate_in_hz: int, rate_out_hz: int) -> None:
        self._stream: Any = (
            None
            if rate_in_hz == rate_out_hz
            else soxr.ResampleStream(rate_in_hz, rate_out_hz, 1, dtype="float32", quality=_QUALITY)
        )

    def feed(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Take the next samples; give what is ready."""
        return samples if self._stream is None else self._resampled(samples, is_last=False)

    def finish(self) -> NDArray[np.float32]:
        """End the stream; give what was held back."""
        nothing = np.zeros(0, np.float32)
        return nothing if self._stream is None else self._resampled(nothing, is_last=True)

    def _resampled(self, samples: NDArray[np.float32], *, is_last: bool) -> NDArray[np.float32]:
        resampled: NDArray[np.float32] = self._stream.resample_chunk(samples, last=is_last)
        return resampled
