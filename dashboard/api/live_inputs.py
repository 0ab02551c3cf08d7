"""Where the sound of a live session comes from: the listener's own socket, or a radio station that is sent to it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Final, Protocol

import numpy as np

from dashboard.api import live_messages as wire
from dashboard.api.live_hello import read, whole_number
from dashboard.api.socket import Socket
from dashboard.decoding.radio import Away, Back, Playing, RadioJob, Reception, Sent, StationForm
from dashboard.errors import SlowClientError
from dashboard.listening.live import LiveSession
from dashboard.settings import Settings
from model.errors import ParameterError, RadioError

LOOK_SECONDS: Final = 1.0

_MOST_AT_A_TIME: Final = 100  # messages taken before their windows are scored
_TUNING_SECONDS: Final = 40.0
_SHORT_LOOK_SECONDS: Final = 0.25


class Input(Protocol):
    """Where sound comes from.

    Attributes
    ----------
    is_over : bool
        Whether that was all.
    """

    is_over: bool

    def wait(self) -> None:
        """Wait a moment for what comes next."""
        ...

    def take(self, session: LiveSession) -> Iterable[wire.ToListener | bytes]:
        """Let the session hear what came; gives what the listener is to be told of it."""
        ...


class OwnSound:
    """PCM that the listener sends.

    Parameters
    ----------
    socket : Socket
        The connection.
    settings : Settings
        The limits.
    is_fast : bool
        Whether the sender waits for the scores; then nothing is taken ahead of them.
    """

    def __init__(self, socket: Socket, settings: Settings, *, is_fast: bool) -> None:
        self.is_over = False
        self._socket = socket
        self._settings = settings
        self._is_fast = is_fast
        self._last_sound = time.monotonic()
        self._next: str | bytes | None = None

    def wait(self) -> None:
        """Wait for a message."""
        self._next = self._socket.receive(LOOK_SECONDS)

    def take(self, session: LiveSession) -> Iterable[wire.ToListener | bytes]:
        """Take the messages that are there; nothing is told at once."""
        idle_seconds = self._settings.live_idle_seconds
        if self._next is None and time.monotonic() - self._last_sound > idle_seconds:
            raise SlowClientError(f"No sound came for {idle_seconds:g} s, so listening ended; start anew.")
        n_taken = 0
        while self._next is not None:
            if isinstance(self._next, bytes):
                self._last_sound = time.monotonic()
                session.feed(self._next)
            else:
                self._told(session, read(self._next))
            n_taken += 1
            has_time = not self._is_fast and not self.is_over and n_taken < _MOST_AT_A_TIME
            self._next = self._socket.receive(0) if has_time else None
        return ()

    def _told(self, session: LiveSession, said: dict[str, object]) -> None:
        if said["type"] == "end":
            self.is_over = True
        elif said["type"] == "gap":
            skip(session, whole_number(said, "samples", 1), self._settings)
        else:
            raise ParameterError(f"A message is of type {str(said['type'])[:40]!r}; send sound, `gap` or `end`.")


class StationSound:
    """A radio station: its sound is sent to the listener, and heard here.

    Parameters
    ----------
    socket : Socket
        The connection.
    settings : Settings
        The limits.
    reception : Reception
        Receives the station.
    """

    def __init__(self, socket: Socket, settings: Settings, reception: Reception) -> None:
        self.is_over = False
        self._socket = socket
        self._settings = settings
        self._reception = reception
        self._next: object = None

    def tuned_in(self) -> StationForm:
        """Wait for the station.

        Raises
        ------
        RadioError
            If it cannot be received.
        ConnectionClosed
            If the listener has left.
        """
        deadline = time.monotonic() + _TUNING_SECONDS
        while time.monotonic() < deadline and not self._reception.is_over:
            self._hear_listener()
            if isinstance(found := self._reception.next(_SHORT_LOOK_SECONDS), StationForm):
                return found
        raise RadioError("This address gives no sound; try another one.")

    def wait(self) -> None:
        """Wait for the station."""
        self._hear_listener()
        self._next = self._reception.next(_SHORT_LOOK_SECONDS)

    def take(self, session: LiveSession) -> Iterator[wire.ToListener | bytes]:
        """Send on what came."""
        match self._next:
            case Sent(content):
                yield content
                n_channels = self.n_channels_of(session)
                channels = np.frombuffer(content, "<i2").reshape(-1, n_channels)
                mono = channels[:, 0] if n_channels == 1 else np.rint(channels.mean(axis=1)).astype("<i2")
                session.feed(mono.tobytes())
            case Playing(title):
                yield wire.title(session, title)
            case Away(detail):
                yield wire.away(detail)
            case Back(n_samples):
                skip(session, n_samples, self._settings)
        self.is_over = self.is_over or self._reception.is_over

    @staticmethod
    def n_channels_of(session: LiveSession) -> int:
        """Tell how many channels its sound has."""
        return session.station.n_channels if session.station else 1

    def _hear_listener(self) -> None:
        while (text := self._socket.receive(0)) is not None:
            said = read(text) if isinstance(text, str) else {"type": "sound"}
            if said["type"] != "end":
                raise ParameterError(f"A message is of type {said['type'][:40]!r}; to a station, only `end` is said.")
            self.is_over = True


def job_for(url: str, settings: Settings, rate_hz: int) -> RadioJob:
    """Make the job of receiving a station, if the operator allows it.

    Raises
    ------
    RadioError
        If not.
    """
    if not settings.has_radio:
        raise RadioError("Radio stations are not fetched here; the operator may allow it with GENRE_RADIO=1.")
    may_be_private = settings.radio == "private"
    return RadioJob(url, may_be_private=may_be_private, rate_hz=rate_hz, memory_mib=settings.radio_memory_mib)


def skip(session: LiveSession, n_samples: int, settings: Settings) -> None:
    """Take note that samples are missing.

    Raises
    ------
    ParameterError
        If that is longer than may be listened to.
    """
    if session.seconds + n_samples / session.rate_hz > settings.live_seconds:
        raise ParameterError(f"{n_samples} samples are missing, which is longer than may be listened to; start anew.")
    session.skip(n_samples)
