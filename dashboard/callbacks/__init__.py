"""Dash callbacks, registered on the app. The live work is not theirs: the ES modules in ``assets/`` do it.

A callback costs a request or a pass through the page's renderer; what follows the sound may cost neither. So there is
nothing to register yet. What comes to need Python when someone clicks gets its own module here with a
``register(app, services)``, called from this one.
"""

from __future__ import annotations

from dash import Dash

from dashboard.services import Services


def register(app: Dash, services: Services) -> None:
    """Register the callbacks on an app (never on the module: two apps may live in one process).

    Parameters
    ----------
    app : Dash
        The app.
    services : Services
        What its callbacks may ask.
    """
