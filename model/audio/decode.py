"""From bytes to sound as the network hears it: open, decode, downmix, resample.

FFmpeg's libraries do the reading, so what plays anywhere can be heard here: any container, coding, sample rate,
channel count and bit depth. A file is decoded block by block as it is asked for; memory does not grow with it. What
can be heard is heard, and warnings say the rest; faults that leave nothing to hear raise their own class of
`model.errors.AudioError`.

Encoder delay is taken away where the file states it (LAME, iTunes, Opus, Vorbis), as FFmpeg does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from model.audio.container import OpenedAudio, check_rate, too_long
from model.audio.downmix import Ear
from model.audio.frames import Sound, sounds
from model.audio.limits import AudioInfo, Limits
from model.audio.resample import Resampler
from model.audio.source import AudioSource, Source, label_of
from model.audio.track import Track
from model.audio.warnings import DAMAGED, TRUNCATED, AudioWarning, WarningLog
from model.errors import AudioTooShortError, EmptyAudioError, NonFiniteSamplesError
from model.params import AudioParams

_NEEDS_A_FILE: Final = (
    "if it is a file whose index lies at its end, as an MP4 may be, it cannot be read in passing: save it first."
)


@dataclass(frozen=True, eq=False)
class Piece:
    """A stretch of a file, in both of its forms.

    Attributes
    ----------
    heard : np.ndarray [shape=(n,)], float32
        Mono samples at the model's rate. They lag behind `sound` by what the resampler holds back; all the pieces of
        a file put together lie on the same axis of time.
    sound : Sound or None
        The original channels at their own rate; None in a last piece that only ends `heard`.
    """

    heard: NDArray[np.float32]
    sound: Sound | None


class Decoding:
    """One file while it is decoded. Its header is read when it is made.

    Parameters
    ----------
    source : path, bytes, binary file, or anything with ``read(n)``
        The file; what cannot seek is read as it comes.
    name : str, optional
        What to call it in messages; a path's own name by default.
    limits : Limits, optional
        Largest size and longest duration accepted.
    params : AudioParams, optional
        Target sample rate, and the window that a track must at least fill.
    is_live : bool
        Whether it flows: then FFmpeg looks less far ahead, and it may end before it fills a window.
    is_joined : bool
        Whether it begins in the midst, as a station does: then its form is told from its first second or two.

    Raises
    ------
    AudioError
        A subclass for each fault that the header shows: empty, not audio, bad sample rate, too large, too long.
    OSError
        If a path cannot be opened.
    """

    def __init__(
        self,
        source: AudioSource,
        *,
        name: str | None = None,
        limits: Limits | None = None,
        params: AudioParams | None = None,
        is_live: bool = False,
        is_joined: bool = False,
    ) -> None:
        self.name = label_of(source, name)
        self._is_live = is_live
        self._limits = limits or Limits()
        self._params = params or AudioParams()
        self._log = WarningLog()
        self._source = Source(source, self.name, self._limits)
        try:
            self._audio = OpenedAudio(
                self._source, self.name, self._limits, self._log, is_live=is_live, is_joined=is_joined
            )
        except BaseException:
            self._source.close()
            raise
        self._ear = Ear(self._log, are_floats="FLOAT" in self._audio.info.format)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def info(self) -> AudioInfo:
        """What the header says."""
        return self._audio.info

    @property
    def warnings(self) -> tuple[AudioWarning, ...]:
        """What there is to say of the file so far; all of it once the blocks have been taken."""
        return self._log.all

    @property
    def peak(self) -> float:
        """Largest sample so far; full scale is 1."""
        return self._ear.peak

    def close(self) -> None:
        """Free the decoder, and the file if it was opened here."""
        self._audio.close()
        self._source.close()

    def blocks(self) -> Iterator[NDArray[np.float32]]:
        """Decode the file, once, from its start.

        Yields
        ------
        np.ndarray [shape=(n,)], float32
            Mono samples at the model's rate.

        Raises
        ------
        AudioError
            For what only decoding shows: no samples, none that is a number, too long, shorter than one window.
        """
        for piece in self.pieces():
            if len(piece.heard):
                yield piece.heard

    def pieces(self) -> Iterator[Piece]:
        """Decode the file, once, from its start, to what is heard and to what may be played.

        Yields
        ------
        Piece
            In order of time.

        Raises
        ------
        AudioError
            As `blocks`.
        """
        n_heard = 0
        seconds = 0.0
        rate_hz = 0
        resampler = Resampler(self._params.sample_rate_hz, self._params.sample_rate_hz)
        for raw in sounds(self._audio, self._log):
            heard = []
            if raw.rate_hz != rate_hz:
                check_rate(raw.rate_hz, self.name)
                heard.append(resampler.finish())
                rate_hz = raw.rate_hz
                resampler = Resampler(rate_hz, self._params.sample_rate_hz)
            seconds += raw.samples.shape[1] / rate_hz
            if seconds > self._limits.max_seconds:
                raise too_long(self.name, seconds, self._limits)
            sound = self._ear.clean(raw)
            heard.append(resampler.feed(self._ear.mono(sound)))
            mono = heard[0] if len(heard) == 1 else np.concatenate(heard)
            n_heard += len(mono)
            yield Piece(mono, sound)
        last = resampler.finish()
        self._ear.finish()
        self._check(n_heard + len(last), seconds)
        yield Piece(last, None)

    def _check(self, n_heard: int, seconds: float) -> None:
        if not seconds:
            raise EmptyAudioError(
                f"{self.name} holds no samples that can be decoded; "
                + ("choose a file that holds sound." if self._source.seekable() else _NEEDS_A_FILE)
            )
        if not self._ear.n_finite:
            raise NonFiniteSamplesError(f"{self.name} holds nothing but NaN or infinite samples; export it again.")
        if n_heard < self._params.window_samples and not self._is_live:
            raise AudioTooShortError(
                f"{self.name} lasts {n_heard / self._params.sample_rate_hz:.2f} s; "
                f"the network needs at least {self._params.window_seconds:.0f} s. {self._why_short()}"
            )

    def _why_short(self) -> str:
        """Say why there may be so little, as far as the warnings know."""
        reasons = [warning.detail for warning in self.warnings if warning.code in (TRUNCATED, DAMAGED)]
        return " ".join([*reasons, "Copy or download it again."] if reasons else ["Use a longer recording."])


def probe(source: AudioSource, *, name: str | None = None, limits: Limits | None = None) -> AudioInfo:
    """Read a file's header and refuse what cannot be decoded, without decoding it.

    Parameters
    ----------
    source, name, limits
        As for `Decoding`.

    Returns
    -------
    AudioInfo
        Format, rate, channels and stated length.

    Raises
    ------
    AudioError
        As `Decoding` raises.
    """
    with Decoding(source, name=name, limits=limits) as decoding:
        return decoding.info


def decode(
    source: AudioSource,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    params: AudioParams | None = None,
) -> Track:
    """Decode a whole file to mono float32 at the model's sample rate.

    Channels are averaged; the rate is changed by soxr (high quality, linear phase).

    Parameters
    ----------
    source, name, limits, params
        As for `Decoding`.

    Returns
    -------
    Track
        At least one window long, with the warnings.

    Raises
    ------
    AudioError
        A subclass for each fault: empty, not audio, bad sample rate, nothing but NaN or infinite samples, too large,
        too long, or shorter than one window.
    """
    with Decoding(source, name=name, limits=limits, params=params) as decoding:
        samples = np.concatenate(list(decoding.blocks()))
        rate_hz = (params or AudioParams()).sample_rate_hz
        return Track(samples, rate_hz, decoding.name, warnings=decoding.warnings)


def decode_blocks(
    source: AudioSource,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    params: AudioParams | None = None,
) -> Iterator[NDArray[np.float32]]:
    """Decode a file piece by piece, so that its first windows can be scored while the rest is still being decoded.

    The pieces put together are the samples that `decode` gives, bit for bit. `Decoding` gives the warnings as well.

    Parameters
    ----------
    source, name, limits, params
        As for `Decoding`.

    Yields
    ------
    np.ndarray [shape=(n,)], float32
        Mono samples at the model's rate.

    Raises
    ------
    AudioError
        As for `decode`; faults that only the file's end shows are raised there.
    """
    with Decoding(source, name=name, limits=limits, params=params) as decoding:
        yield from decoding.blocks()
