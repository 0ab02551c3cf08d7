"""``WS /api/live``: sound in, scores out, while it flows."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from flask import Blueprint, Response, request

from dashboard.api import live_messages as wire
from dashboard.api import visitors
from dashboard.api.live_hello import read, read_hello
from dashboard.api.live_inputs import Input, OwnSound, StationSound, job_for, skip
from dashboard.api.openapi import Body, operation
from dashboard.api.problems import instance, problem_of
from dashboard.api.socket import ConnectionClosed, Socket, is_possible, taken_over
from dashboard.decoding.jobs import Decoded
from dashboard.decoding.radio import StationForm, receiving
from dashboard.errors import BusyError, NoSocketError, SlowClientError, UpgradeError
from dashboard.library.library import identity_of
from dashboard.library.record import resampled_length
from dashboard.library.takes import Take
from dashboard.listening import messages
from dashboard.listening.hearing import Ear, Heard, Hearing
from dashboard.listening.live import LiveSession
from dashboard.services import Services
from model.errors import GenreError

_log = logging.getLogger(__name__)

_HELLO_SECONDS: Final = 10.0
_SECONDS_BETWEEN_ACKS: Final = 1.0
_NORMAL, _GOING_AWAY, _NOT_LIKE_THIS, _BROKEN, _LATER = 1000, 1001, 1008, 1011, 1013  # RFC 6455


def blueprint(services: Services) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("live", __name__)

    @routes.get("/api/live")
    @operation(
        "Listen live: a WebSocket (/asyncapi.json describes its messages) that takes 16-bit mono PCM, sends a message "
        "a window, and closes with 1013 and the reason where there is no room.",
        {101: Body("From here on it is a WebSocket")},
        problems=(403, 426, 501),
    )
    def live_without_socket() -> Response:
        raise UpgradeError("This address is a WebSocket; open it with ws:// or wss://, see /asyncapi.json.")

    @routes.get("/api/live", websocket=True, endpoint="live")
    def live() -> Response:
        if not is_possible():
            raise NoSocketError(
                "This server (waitress) has no WebSockets, which listening live needs; run the service with gunicorn."
            )
        socket = Socket()
        _Listening(socket, services).run()
        return taken_over()

    return routes


class _Listening:
    """One connection, from its hello to its close."""

    def __init__(self, socket: Socket, services: Services) -> None:
        self._socket = socket
        self._services = services
        self._limits = services.settings
        self._visitor = visitors.known_visitor()
        self._who = self._visitor or f"address {request.remote_addr}"
        self._instance = instance()
        self._acked = 0.0

    def run(self) -> None:
        """Listen, and take leave with the right code."""
        code, reason = _NORMAL, ""
        try:
            self._greet_and_listen()
        except ConnectionClosed:
            return
        except Exception as error:  # noqa: BLE001 -- logged unless foreseen; the listener waits for an answer
            if not isinstance(error, GenreError):
                _log.exception("Listening failed (%s).", self._instance)
            problem = problem_of(error, self._instance)
            reason = problem["detail"]
            code = _LATER if problem["status"] == 503 else _BROKEN if problem["status"] >= 500 else _NOT_LIKE_THIS
            if self._services.live.is_stopping:
                code = _GOING_AWAY
            with suppress(ConnectionClosed):
                self._send({"type": "error", "problem": problem})
        self._socket.close(code, reason)

    def _greet_and_listen(self) -> None:
        text = self._socket.receive(_HELLO_SECONDS)
        if not isinstance(text, str):
            raise SlowClientError("No hello came; begin with one, see /asyncapi.json.")
        hello = read_hello(read(text))
        with self._services.live.place(self._who), self._services.metrics.live.track_inprogress():
            if hello["radio"]:
                rate_hz = self._services.card.params.audio.sample_rate_hz
                with receiving(job_for(hello["radio"], self._limits, rate_hz)) as reception:
                    sound = StationSound(self._socket, self._limits, reception)
                    station = sound.tuned_in()
                    self._hear(sound, {**hello, "title": hello["title"] or station.name}, station.rate_hz, station)
            else:
                own = OwnSound(self._socket, self._limits, is_fast=hello["pace"] == "fast")
                self._hear(own, hello, hello["sample_rate"])

    def _hear(self, sound: Input, hello: wire.HelloMessage, rate_hz: int, station: StationForm | None = None) -> None:
        live = self._services.live
        session = live.resume(hello["resume"], self._who)
        is_resumed = session is not None and (session.rate_hz, session.station) == (rate_hz, station)
        if session is None or not is_resumed:
            session = self._session(hello, rate_hz, station)
        try:
            with live.active(session, self._who):
                self._send(wire.header(session, is_resumed=is_resumed, now=time.time()))
                if is_resumed and hello["at"] > session.n_samples:
                    skip(session, hello["at"] - session.n_samples, self._limits)
                self._listen(session, sound)
        except ConnectionClosed:
            if sound.is_over:
                raise
            live.park(session, self._who, lambda: self._give_up(session))
            raise
        except BaseException:
            self._kept(session)
            raise

    def _session(self, hello: wire.HelloMessage, rate_hz: int, station: StationForm | None) -> LiveSession:
        services = self._services
        names = hello["models"] or [services.models.default.name]
        ears = [Ear(name, services.models.scorer(name), hello["hop"]) for name in names]
        backlog_seconds = float("inf") if hello["pace"] == "fast" else self._limits.live_backlog_seconds
        hearing = Hearing(ears, backlog_seconds=backlog_seconds)
        session = LiveSession(hearing, rate_hz=rate_hz, at=hello["at"], station=station)
        if hello["keep"] and self._visitor:
            try:
                services.library.check_room(self._visitor, 0)
            except GenreError as error:
                self._send({"type": "take", "track": None, "problem": problem_of(error, self._instance)})
            else:
                session.take = Take(
                    services.library.new_file(),
                    rate_hz=session.rate_hz,
                    title=hello["title"],
                    max_seconds=self._limits.max_track_seconds,
                )
        return session

    def _listen(self, session: LiveSession, sound: Input) -> None:
        reason = None
        while not sound.is_over:
            sound.wait()
            if session.is_wanted_elsewhere:
                raise ConnectionClosed()
            if self._services.live.is_stopping:
                raise BusyError("The service is being stopped; come back in a few seconds.")
            self._send_all(sound.take(session))
            if session.seconds > self._limits.live_seconds:
                reason = f"This was listened to for {self._limits.live_seconds / 60:g} minutes, the limit."
                sound.is_over = True
            if sound.is_over:
                session.finish()
            self._tell(session)
        for ear in session.hearing.ears:
            self._send(wire.summary(ear))
        if told := self._kept(session):
            self._send(told)
        self._send({"type": "end", "reason": reason})

    def _tell(self, session: LiveSession) -> None:
        for each in session.hearing.scores():
            if isinstance(each, Heard):
                self._services.metrics.windows.labels("live").inc()
            self._send(wire.heard(each, now=time.time()))
        if time.monotonic() - self._acked >= _SECONDS_BETWEEN_ACKS:
            self._acked = time.monotonic()
            self._send(wire.ack(session, now=time.time()))

    def _kept(self, session: LiveSession) -> wire.TakeMessage | None:
        """Put the take among the visitor's tracks; None if there is none."""
        take, session.take = session.take, None
        if take is None or self._visitor is None:
            return None
        params = self._services.card.params.audio
        library = self._services.library
        try:
            take.finish()
            n_samples = resampled_length(take.info, params)
            if n_samples < params.window_samples:
                take.discard()
                return None
            record = library.add(
                take.path,
                identity_of(take.path),
                self._visitor,
                file_name=take.title,
                decoded=Decoded(take.info, warnings=(), peak=1.0),  # 16-bit samples reach no further
                n_samples=n_samples,
            )
            return {"type": "take", "track": messages.track(record, params.sample_rate_hz), "problem": None}
        except GenreError as error:
            take.discard()
            return {"type": "take", "track": None, "problem": problem_of(error, self._instance)}

    def _give_up(self, session: LiveSession) -> None:
        """Keep the take of a session to which nobody came back."""
        told = self._kept(session)
        if told and told["problem"]:
            _log.warning("A take was not kept: %s", told["problem"]["detail"])

    def _send(self, message: wire.ToListener | bytes) -> None:
        self._socket.send(message if isinstance(message, bytes) else wire.encoded(message))

    def _send_all(self, messages: Iterable[wire.ToListener | bytes]) -> None:
        for message in messages:
            self._send(message)
