"""From the channels of a file to the one that the network hears, and what is odd about their samples."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.audio.frames import Sound
from model.audio.warnings import (
    BEYOND_FULL_SCALE,
    CLIPPED,
    DC_OFFSET,
    NOT_FINITE,
    OPPOSITE_CHANNELS,
    WarningLog,
)

_CANCELLED: Final = 0.01  # the mean of the channels lies 20 dB below the louder one
_SILENT_POWER: Final = 1e-6  # -60 dBFS
_ABSURD: Final = 1e12  # its square still fits a float32; no sound is as loud
_FULL_SCALE: Final = 0.9999
_CLIPPED_SHARE: Final = 0.01
_EVEN_LOSSY_CODERS_REACH: Final = 1.5
_LEAST_BEYOND: Final = 1.01
_LEAST_OFFSET: Final = 0.004


class Ear:
    """Averages the channels of one file, and takes one of them where they cancel each other.

    Whether they cancel is decided block by block, and the change is faded over the block, so that the decision needs
    no look ahead and makes no click.

    Parameters
    ----------
    log : WarningLog
        Takes what there is to say.
    are_floats : bool
        Whether the file stores floats, which may exceed full scale on purpose.
    """

    def __init__(self, log: WarningLog, *, are_floats: bool = False) -> None:
        self.peak = 0.0
        self.n_finite = 0
        self.first_not_finite_seconds = 0.0
        self._log = log
        self._highest_expected = _LEAST_BEYOND if are_floats else _EVEN_LOSSY_CODERS_REACH
        self._n_values = 0
        self._n_not_finite = 0
        self._n_flat = 0
        self._seconds = 0.0
        self._sum = 0.0
        self._n_mono = 0
        self._alone: int | None = None  # the channel that is heard alone
        self._cancelled_seconds = 0.0

    def clean(self, sound: Sound) -> Sound:
        """Put silence where samples are no numbers, and take note of levels.

        Parameters
        ----------
        sound : Sound
            The next block.

        Returns
        -------
        Sound
            The same where nothing is wrong.
        """
        samples = sound.samples
        peak = _peak(samples)
        self._n_values += samples.size
        if not peak <= _ABSURD:  # also true for NaN
            samples = self._without_nonsense(sound)
            peak = _peak(samples)
        self.n_finite = self._n_values - self._n_not_finite
        self.peak = max(self.peak, peak)
        if peak >= _FULL_SCALE:
            is_full = np.abs(samples) >= _FULL_SCALE
            self._n_flat += int(np.count_nonzero(is_full[:, 2:] & is_full[:, 1:-1] & is_full[:, :-2]))
        self._seconds += samples.shape[1] / sound.rate_hz
        return Sound(samples, sound.rate_hz, sound.speakers)

    def mono(self, sound: Sound) -> NDArray[np.float32]:
        """Give the one channel to hear.

        Parameters
        ----------
        sound : Sound
            The next block, cleaned.

        Returns
        -------
        np.ndarray [shape=(n,)], float32
            Its samples.
        """
        mono = self._mixed(sound)
        self._sum += float(np.sum(mono, dtype=np.float64))
        self._n_mono += len(mono)
        return mono

    def finish(self) -> None:
        """Say what only the whole shows: how loud it gets, how much of it is clipped, and how far off centre it is."""
        if self.peak > self._highest_expected:
            self._log.note(
                BEYOND_FULL_SCALE,
                f"The samples reach {self.peak:.4g} times full scale; they are scored as they are, "
                "and played more softly so that nothing is clipped.",
            )
        share = self._n_flat / max(1, self._n_values)
        if share > _CLIPPED_SHARE:
            self._log.note(CLIPPED, f"{100 * share:.0f} % of the samples lie flat at full scale: the sound is clipped.")
        offset = self._sum / max(1, self._n_mono)
        if abs(offset) > _LEAST_OFFSET * max(1.0, self.peak):
            self._log.note(DC_OFFSET, f"The sound is {offset:+.3g} off centre; that is taken away before it is scored.")

    def _mixed(self, sound: Sound) -> NDArray[np.float32]:
        channels = sound.samples
        n_channels, n = channels.shape
        mono: NDArray[np.float32] = channels[0].copy()
        for channel in channels[1:]:  # several times faster than channels.mean(axis=0)
            mono += channel
        mono /= n_channels
        if n_channels == 1:
            return mono
        before, after = self._alone, self._listen(channels, mono)
        if before is None and after is None:
            return mono
        self._cancelled_seconds += n / sound.rate_hz if after is not None else 0.0
        if after is not None:
            self._log.note(
                OPPOSITE_CHANNELS,
                f"The channels cancel each other for {self._cancelled_seconds:.1f} s; "
                f"one channel ({_name(sound.speakers[after])}) is heard there.",
            )
        start, end = (mono if which is None else channels[min(which, n_channels - 1)] for which in (before, after))
        if before == after:
            return np.array(end)
        ramp = np.linspace(0, 1, n, dtype=np.float32)
        return start + ramp * (end - start)

    def _listen(self, channels: NDArray[np.float32], mono: NDArray[np.float32]) -> int | None:
        """Decide which channel is heard alone from here on, if any."""
        powers = [float(np.dot(channel, channel)) for channel in channels]
        loudest = int(np.argmax(powers))
        if powers[loudest] > _SILENT_POWER * len(mono):
            if float(np.dot(mono, mono)) >= _CANCELLED * powers[loudest]:
                self._alone = None
            elif self._alone is None or self._alone >= len(powers) or 2 * powers[self._alone] < powers[loudest]:
                self._alone = loudest
        return self._alone

    def _without_nonsense(self, sound: Sound) -> NDArray[np.float32]:
        is_sound = np.abs(sound.samples) <= _ABSURD
        bad = int(is_sound.size - np.count_nonzero(is_sound))
        if not self._n_not_finite:
            first = int(np.argmin(is_sound.all(axis=0)))
            self.first_not_finite_seconds = self._seconds + first / sound.rate_hz
        self._n_not_finite += bad
        what = "1 sample is" if self._n_not_finite == 1 else f"{self._n_not_finite} samples are"
        self._log.note(
            NOT_FINITE,
            f"{what} NaN, infinite or absurdly large, the first at {self.first_not_finite_seconds:.3f} s; "
            "silence is heard there.",
        )
        return np.where(is_sound, sound.samples, np.float32(0))


def _peak(samples: NDArray[np.float32]) -> float:
    return max(float(samples.max()), -float(samples.min()))  # NaN stays NaN


def _name(speaker: str) -> str:
    return {"FL": "left", "FR": "right", "FC": "centre"}.get(speaker, speaker)
