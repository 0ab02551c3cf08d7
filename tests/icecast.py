"""A real Icecast on this machine, with a real FFmpeg as the source of its station.

``python -m tests.icecast --install`` installs it where the system's package manager may be used without a password;
tests that want it are skipped where it is missing.
"""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from tests import packages

NAMES = ("icecast2", "icecast")
CONFIGURATION = """<icecast>
  <limits><clients>20</clients><sources>2</sources><burst-size>65535</burst-size></limits>
  <authentication><source-password>hackme</source-password><admin-password>hackme</admin-password></authentication>
  <hostname>localhost</hostname>
  <listen-socket><port>{port}</port><bind-address>127.0.0.1</bind-address></listen-socket>
  <paths><logdir>{folder}</logdir><webroot>{folder}</webroot><adminroot>{folder}</adminroot></paths>
  <logging><accesslog>access.log</accesslog><errorlog>error.log</errorlog></logging>
  <security><chroot>0</chroot>{owner}</security>
</icecast>
"""
OWNER = "<changeowner><user>nobody</user><group>nogroup</group></changeowner>"


def find() -> str | None:
    """Path of Icecast, if FFmpeg is there too."""
    return next(filter(None, map(shutil.which, NAMES)), None) if shutil.which("ffmpeg") else None


@contextmanager
def icecast(port: int = 0) -> Iterator[int]:
    """Run Icecast on a free port or a given one; give its port."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _running(Path(folder), port)


def _running(folder: Path, port: int) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", port)) as probe:
        port = probe.getsockname()[1]
    is_root = os.geteuid() == 0
    folder.chmod(0o777)  # started by root, it becomes nobody
    configuration = folder / "icecast.xml"
    configuration.write_text(CONFIGURATION.format(port=port, folder=folder, owner=OWNER if is_root else ""))
    program = find()
    assert program
    with subprocess.Popen(
        [program, "-c", str(configuration)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            _wait_for(port)
            yield port
        finally:
            server.terminate()


@contextmanager
def source(port: int, path: Path, name: str, *options: str) -> Iterator[None]:
    """Let FFmpeg send a file over and over, as fast as it plays, to the station of this name."""
    command = ["ffmpeg", "-loglevel", "error", "-re", "-stream_loop", "-1", "-i", str(path), *options]
    with subprocess.Popen(
        [*command, f"icecast://source:hackme@127.0.0.1:{port}/{name}"], stdin=subprocess.DEVNULL
    ) as sender:
        try:
            _wait_until_on_air(port, name)
            yield
        finally:
            sender.terminate()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _wait_until_on_air(port: int, name: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        with (
            suppress(OSError, http.client.HTTPException),
            closing(http.client.HTTPConnection("127.0.0.1", port)) as asking,
        ):
            asking.request("GET", f"/{name}")
            if asking.getresponse().status == 200:
                return
        if time.monotonic() > deadline:
            raise TimeoutError(f"The station /{name} is not on air after 20 s.")
        time.sleep(0.1)


if __name__ == "__main__":
    if not find() and "--install" in sys.argv:
        packages.install("icecast2", "ffmpeg")
    print(find() or "none found")  # noqa: T201
