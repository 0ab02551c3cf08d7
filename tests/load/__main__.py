"""``python -m tests.load``: a hall of visitors on this machine, for 1 and 2 workers; ``--soak`` looks for leaks.

It starts the service on a free port of the loopback address, and asks nothing else. The visitors are made by locust,
on the same cores, so the figures are those of a service that shares its machine with 300 visitors' browsers.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.browser.serving import served
from tests.load.processes import descriptors, family, resident_mib

FOLDER: Final = Path(__file__).parent
LOCUST: Final = FOLDER.parents[1] / "build" / "load" / "bin" / "locust"
SCORES_P95_MS: Final = 200
PICTURES_P95_MS: Final = 150
SETTINGS: Final = {"GENRE_MAX_CONCURRENT_UPLOADS": "10"}


class Others(NamedTuple):
    """Who is there besides those who play."""

    uploaders: int
    listeners: int


@contextmanager
def service(n_workers: int) -> Iterator[tuple[str, int]]:
    """Serve with so many workers; give the address and the process."""
    with tempfile.TemporaryDirectory() as folder:
        before = set(family(os.getpid()))
        with served(Path(folder), GENRE_WORKERS=str(n_workers), **SETTINGS) as address:
            (process,) = (pid for pid in family(os.getpid()) if pid not in before and is_own(pid))
            yield address, process


def is_own(pid: int) -> bool:
    """Whether this program started the process itself: the service, and none of its workers."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()


def visit(address: str, n_visitors: int, others: Others, seconds: int) -> dict[str, Any]:
    """Let so many visitors in, with those who upload and who listen live; give the figures by kind of request."""
    with tempfile.TemporaryDirectory() as folder:
        result = Path(folder) / "result"
        command = [
            str(LOCUST), "--headless", "--only-summary", "--locustfile", str(FOLDER / "locustfile.py"),
            "--host", address.rstrip("/"), "--users", str(n_visitors + sum(others)),
            "--spawn-rate", str(max(10, n_visitors // 5)), "--run-time", f"{seconds}s", "--stop-timeout", "5",
            "--json-file", str(result), "--loglevel", "ERROR",
        ]  # fmt: skip
        environment = {**os.environ, **{f"LOAD_{name.upper()}": str(n) for name, n in others._asdict().items()}}
        subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        rows = json.loads(result.with_suffix(".json").read_text())
    return {row["name"]: figures(row) for row in rows}


def figures(row: dict[str, Any]) -> dict[str, Any]:
    """The figures of one kind of request, from locust's histogram of milliseconds."""
    times = sorted((float(ms), n) for ms, n in row["response_times"].items())
    total = sum(n for _, n in times)

    def quantile(share: float) -> float | None:
        passed = 0
        for ms, n in times:
            passed += n
            if passed >= share * total:
                return round(ms, 1)
        return None

    return {
        "requests": row["num_requests"],
        "failures": row["num_failures"],
        "p50_ms": quantile(0.5),
        "p95_ms": quantile(0.95),
        "p99_ms": quantile(0.99),
    }


def step(n_workers: int, n_visitors: int, others: Others, seconds: int) -> dict[str, Any]:
    """One number of visitors on a fresh service."""
    load_before = os.getloadavg()[0]
    with service(n_workers) as (address, process):
        visit(address, 10, others, 10)  # what is made once is made now
        found = visit(address, n_visitors, others, seconds)
        pids = family(process)
        memory, n_open = resident_mib(pids), descriptors(pids)
    scores, picture = (found.get(name, {}).get("p95_ms") or math.inf for name in ("scores", "picture"))
    n_failures = sum(each["failures"] for each in found.values())
    return {
        "workers": n_workers,
        "visitors": n_visitors,
        "is_held": bool(scores <= SCORES_P95_MS and picture <= PICTURES_P95_MS and not n_failures),
        "failures": n_failures,
        "requests_per_second": round(sum(each["requests"] for each in found.values()) / seconds, 1),
        "resident_mib": memory,
        "descriptors": n_open,
        "machine_load_before": round(load_before, 1),
        "by_request": found,
    }


def soak(minutes: float, n_visitors: int, others: Others, n_workers: int) -> dict[str, Any]:
    """Visitors for a long time; the curve of memory and descriptors."""
    curve: list[dict[str, float]] = []
    ended = threading.Event()
    load_before = os.getloadavg()[0]
    with service(n_workers) as (address, process):
        begun = time.monotonic()

        def watch() -> None:
            while not ended.wait(15):
                pids = family(process)
                at = round(time.monotonic() - begun)
                curve.append({"seconds": at, "resident_mib": resident_mib(pids), "descriptors": descriptors(pids)})

        watcher = threading.Thread(target=watch)
        watcher.start()
        found = visit(address, n_visitors, others, int(minutes * 60))
        ended.set()
        watcher.join()
    settled = curve[len(curve) // 4 : -1]  # all samples have been opened by then
    half = len(settled) // 2
    return {
        "minutes": minutes,
        "workers": n_workers,
        "visitors": n_visitors,
        **others._asdict(),
        "failures": sum(each["failures"] for each in found.values()),
        "machine_load_before": round(load_before, 1),
        "grown_mib": round(mean(settled[half:], "resident_mib") - mean(settled[:half], "resident_mib"), 1),
        "grown_descriptors": round(mean(settled[half:], "descriptors") - mean(settled[:half], "descriptors"), 1),
        "curve": curve,
        "by_request": found,
    }


def mean(rows: list[dict[str, float]], name: str) -> float:
    return sum(row[name] for row in rows) / max(1, len(rows))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.load", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("--visitors", type=int, nargs="+", default=[25, 50, 100, 200, 300], help="the steps")
    parser.add_argument("--uploaders", type=int, default=10, help="who upload one file after another")
    parser.add_argument("--listeners", type=int, default=20, help="who listen live")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--seconds", type=int, default=45, help="of each step")
    parser.add_argument("--soak", type=float, metavar="MINUTES", help="one long visit instead of steps")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    if not LOCUST.exists():
        print("locust is missing; `make load` installs it.", file=sys.stderr)
        return 2
    command = " ".join(["python -m tests.load", *sys.argv[1:]])
    others = Others(args.uploaders, args.listeners)
    if args.soak:
        result = {"command": command, **soak(args.soak, args.visitors[0], others, args.workers[-1])}
        out = args.out or FOLDER / "soak.json"
    else:
        steps = []
        for n_workers in args.workers:
            for n_visitors in args.visitors:
                steps.append(step(n_workers, n_visitors, others, args.seconds))
                print({name: value for name, value in steps[-1].items() if name != "by_request"}, flush=True)
        knees = {
            str(n): max((each["visitors"] for each in steps if each["workers"] == n and each["is_held"]), default=None)
            for n in args.workers
        }
        result = {"command": command, "cores": os.cpu_count(), "knee_visitors": knees, "steps": steps}
        out = args.out or FOLDER / "load.json"
    out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(f"written: {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
