"""``python -m dashboard``: serve the page, and open it in the browser."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any

from dashboard.errors import SettingsError, StartError
from dashboard.serving import server
from dashboard.serving.first import prepare
from dashboard.settings import Settings
from dashboard.watching.log import log_to_stderr
from dashboard.watching.workers import share_metrics
from model.errors import GenreError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Parameters
    ----------
    arguments : sequence of str, optional
        Of the command line; the process's own by default.

    Returns
    -------
    int
        Exit status: 0 after Ctrl-C or SIGTERM, 2 if the service cannot start.
    """
    try:
        parsed = _parser().parse_args(arguments)
        settings = Settings.from_environment(host=parsed.host, port=parsed.port)
        log_to_stderr(settings.log_level, settings.log_format)
        _check_start(settings)
        listener = server.listen(settings)
    except GenreError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    address = server.address_of(listener)
    if settings.workers > 1:
        share_metrics(settings.data_folder / "metrics")

    served: list[Any] = []

    def load() -> Any:
        from dashboard.app import create_app
        from model.cli.quiet import quiet_native_start

        with quiet_native_start():
            served.append(create_app(settings))
            return served[0].server

    def when_ready() -> None:
        from dashboard.page.first import first_addresses, first_files

        print(f"Live Genre Dashboard is at {address}  (Ctrl-C stops it)", flush=True)
        if not parsed.no_browser:
            server.open_browser(address)
        services = served[0].server.extensions["genre_services"]
        addresses = [*first_addresses(services), *first_files(served[0].document)]
        prepare(served[0].server, addresses, (settings.trusted_hosts or ["localhost"])[0])

    try:
        server.serve(settings, listener, load, when_ready=when_ready)
    except KeyboardInterrupt:
        pass
    except SystemExit as stopped:
        return int(stopped.code or 0)
    finally:
        for app in served:  # in the process that has served: what is still being made is stopped, and does not fail
            app.server.extensions["genre_services"].close()
    return 0


def _check_start(settings: Settings) -> None:
    """Find out what would prevent the start, before any server does."""
    from dashboard.library.library import Library
    from dashboard.listening.models import Models
    from dashboard.sharing.shared import open_shared
    from model.checkpoint import read_weights

    card = Models(settings.checkpoint, settings.models_folder).default.card
    read_weights(settings.checkpoint, card, "litert")
    Library(settings, card.params.audio)
    open_shared(settings).close()
    if settings.workers > 1 and server.available_kind() == "waitress":
        raise StartError(f"GENRE_WORKERS is {settings.workers}, but waitress serves with one process; use 1.")


def _parser() -> argparse.ArgumentParser:
    try:
        described = Settings.from_environment().describe()
    except SettingsError:
        described = Settings().describe()  # the error itself is reported when they are read
    parser = argparse.ArgumentParser(
        prog="python -m dashboard",
        description="Serve the page on which a neural network hears the genre of the music that plays.",
        epilog=f"settings (environment variables, with their present values):\n{described}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--host", help="address to listen on, instead of GENRE_HOST")
    parser.add_argument("--port", type=int, help="port to listen on, instead of GENRE_PORT; 0 for any free one")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page")
    return parser


if __name__ == "__main__":
    sys.exit(main())
