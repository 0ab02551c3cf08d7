"""The parameters that several routes read alike: which model, and how far apart its windows lie."""

from __future__ import annotations

from dashboard.api.openapi import Choice, Query
from dashboard.services import Services


def model_choice(services: Services) -> Choice:
    """Give the parameter that names a model.

    Parameters
    ----------
    services : Services
        Knows the models.

    Returns
    -------
    Choice
        All their names, the default first.
    """
    names = tuple(model.name for model in services.models.served)
    return Choice("model", "Which model, by its name in /api/models.", names)


def hop(services: Services, default: float) -> Query:
    """Give the parameter for the distance between windows.

    Parameters
    ----------
    services : Services
        Knows the models.
    default : float
        Value when absent, in seconds; a model with a shorter window takes that.

    Returns
    -------
    Query
        Up to the longest window of any model; the model at hand refuses what is longer than its own.
    """
    windows = [model.card.params.audio.window_seconds for model in services.models.served]
    return Query("hop", "Distance between windows, in seconds.", min(default, *windows), 0.1, max(windows))
