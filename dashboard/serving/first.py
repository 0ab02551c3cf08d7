"""A server that has just started makes what its first visitor will ask for, while the browser opens."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from flask import Flask

_log = logging.getLogger(__name__)


def prepare(server: Flask, addresses: Sequence[str], host: str) -> threading.Thread:
    """Ask for some addresses, without waiting for the answers.

    Parameters
    ----------
    server : Flask
        The app; what it makes for these answers, it keeps.
    addresses : sequence of str
        Relative to the page.
    host : str
        A name that it may be called by.

    Returns
    -------
    threading.Thread
        Asks, and ends.
    """
    services = server.extensions["genre_services"]

    def ask() -> None:
        client = server.test_client()
        for address in addresses:
            if services.is_closing.is_set():
                return
            answer = client.get(f"/{address}", base_url=f"http://{host}", headers={"Accept-Encoding": "gzip"})
            answer.get_data()
            if answer.status_code != 200 and not services.is_closing.is_set():
                _log.warning("What a first visit shows could not be made: %s gave %s.", address, answer.status)
            answer.close()

    thread = threading.Thread(target=ask, name="first-visit", daemon=True)
    services.askers.append(thread)
    thread.start()
    return thread
