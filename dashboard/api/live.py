"""``WS /api/live``: sound in, scores out, while it flows."""

from __future__ import annotations

import logging
import time
from contextlib import suppress
from typing import Final

from flask import Blueprint, Response, request

from dashboard.api import live_messages as wire
from dashboard.api import visitors
from dashboard.api.openapi import Body, operation
from dashboard.api.problems import instance, problem_of
from dashboard.api.socket import ConnectionClosed, Socket, is_possible, taken_over
from dashboard.decoding.jobs import Decoded
from dashboard.errors import BusyError, NoSocketError, SlowClientError, UpgradeError
from dashboard.library.library import identity_of
from dashboard.library.record import resampled_length
from dashboard.library.takes import Take
from dashboard.listening import messages
from dashboard.listening.hearing import Ear, Hearing
from dashboard.listening.live import LiveSession
from dashboard.services import Services
from model.errors import GenreError, ParameterError

_log = logging.getLogger(__name__)

_HELLO_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 1.0
_SECONDS_BETWEEN_ACKS: Final = 1.0
_MOST_AT_A_TIME: Final = 100  # messages taken before their windows are scored
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
        self._is_over = False
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
        live = self._services.live
        text = self._socket.receive(_HELLO_SECONDS)
        if not isinstance(text, str):
            raise SlowClientError("No hello came; begin with one, see /asyncapi.json.")
        hello = wire.read_hello(wire.read(text))
        with live.place(self._who):
            session = live.resume(hello["resume"], self._who)
            is_resumed = session is not None and session.rate_hz == hello["sample_rate"]
            if session is None or not is_resumed:
                session = self._session(hello)
            try:
                with live.active(session, self._who):
                    self._send(wire.header(session, is_resumed=is_resumed, now=time.time()))
                    if is_resumed and hello["at"] > session.n_samples:
                        self._skip(session, hello["at"] - session.n_samples)
                    self._listen(session, is_fast=hello["pace"] == "fast")
            except ConnectionClosed:
                if self._is_over:
                    raise
                live.park(session, self._who, lambda: self._give_up(session))
                raise
            except BaseException:
                self._kept(session)
                raise

    def _session(self, hello: wire.HelloMessage) -> LiveSession:
        services = self._services
        names = hello["models"] or [services.models.default.name]
        ears = [Ear(name, services.models.scorer(name), hello["hop"]) for name in names]
        backlog_seconds = float("inf") if hello["pace"] == "fast" else self._limits.live_backlog_seconds
        hearing = Hearing(ears, backlog_seconds=backlog_seconds)
        session = LiveSession(hearing, rate_hz=hello["sample_rate"], at=hello["at"])
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

    def _listen(self, session: LiveSession, *, is_fast: bool) -> None:
        reason = None
        last_sound = time.monotonic()
        while not self._is_over:
            message = self._socket.receive(_LOOK_SECONDS)
            if session.is_wanted_elsewhere:
                raise ConnectionClosed()
            if self._services.live.is_stopping:
                raise BusyError("The service is being stopped; come back in a few seconds.")
            if message is None and time.monotonic() - last_sound > self._limits.live_idle_seconds:
                raise SlowClientError(
                    f"No sound came for {self._limits.live_idle_seconds:g} s, so listening ended; start anew."
                )
            n_taken = 0
            while message is not None:
                if isinstance(message, bytes):
                    last_sound = time.monotonic()
                self._take(session, message)
                n_taken += 1
                has_time = not is_fast and not self._is_over and n_taken < _MOST_AT_A_TIME
                message = self._socket.receive(0) if has_time else None
            if session.seconds > self._limits.live_seconds:
                reason = f"This was listened to for {self._limits.live_seconds / 60:g} minutes, the limit."
                self._is_over = True
            if self._is_over:
                session.finish()
            self._tell(session)
        for ear in session.hearing.ears:
            self._send(wire.summary(ear))
        if told := self._kept(session):
            self._send(told)
        self._send({"type": "end", "reason": reason})

    def _take(self, session: LiveSession, message: str | bytes) -> None:
        if isinstance(message, bytes):
            if missing := session.feed(message):
                self._send(wire.gap(missing))
            return
        said = wire.read(message)
        if said["type"] == "end":
            self._is_over = True
        elif said["type"] == "gap":
            self._skip(session, wire.whole_number(said, "samples", 1))
        else:
            raise ParameterError(f"A message is of type {said['type'][:40]!r}; send sound, `gap` or `end`.")

    def _skip(self, session: LiveSession, n_samples: int) -> None:
        if session.seconds + n_samples / session.rate_hz > self._limits.live_seconds:
            raise ParameterError(
                f"{n_samples} samples are missing, which is longer than may be listened to; start anew."
            )
        if missing := session.skip(n_samples):
            self._send(wire.gap(missing))

    def _tell(self, session: LiveSession) -> None:
        for each in session.hearing.scores():
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

    def _send(self, message: wire.ToListener) -> None:
        self._socket.send(wire.encoded(message))
