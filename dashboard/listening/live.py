"""Who listens to sound that flows: sessions, the limits on them, and coming back to one after a lost connection.

A session takes PCM and gives scores; it knows nothing of sockets.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import numpy as np

from dashboard.decoding.radio import StationForm
from dashboard.errors import BusyError, StoppingError
from dashboard.library.takes import Take
from dashboard.listening.hearing import Hearing
from dashboard.settings import Settings
from dashboard.sharing.counts import Counts, CountsOfOne, FullError
from model.sources.pcm import Pcm16, PcmStream

_LET_GO_SECONDS: Final = 3.0


class LiveSession:
    """One sound that someone lets the service listen to: 16-bit mono PCM in, scores out; its take is kept where wanted.

    Parameters
    ----------
    hearing : Hearing
        The models.
    rate_hz : int
        Of the sound.
    at : int
        Its first sample's place in the stream, where it goes on from an earlier session.
    take : Take, optional
        Keeps the sound.
    station : StationForm, optional
        The radio station that it comes from.

    Raises
    ------
    SampleRateError
        If the rate is out of range.
    """

    def __init__(
        self,
        hearing: Hearing,
        *,
        rate_hz: int,
        at: int = 0,
        take: Take | None = None,
        station: StationForm | None = None,
    ) -> None:
        self.id = secrets.token_urlsafe(16)
        self.hearing = hearing
        self.take = take
        self.station = station
        self._pcm = Pcm16()
        self._stream = PcmStream(rate_hz, hearing.ears[0].card.params.audio.sample_rate_hz)
        self._first = at
        self.is_wanted_elsewhere = False
        self._stream.skip(at)
        hearing.take(self._stream.feed(np.zeros(0, np.float32)))

    @property
    def rate_hz(self) -> int:
        """Rate of the sound that comes."""
        return self._stream.rate_in_hz

    @property
    def n_samples(self) -> int:
        """Samples that have come, those that are missing included: the place of the next one."""
        return self._stream.n_samples_in

    @property
    def seconds(self) -> float:
        """How long it has lasted."""
        return (self.n_samples - self._first) / self.rate_hz

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""
        if self.take is not None:
            self.take.write(chunk)
        self.hearing.take(self._stream.feed(self._pcm.feed(chunk)))

    def skip(self, n_samples: int) -> None:
        """Take note that samples are missing.

        Raises
        ------
        ParameterError
            If the number is negative.
        """
        self.hearing.take(self._stream.skip(n_samples))
        self._pcm = Pcm16()
        if self.take is not None:
            self.take.gap(n_samples)

    def finish(self) -> None:
        """End the sound."""
        self.hearing.take(self._stream.finish())
        self.hearing.finish()


class Live:
    """Who listens at the moment.

    Parameters
    ----------
    settings : Settings
        The limits.
    counts : Counts, optional
        Counts who listens over all workers; without it, this is the only one.
    """

    def __init__(self, settings: Settings, counts: Counts | None = None) -> None:
        self._settings = settings
        self._counts = counts or CountsOfOne()
        self._lock = threading.Lock()
        self._n_listening = 0
        self._active: dict[str, tuple[LiveSession, str]] = {}
        self._parked: dict[str, tuple[LiveSession, str, threading.Timer]] = {}
        self._was_parked = threading.Condition(self._lock)
        self.is_stopping = False

    @contextmanager
    def place(self, visitor: str) -> Iterator[None]:
        """Have a place among those who listen.

        Parameters
        ----------
        visitor : str
            Whoever asks, by cookie or address.

        Raises
        ------
        BusyError
            If there is none left, for this visitor or for all.
        """
        limit = self._settings
        if limit.live_sessions == 0:
            raise BusyError("Listening live is turned off here; add a recording instead.")
        if self.is_stopping:
            raise StoppingError()
        place = self._counts.place("live", visitor, most=limit.live_sessions, most_of_one=limit.live_visitor_sessions)
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(place)
            except FullError as error:
                own = f"You listen to {limit.live_visitor_sessions} sounds already, the limit; stop one of them first."
                alls = f"{limit.live_sessions} sounds are listened to at this moment, the limit; try again in a minute."
                raise BusyError(own if error.is_own else alls) from error
            with self._lock:
                self._n_listening += 1
            try:
                yield
            finally:
                with self._lock:
                    self._n_listening -= 1

    @property
    def n_listening(self) -> int:
        """Sounds that this worker listens to at this moment."""
        return self._n_listening

    def park(self, session: LiveSession, visitor: str, given_up: Callable[[], None]) -> None:
        """Keep a session whose connection was lost.

        Parameters
        ----------
        session : LiveSession
            It; nobody feeds it any more.
        visitor : str
            Who may come back to it.
        given_up : callable
            Called if nobody does.
        """

        def give_up() -> None:
            with self._lock:
                is_mine = self._parked.pop(session.id, None) is not None
            if is_mine:
                given_up()

        timer = threading.Timer(self._settings.live_resume_seconds, give_up)
        timer.daemon = True
        with self._lock:
            self._parked[session.id] = (session, visitor, timer)
            self._was_parked.notify_all()
        timer.start()

    @contextmanager
    def active(self, session: LiveSession, visitor: str) -> Iterator[None]:
        """Have a session known while a connection feeds it, so that its listener may take it over with another one."""
        session.is_wanted_elsewhere = False
        with self._lock:
            self._active[session.id] = (session, visitor)
        try:
            yield
        finally:
            with self._lock:
                self._active.pop(session.id, None)

    def resume(self, identity: str, visitor: str) -> LiveSession | None:
        """Give a session back to its listener, also from a connection that only seems alive; None if it is gone."""
        with self._was_parked:
            fed, feeder = self._active.get(identity, (None, None))
            if fed is not None and feeder == visitor:
                fed.is_wanted_elsewhere = True
                self._was_parked.wait_for(lambda: identity in self._parked, _LET_GO_SECONDS)
            session, owner, timer = self._parked.get(identity, (None, None, None))
            if session is None or timer is None or owner != visitor:
                return None
            del self._parked[identity]
        timer.cancel()
        return session

    def close(self) -> None:
        """Ask all who listen to come back later, and give up those who are away."""
        self.is_stopping = True
        with self._lock:
            timers = [timer for _, _, timer in self._parked.values()]
        for timer in timers:
            timer.cancel()
            timer.function()
