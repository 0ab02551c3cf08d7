"""What can go wrong in the service, beside what can go wrong with sound.

Each class is one kind of fault; `dashboard/api/problems.py` maps each to a status.
"""

from __future__ import annotations

from model.errors import GenreError


class StartError(GenreError):
    """The service cannot start as configured."""


class SettingsError(StartError):
    """A setting is unknown or out of range."""


class CatalogueError(StartError):
    """The samples or their catalogue are missing or damaged."""


class ModelsError(StartError):
    """The folder of the models is missing."""


class PortError(StartError):
    """The address cannot be listened on."""


class UnknownTrackError(GenreError):
    """There is no such track, or it is another visitor's."""


class UnknownModelError(GenreError):
    """There is no model of this name."""


class UploadLimitError(GenreError):
    """The visitor keeps as many uploads as one may."""


class StorageFullError(GenreError):
    """The service keeps as many uploads as it may."""


class BusyError(GenreError):
    """Too much is under way at this moment."""


class StoppingError(BusyError):
    """The service is being stopped, and begins nothing more."""

    def __init__(self) -> None:
        super().__init__("The service is being stopped; try again in a few seconds.")


class OverloadedError(BusyError):
    """More requests are under way than the service answers at a time."""


class SharedAwayError(BusyError):
    """What several hosts share does not answer at this moment."""


class TooManyRequestsError(GenreError):
    """One visitor or address asks too often."""


class ModelUnusableError(GenreError):
    """The weights of a model are missing or damaged."""


class DecoderError(GenreError):
    """The file hangs or kills its decoder, or takes too much memory."""


class ScoringError(GenreError):
    """Scoring broke off for a reason that is for the log."""


class UnsupportedBodyError(GenreError):
    """The body of a request is of a type that holds no audio."""


class MissingFileError(GenreError):
    """A form lacks its file."""


class SlowClientError(GenreError):
    """The client stopped sending in the middle of a request."""


class UpgradeError(GenreError):
    """The address is a WebSocket and was asked for without one."""


class NoSocketError(GenreError):
    """The server that runs has no WebSockets."""


class CrossSiteError(GenreError):
    """Another site tries to change something here."""
