"""``python -m dashboard.bench``: how soon the page answers, how long an hour of music takes, and how much memory.

It starts the program as a user does, in processes of its own, on a free port, with an empty data folder.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from dashboard.serving.server import listen
from dashboard.settings import PROJECT_FOLDER, Settings

_PATIENCE_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.005


def measure(n_starts: int) -> dict[str, Any]:
    """Start the program several times; in the last one, serve everything about every sample.

    Parameters
    ----------
    n_starts : int
        How often to start it.

    Returns
    -------
    dict
        ``start_seconds`` (from the command to the page's answer: median, worst), ``serve_seconds`` (all samples:
        audio, peaks, picture, scores), ``resident_mib`` (the page's process, and with its parent; None where the
        system does not say).
    """
    starts = []
    for _ in range(n_starts):
        with _running() as (process, address, seconds):
            starts.append(seconds)
            begun = time.perf_counter()
            n_bytes = _serve_all(address)
            serve_seconds = time.perf_counter() - begun
            resident = _resident_mib(process.pid)
    return {
        "start_seconds": {"median": round(statistics.median(starts), 3), "worst": round(max(starts), 3)},
        "serve_seconds": round(serve_seconds, 3),
        "served_mib": round(n_bytes / 2**20, 1),
        "resident_mib": resident,
    }


def measure_long(seconds: int) -> dict[str, Any]:
    """Upload a long MP3, and read its scores at the page's hop.

    Parameters
    ----------
    seconds : int
        How long the MP3 shall be; the samples over and over.

    Returns
    -------
    dict
        ``upload_seconds`` (until the service has decoded all of it), ``first_score_seconds``, ``whole_seconds`` (from
        asking for the scores), ``grown_mib`` (the page process's largest memory beyond that before).
    """
    with tempfile.TemporaryDirectory() as folder, _running() as (process, address, _):
        path = Path(folder) / "long.mp3"
        write_mp3(path, seconds)
        for track in json.loads(_get(address + "/api/tracks"))["tracks"]:
            _get(f"{address}/api/tracks/{track['id']}/scores")
        before = _peak_mib(process.pid)
        begun = time.perf_counter()
        cookie, track = _uploaded(address, path)
        upload_seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        request = urllib.request.Request(f"{address}/api/tracks/{track['id']}/scores", headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as response:
            json.loads(response.readline())
            first = json.loads(response.readline())
            first_seconds = time.perf_counter() - begun
            n_windows = 1 + sum(b'"type":"window"' in line for line in response)
        whole_seconds = time.perf_counter() - begun
        after = _peak_mib(process.pid)
    return {
        "track_seconds": seconds,
        "upload_seconds": round(upload_seconds, 2),
        "first_score_seconds": round(first_seconds, 3),
        "whole_seconds": round(whole_seconds, 2),
        "n_windows": n_windows if first["type"] == "window" else 0,
        "grown_mib": None if before is None or after is None else round(after - before, 1),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program.

    Parameters
    ----------
    arguments : sequence of str, optional
        Of the command line; the process's own by default.

    Returns
    -------
    int
        Exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m dashboard.bench", description=(__doc__ or "").partition("\n\n")[2])
    parser.add_argument("--starts", type=int, default=5, help="how often to start it (5)")
    parser.add_argument("--long", type=int, default=3600, help="length of the long track in seconds (3600); 0: none")
    parser.add_argument("--json", action="store_true", help="print JSON")
    parser.add_argument("--out", type=Path, help="JSON file to write as well")
    parsed = parser.parse_args(arguments)
    measured = measure(max(1, parsed.starts))
    if parsed.long:
        measured["long"] = measure_long(parsed.long)
    if parsed.out:
        parsed.out.write_text(json.dumps(measured, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(measured) if parsed.json else _table(measured))  # noqa: T201 -- a program's output
    return 0


def _table(measured: dict[str, Any]) -> str:
    start, resident = measured["start_seconds"], measured["resident_mib"]
    memory = (
        f"{resident['page']:.0f} MiB (with its parent {resident['all']:.0f} MiB)"
        if resident
        else "unknown on this system"
    )
    lines = (
        f"from the command to a page that answers   {start['median']:.2f} s (worst {start['worst']:.2f} s)\n"
        f"serving everything about every sample     {measured['serve_seconds']:.2f} s\n"
        f"resident memory of the page afterwards    {memory}"
    )
    if long := measured.get("long"):
        lines += (
            f"\n{long['track_seconds'] / 60:g} minutes of MP3: uploaded and read   {long['upload_seconds']:.1f} s"
            f"\n  first score, every score at half a second {long['first_score_seconds']:.2f} s, "
            f"{long['whole_seconds']:.1f} s"
            f"\n  memory of the page beyond that before     {long['grown_mib']} MiB"
        )
    return lines


@contextmanager
def _running() -> Iterator[tuple[subprocess.Popen[bytes], str, float]]:
    with tempfile.TemporaryDirectory() as folder:
        with listen(Settings(port=0)) as probe:
            port = probe.getsockname()[1]
        environment = {**os.environ, "GENRE_DATA_FOLDER": str(Path(folder) / "data")}
        command = [sys.executable, "-m", "dashboard", "--no-browser", "--host", "127.0.0.1", "--port", str(port)]
        begun = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=PROJECT_FOLDER, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(process, address + "/")
            yield process, address, time.perf_counter() - begun
        finally:
            process.terminate()
            process.wait(_PATIENCE_SECONDS)


def _wait_for(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.perf_counter() + _PATIENCE_SECONDS
    while True:
        try:
            _get(url)
        except urllib.error.URLError as error:
            if process.poll() is not None or time.perf_counter() > deadline:
                raise RuntimeError("The page does not start; run `python -m dashboard` to see why.") from error
            time.sleep(_POLL_SECONDS)
        else:
            return


def _serve_all(address: str) -> int:
    n_bytes = len(_get(address + "/"))
    for track in json.loads(_get(address + "/api/tracks"))["tracks"]:
        for what in ("audio", "peaks", "spectrogram", "scores?hop=0.5", "scores?hop=3", "scores.csv"):
            n_bytes += len(_get(f"{address}/api/tracks/{track['id']}/{what}"))
    return n_bytes


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=_PATIENCE_SECONDS) as response:
        content: bytes = response.read()
    return content


def write_mp3(path: Path, seconds: int) -> None:
    """Write an MP3 of the samples, each minute the same, so that only one need be encoded."""
    import av
    import numpy as np
    import soundfile

    sources = sorted((PROJECT_FOLDER / "samples").glob("*.ogg"))
    rate_hz = soundfile.info(sources[0]).samplerate
    minute = np.concatenate([soundfile.read(source, dtype="float32", always_2d=True)[0] for source in sources])
    minute = np.ascontiguousarray(minute[: 60 * rate_hz].T)
    with av.open(str(path), "w", format="mp3") as container:
        stream = container.add_stream("libmp3lame", rate=rate_hz, options={"reservoir": "0"})
        stream.bit_rate = 192_000
        stream.layout = "stereo"
        packets = []
        for start in range(0, minute.shape[1], rate_hz):
            block = np.ascontiguousarray(minute[:, start : start + rate_hz])
            frame = av.AudioFrame.from_ndarray(block, format="fltp", layout="stereo")
            frame.sample_rate = rate_hz
            frame.pts = start
            packets += stream.encode(frame)
        packets += stream.encode(None)
        contents = [bytes(packet) for packet in packets]
    with path.open("wb") as file:
        for _ in range(seconds // 60):
            file.writelines(contents)


def _uploaded(address: str, path: Path) -> tuple[str, dict[str, Any]]:
    """Upload a file; give the visitor's cookie and the track."""
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="long.mp3"\r\n\r\n'
    body = head + path.read_bytes() + b"\r\n--b--\r\n"
    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    request = urllib.request.Request(address + "/api/tracks", data=body, headers=headers)
    with urllib.request.urlopen(request, timeout=_PATIENCE_SECONDS) as response:
        return response.headers["Set-Cookie"].partition(";")[0], json.load(response)


def _peak_mib(parent: int) -> float | None:
    """Read the largest memory so far of the process that serves."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    if not children.exists():
        return None
    return max(_status_mib(pid, "VmHWM:") for pid in (parent, *map(int, children.read_text().split())))


def _resident_mib(parent: int) -> dict[str, float] | None:
    """Read the memory of the process that serves (gunicorn's worker, or the program itself) and of both."""
    children = Path(f"/proc/{parent}/task/{parent}/children")
    if not children.exists():
        return None
    resident = [_status_mib(pid) for pid in (parent, *map(int, children.read_text().split()))]
    return {"page": round(max(resident), 1), "all": round(sum(resident), 1)}


def _status_mib(pid: int, what: str = "VmRSS:") -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition(what)[2].split()[0]) / 1024


if __name__ == "__main__":
    sys.exit(main())
