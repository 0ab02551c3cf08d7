"""The tracks: list, add, remove, hear, see, score."""

from __future__ import annotations

import re
from typing import TypedDict

from flask import Blueprint, Response, current_app, jsonify, request

from dashboard.api import visitors
from dashboard.api.bodies import FORM_TYPE, Received, intake_of, json_text
from dashboard.api.cached import cached_as, drawn, keeper, told
from dashboard.api.files import ranged_file
from dashboard.api.openapi import Body, Choice, Query, operation
from dashboard.api.parameters import hop, model_choice
from dashboard.api.problems import instance
from dashboard.api.streams import Message, csv_rows, ndjson
from dashboard.library.library import identity_of
from dashboard.library.played import Kind
from dashboard.library.record import TrackRecord, safe_title
from dashboard.listening import messages, pictures
from dashboard.listening.scoring import Reader
from dashboard.services import Services
from model.errors import ParameterError
from model.windows import LIVE_HOP_SECONDS, hop_from_seconds


class TrackList(TypedDict):
    """Everybody's samples, then the visitor's uploads, newest first."""

    tracks: list[messages.TrackMessage]


class NewTitle(TypedDict):
    """What a track is to be called."""

    title: str


NDJSON = "application/x-ndjson"
FORM = Choice(
    "as",
    "`played`: the original's channels at its own rate; `heard`: mono at the model's rate, as the network hears it.",
    ("played", "heard"),
)
PARTS = Query("n", "Number of parts.", 1200, 1, 20_000)
COLUMNS = Query("columns", "Most columns of the picture.", 1200, 1, 4096)


def blueprint(services: Services) -> Blueprint:
    """Build the routes."""
    routes = Blueprint("tracks", __name__, url_prefix="/api/tracks")
    rate_hz = services.card.params.audio.sample_rate_hz
    which, how_far = model_choice(services), hop(services, LIVE_HOP_SECONDS)

    def found(identity: str) -> TrackRecord:
        return services.library.find(identity, visitors.known_visitor())

    def opened(record: TrackRecord) -> Reader:
        hop_seconds = how_far.read()
        return services.scoring.open(record, services.models.scorer(which.read()), hop_seconds)

    @routes.get("")
    @operation("The samples and the visitor's uploads.", {200: Body("The tracks", TrackList)})
    def list_tracks() -> Response:
        visitor = visitors.known_visitor()
        records = services.library.tracks(visitor)
        response = jsonify({"tracks": [messages.track(record, rate_hz) for record in records]})
        return visitors.remember(response, visitor or visitors.new_visitor())

    @routes.post("")
    @operation(
        "Add an audio file, for this visitor only.",
        {201: Body("Added", messages.TrackMessage), 200: Body("It was there already", messages.TrackMessage)},
        problems=(403, 408, 409, 413, 415, 422, 503, 507),
        request_types=(FORM_TYPE,),
    )
    def add_track() -> Response:
        visitor = visitors.known_visitor() or visitors.new_visitor()
        services.library.check_room(visitor, request.content_length or 0)
        with intake_of(current_app).receive(is_raw_welcome=False) as received:
            identity = identity_of(received.path)
            record = services.library.known(identity, visitor)
            status = 200 if record else 201
            if record:
                record = services.library.called(identity, visitor, received.file_name)
            else:
                record = _added(services, visitor, identity, received)
        response = jsonify(messages.track(record, rate_hz))
        response.status_code = status
        return visitors.remember(response, visitor)

    @routes.patch("/<identity>")
    @operation(
        "Give one of the visitor's uploads another title.",
        {200: Body("Renamed", messages.TrackMessage)},
        problems=(403, 404, 415, 422),
        takes=NewTitle,
    )
    def rename_track(identity: str) -> Response:
        record = services.library.rename(identity, visitors.known_visitor(), json_text("title"))
        return jsonify(messages.track(record, rate_hz))

    @routes.delete("/<identity>")
    @operation("Forget one of the visitor's uploads.", {204: Body("Forgotten")}, problems=(403, 404))
    def remove_track(identity: str) -> Response:
        services.library.remove(identity, visitors.known_visitor())
        services.shared.kept.forget(identity)
        return Response(status=204)

    @routes.get("/<identity>/audio")
    @operation(
        "The sound to play, on the same axis of time as the scores: 16-bit WAV. Ranges are served.",
        {200: Body("The sound", bytes, "audio/wav"), 206: Body("A part of it", bytes, "audio/wav")},
        queries=(FORM,),
        problems=(404, 416, 422, 503, 507),
    )
    def audio(identity: str) -> Response:
        record = found(identity)
        kind = _sound_kind()
        file = services.played.file(record, kind)
        form = services.played.form(record, kind)
        etag = f"{record.id}-{form.rate_hz}-{form.n_channels}-{form.gain:.4f}"
        return cached_as(record, ranged_file(file, media_type="audio/wav", etag=etag))

    @routes.get("/<identity>/peaks")
    @operation("The waveform's extremes.", {200: Body("The peaks", pictures.Peaks)}, queries=(PARTS,),
               problems=(404, 422, 503))  # fmt: skip
    def peaks(identity: str) -> Response:
        n = int(PARTS.read())
        record = found(identity)
        return drawn(
            record, f"p{n}", lambda: pictures.peaks(services.sounds.blocks(record), record.duration_samples, n)
        )

    @routes.get("/<identity>/spectrogram")
    @operation("A log-mel picture.", {200: Body("The picture", pictures.Spectrogram)}, queries=(COLUMNS,),
               problems=(404, 422, 503))  # fmt: skip
    def spectrogram(identity: str) -> Response:
        columns = int(COLUMNS.read())
        record = found(identity)

        def draw() -> pictures.Spectrogram:
            blocks = services.sounds.blocks(record)
            return pictures.spectrogram(blocks, record.duration_samples, services.card.params, columns)

        return drawn(record, f"s{columns}", draw)

    @routes.get("/<identity>/scores")
    @operation(
        "The scores, streamed as they are made: a header, a message a window, a summary, an end.",
        {200: Body("One message a line", Message, NDJSON)},
        queries=(how_far, which),
        problems=(404, 422, 503),
    )
    def scores(identity: str) -> Response:
        record = found(identity)
        card = services.models.find(which.read()).card
        what = f"scores-{card.files['litert'].sha256}-{hop_from_seconds(how_far.read(), card.params.audio)}"
        if response := told(record, what, NDJSON):
            return response
        reader = opened(record)
        response = Response(ndjson(reader, instance(), keeper(record, what)), mimetype=NDJSON)
        response.headers["X-Accel-Buffering"] = "no"  # a proxy shall pass lines on at once
        response.call_on_close(reader.close)
        return response

    @routes.get("/<identity>/scores.csv")
    @operation(
        "The scores as a table.",
        {200: Body("A row a window", str, "text/csv")},
        queries=(how_far, which),
        problems=(404, 422, 503),
    )
    def scores_csv(identity: str) -> Response:
        record = found(identity)
        reader = opened(record)
        response = Response(csv_rows(reader), mimetype="text/csv")
        response.headers.set("Content-Disposition", "attachment", filename=_csv_name(record, which.read()))
        response.call_on_close(reader.close)
        return response

    return routes


def _sound_kind() -> Kind:
    """Read which form of its sound is asked for."""
    match FORM.read():
        case None | "played":
            return "played"
        case "heard":
            return "heard"
        case other:
            raise ParameterError(f"The parameter as is {other[:40]!r}; use played or heard.")


def _csv_name(record: TrackRecord, model: str | None) -> str:
    """Name the table of a track's scores; of a model that is not the default, with the model's name."""
    suffix = "" if model is None else "-" + re.sub(r"[^\w.-]", "_", model)
    return f"scores-{record.id[:12]}{suffix}.csv"


def _added(services: Services, visitor: str, identity: str, received: Received) -> TrackRecord:
    """Decode a file, which shows whether it can be used, and keep it."""
    title = safe_title(received.file_name)
    heard = services.sounds.hear(received.path, title)
    try:
        record = services.library.add(
            received.path,
            identity,
            visitor,
            file_name=received.file_name,
            decoded=heard.decoded,
            n_samples=heard.n_samples,
        )
        if heard.track is not None:
            services.sounds.keep(identity, heard.track)
        services.sounds.keep_spilled(record, heard)
    finally:
        heard.discard()
    return record
