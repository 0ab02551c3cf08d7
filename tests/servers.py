"""The servers of others that tests run the service with: Redis and nginx.

``python -m tests.servers --install`` installs them where the system's package manager may be used without a password;
the tests are skipped where they are missing.
"""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import packages

PROGRAMS = ("redis-server", "nginx")


def missing() -> list[str]:
    """Those that are not on PATH."""
    return [name for name in PROGRAMS if not shutil.which(name)]


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redis_server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run Redis on the loopback address; what it was told survives it, in the folder."""
    command = [
        "redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", "",
        "--appendonly", "yes", "--appendfsync", "always",
    ]  # fmt: skip
    with _running(command, port) as process:
        yield process


@contextmanager
def nginx(folder: Path, config: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run nginx with a configuration."""
    path = folder / "nginx.conf"
    path.write_text(config, encoding="utf-8")
    with _running(["nginx", "-p", str(folder), "-c", str(path), "-g", "daemon off;"], port) as process:
        yield process


@contextmanager
def _running(command: list[str], port: int) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(process, port)
        yield process
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{process.args} does not start") from error
            time.sleep(0.02)
        else:
            return


if __name__ == "__main__":
    if missing() and "--install" in sys.argv:
        packages.install("redis-server", "nginx-light")
    print(f"missing: {', '.join(missing())}" if missing() else "all there")  # noqa: T201
