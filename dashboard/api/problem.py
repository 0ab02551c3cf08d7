"""From an exception to an RFC 9457 problem: which status, which title, and what may be told.

The detail of a `GenreError` is its message, written for people. Anything unforeseen tells nothing of the inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final, TypedDict

from werkzeug.exceptions import HTTPException

from dashboard import errors as service
from model import errors as sound
from model.errors import GenreError

TYPE_PREFIX: Final = "/api/problems/"


class Problem(TypedDict):
    """An RFC 9457 problem document."""

    type: str
    title: str
    status: int
    detail: str
    instance: str


@dataclass(frozen=True)
class Kind:
    """One kind of problem: the last part of its type, its status and its title."""

    slug: str
    status: int
    title: str


KINDS: Final[dict[type[GenreError], Kind]] = {
    sound.ParameterError: Kind("bad-parameter", 422, "A parameter is out of range"),
    sound.EmptyAudioError: Kind("empty-audio", 422, "The file is empty"),
    sound.UnsupportedAudioError: Kind("unsupported-audio", 415, "This is not audio that can be read here"),
    sound.TruncatedAudioError: Kind("truncated-audio", 422, "The file is cut off"),
    sound.SampleRateError: Kind("sample-rate", 422, "The sample rate cannot be used"),
    sound.NonFiniteSamplesError: Kind("non-finite-samples", 422, "The sound holds NaN or infinite samples"),
    sound.AudioTooLargeError: Kind("audio-too-large", 413, "The file is too large"),
    sound.AudioTooLongError: Kind("audio-too-long", 422, "The track is too long"),
    sound.AudioTooShortError: Kind("audio-too-short", 422, "The track is too short"),
    service.UnknownTrackError: Kind("unknown-track", 404, "There is no such track"),
    service.UnknownModelError: Kind("unknown-model", 404, "There is no such model"),
    service.UploadLimitError: Kind("upload-limit", 409, "You keep as many uploads as one may"),
    service.StorageFullError: Kind("storage-full", 507, "There is no room for more uploads"),
    service.BusyError: Kind("busy", 503, "Too much is under way"),
    service.UnsupportedBodyError: Kind("unsupported-body", 415, "The body is of a type that holds no audio"),
    service.MissingFileError: Kind("missing-file", 422, "The form holds no file"),
    service.SlowClientError: Kind("slow-client", 408, "The request did not arrive in time"),
    service.CrossSiteError: Kind("cross-site", 403, "Another site may not do this"),
}

RETRY_AFTER_SECONDS: Final = 5


def problem_of(error: Exception, instance: str) -> Problem:
    """Describe an exception as a problem document.

    Parameters
    ----------
    error : Exception
        What was raised: a `GenreError`, a werkzeug `HTTPException`, or something unforeseen.
    instance : str
        Path (and request id) of this occurrence.

    Returns
    -------
    Problem
        Ready for JSON.
    """
    for kind_of_error in type(error).__mro__:
        if kind := KINDS.get(kind_of_error):
            return _problem(TYPE_PREFIX + kind.slug, kind.title, kind.status, str(error), instance)
    if isinstance(error, HTTPException) and error.code is not None and error.code >= HTTPStatus.BAD_REQUEST:
        detail = error.description or ""
        return _problem("about:blank", HTTPStatus(error.code).phrase, error.code, detail, instance)
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    detail = "Something went wrong here and was logged; try again, or name this instance to the operator."
    return _problem("about:blank", status.phrase, status, detail, instance)


def _problem(type_: str, title: str, status: int, detail: str, instance: str) -> Problem:
    return {"type": type_, "title": title, "status": int(status), "detail": detail, "instance": instance}
