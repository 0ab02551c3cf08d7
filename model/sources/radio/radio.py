"""A radio station as a source: tuned in to, decoded, read no faster than it plays, and found again when it is lost."""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from av.error import FFmpegError

from model.audio.decode import Decoding, Piece
from model.audio.limits import Limits
from model.errors import AudioError, RadioError, StationLostError
from model.params import AudioParams
from model.sources.block import Block
from model.sources.radio.client import Client
from model.sources.radio.station import Station, tune_in

AHEAD_SECONDS: Final = 8.0
"""So much sound may come sooner than it plays: a station's first burst, and what bridges a short stall."""

_NO_LIMITS: Final = Limits(max_bytes=sys.maxsize, max_seconds=math.inf)
_FIRST_PAUSE_SECONDS: Final = 0.5
_LONGEST_PAUSE_SECONDS: Final = 15.0
_PATIENCE_SECONDS: Final = 300.0


@dataclass(frozen=True)
class Lost:
    """The station broke off, and is being looked for; why."""

    reason: str


@dataclass(frozen=True)
class Missing:
    """The station is back; so much of it was missed."""

    seconds: float


class Radio:
    """A source of what a station sends. It is tuned in to when it is made.

    Parameters
    ----------
    url : str
        Of its stream, or of a playlist that names it.
    rate_out_hz : int
        The model's rate.
    may_be_private : bool
        Whether the address may lie in a private network.
    client : Client, optional
        Asks.
    clock, sleep : callable, optional
        Give the time, and let it pass.

    Raises
    ------
    RadioError
        If it cannot be listened to.
    """

    def __init__(
        self,
        url: str,
        *,
        rate_out_hz: int,
        may_be_private: bool = False,
        client: Client | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = url
        self._params = AudioParams(sample_rate_hz=rate_out_hz)
        self._may_be_private = may_be_private
        self._client = client or Client()
        self._clock = clock
        self._sleep = sleep
        self._is_open = True
        self._station: Station | None = self._tuned_in()
        self.name = self._station.name
        self.genre = self._station.genre
        self.title: str | None = None
        self._origin = -math.inf
        self._seconds = 0.0

    def blocks(self) -> Iterator[Block]:
        """Give the sound as it comes; see `Source`."""
        start = 0
        for each in self.sound():
            if isinstance(each, Missing):
                start += round(each.seconds * self._params.sample_rate_hz)
            elif isinstance(each, Piece):
                yield Block(start, each.heard, self.title)
                start += len(each.heard)

    def sound(self) -> Iterator[Piece | Lost | Missing]:
        """Give the sound in both of its forms, and what happens to it; to be called once.

        Yields
        ------
        Piece, Lost or Missing
            In order of time. `title` is what plays.

        Raises
        ------
        RadioError
            If it is no sound, or does not come back.
        """
        heard_at: float | None = None
        is_lost = False
        pause = _FIRST_PAUSE_SECONDS
        while self._is_open:
            try:
                for piece in self._pieces():
                    now = self._clock()
                    if is_lost and heard_at is not None:
                        self._seconds += now - heard_at
                        yield Missing(now - heard_at)
                        is_lost, pause = False, _FIRST_PAUSE_SECONDS
                    heard_at = now
                    yield piece
                    self._keep_pace(piece)
                if not self._is_open or (self._station and self._station.has_end):
                    return
                raise StationLostError(f"{self.name} ended the connection.")
            except (RadioError, AudioError, FFmpegError) as error:
                if not self._is_open:
                    return
                if heard_at is None:
                    raise error if isinstance(error, RadioError) else RadioError(str(error)) from error
                if self._clock() - heard_at > _PATIENCE_SECONDS:
                    raise StationLostError(
                        f"{self.name} did not come back within {_PATIENCE_SECONDS / 60:g} minutes: {error}"
                    ) from error
                is_lost = True
                yield Lost(str(error))
            finally:
                self._hang_up()
            self._sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)

    def close(self) -> None:
        """Listen no further."""
        self._is_open = False
        self._hang_up()

    def _pieces(self) -> Iterator[Piece]:
        station = self._station = self._station or self._tuned_in()
        with Decoding(
            station.reader, name=station.name, limits=_NO_LIMITS, params=self._params, is_live=True, is_joined=True
        ) as decoding:
            for piece in decoding.pieces():
                self.title = station.reader.title or self.title
                if not self._is_open:
                    return
                yield piece

    def _keep_pace(self, piece: Piece) -> None:
        """Wait while too much has come too soon; the station's own buffer holds the rest back."""
        self._seconds += len(piece.heard) / self._params.sample_rate_hz
        now = self._clock()
        self._origin = max(self._origin, now - self._seconds)  # what came late is no reason to hurry afterwards
        ahead = self._seconds - (now - self._origin)
        if ahead > AHEAD_SECONDS:
            self._sleep(ahead - AHEAD_SECONDS)

    def _tuned_in(self) -> Station:
        return tune_in(self._url, self._client, may_be_private=self._may_be_private)

    def _hang_up(self) -> None:
        if self._station is not None:
            self._station.answer.close()
            self._station = None
