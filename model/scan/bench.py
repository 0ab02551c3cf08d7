"""``python -m model.scan.bench``: what a scan costs, beside a plain loop, and what its client holds.

It makes a library of 30 s tracks once, in ``.cache/``: pieces of MP3, put together in another order for every track. A
machine that does other things at the same time spoils seconds, so the processor's seconds stand beside them.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import av
import numpy as np
from numpy.typing import NDArray

from model.analyzer import Analyzer
from model.audio.decode import Decoding
from model.classifier import Classifier
from model.result import classify_file
from model.scorer import Scorer
from model.windows import BATCH_HOP_SECONDS

RESULT: Final = Path(__file__).parent / "bench.json"
_CACHE: Final = Path(__file__).parents[2] / ".cache" / "scan_bench"
_RATE_HZ: Final = 44_100
_PIECES: Final = 40
_PIECES_A_TRACK: Final = 10
_PIECE_SECONDS: Final = 3
_NAMES: Final = 100_000


def make_library(folder: Path, n_tracks: int) -> Path:
    """Make tracks that differ in content, each 30 s of 44.1 kHz stereo as 128 kbit/s MP3; those that are there stay."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [path for number in range(n_tracks) if not (path := folder / f"{number:05d}.mp3").exists()]
    if missing:
        rng = np.random.default_rng(0)
        pieces = [_encoded(_music(rng)) for _ in range(_PIECES)]
        for path in missing:
            order = np.random.default_rng(int(path.stem)).integers(_PIECES, size=_PIECES_A_TRACK)
            path.write_bytes(b"".join(pieces[place] for place in order))
    return folder


def _music(rng: np.random.Generator) -> NDArray[np.int16]:
    """Make a chord with beats of noise, shape (2, n_samples)."""
    seconds = np.arange(_PIECE_SECONDS * _RATE_HZ) / _RATE_HZ
    root_hz = 55 * 2 ** (rng.integers(24) / 12)
    tones = sum(np.sin(2 * np.pi * root_hz * ratio * seconds) for ratio in rng.choice([1, 1.25, 1.5, 2, 3, 4.5], 4))
    beats = rng.standard_normal(len(seconds)) * (np.sin(2 * np.pi * rng.integers(1, 5) * seconds) > 0.8)
    left = 0.1 * tones + 0.1 * beats
    stereo = np.stack([left, np.roll(left, 300)])
    return np.asarray(32767 * np.clip(stereo, -1, 1), np.int16)


def _encoded(samples: NDArray[np.int16]) -> bytes:
    """Encode a piece to MP3 frames that can follow any others."""
    with tempfile.NamedTemporaryFile(suffix=".mp3") as file:
        with av.open(file.name, "w", options={"write_xing": "0", "id3v2_version": "0"}) as target:
            stream: Any = target.add_stream("libmp3lame", rate=_RATE_HZ, options={"reservoir": "0"})
            stream.bit_rate = 128_000
            frame = av.AudioFrame.from_ndarray(samples, format="s16p", layout="stereo")
            frame.sample_rate = _RATE_HZ
            target.mux(stream.encode(frame))
            target.mux(stream.encode(None))
        return Path(file.name).read_bytes()


def measure(n_tracks: int, n_compared: int) -> dict[str, Any]:
    """Measure everything.

    Parameters
    ----------
    n_tracks : int
        Of the library.
    n_compared : int
        Of these, for a plain loop and a scan with one worker.

    Returns
    -------
    dict
        The figures.
    """
    library = make_library(_CACHE, n_tracks)
    with tempfile.TemporaryDirectory() as work:
        some = _listed(Path(work) / "some.txt", [library / f"{number:05d}.mp3" for number in range(n_compared)])
        every = _listed(Path(work) / "all.txt", [library / f"{number:05d}.mp3" for number in range(n_tracks)])
        names = Path(work) / "names.txt"
        names.write_text("".join(f"/nowhere/an artist/an album/{number:06d} a title.mp3\n" for number in range(_NAMES)))
        loop = _timed(lambda: _plain_loop(some))
        started = _timed(lambda: _scan(_listed(Path(work) / "one.txt", [library / "00000.mp3"]), Path(work) / "0", 1))
        one = _timed(lambda: _scan(some, Path(work) / "one", 1))
        two = _timed(lambda: _scan(every, Path(work) / "two", 2))
        again = _timed(lambda: _scan(every, Path(work) / "two", 2))
        peak_mib = _scan(names, Path(work) / "names", 2)
    rates = {"one": n_compared / one["seconds"], "two": n_tracks / two["seconds"]}
    return {
        "n_tracks": n_tracks,
        "n_tracks_compared": n_compared,
        "plain_loop": loop | {"tracks_per_second": round(n_compared / loop["seconds"], 2)},
        "start_and_end_of_a_scan": started,
        "scan_one_worker": one | {"tracks_per_second": round(rates["one"], 2)},
        "scan_two_workers": two | {"tracks_per_second": round(rates["two"], 2)},
        "two_workers_to_one": round(rates["two"] / rates["one"], 2),
        "overhead_over_the_plain_loop": {
            kind: round((one[kind] - started[kind]) / loop[kind] - 1, 3) for kind in ("seconds", "processor_seconds")
        },
        "all_done_before": again,
        "names_listed": _NAMES,
        "client_peak_mib": round(peak_mib, 1),
    }


def _listed(path: Path, files: list[Path]) -> Path:
    path.write_text("".join(f"{file}\n" for file in files), encoding="utf-8")
    return path


def _timed(what: Callable[[], Any]) -> dict[str, float]:
    """Time something, in seconds and in the processor's, those of child processes included."""
    begun, spent = time.perf_counter(), _processor_seconds()
    what()
    return {
        "seconds": round(time.perf_counter() - begun, 2),
        "processor_seconds": round(_processor_seconds() - spent, 2),
    }


def _processor_seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def _plain_loop(listed: Path) -> None:
    """Classify the files one after the other, with one thread that scores, as a worker does."""
    scorer = Scorer(Classifier(), n_workers=1)
    analyzer = Analyzer(scorer, hop_seconds=BATCH_HOP_SECONDS)
    for path in listed.read_text(encoding="utf-8").splitlines():
        with Decoding(path) as decoding:
            classify_file(analyzer, decoding)
    scorer.close()


def _scan(where: Path, table: Path, n_workers: int) -> float:
    """Scan as a user does, in a process of its own; give the most memory that its client held, in MiB."""
    command = [sys.executable, "-m", "model", "scan", str(where), "-o", str(table), "--workers", str(n_workers)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak_kib = 0
    for _ in itertools.count():
        peak_kib = max(peak_kib, _peak_kib(process.pid))
        try:
            process.wait(timeout=0.2)
            break
        except subprocess.TimeoutExpired:
            continue
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}.")
    return peak_kib / 1024


def _peak_kib(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def main() -> int:
    """Measure, print and store."""
    parser = argparse.ArgumentParser(prog="python -m model.scan.bench", description="Measure a scan.")
    parser.add_argument("--tracks", type=int, default=2000, help="tracks of the library (default: 2000)")
    parser.add_argument("--compared", type=int, default=300, help="of these for the plain loop (default: 300)")
    parser.add_argument("--out", type=Path, default=RESULT, metavar="FILE", help=f"result (default: {RESULT.name})")
    args = parser.parse_args()
    load = os.getloadavg()
    result = {
        "command": f"python -m model.scan.bench --tracks {args.tracks} --compared {args.compared}",
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()},
        "load_average_before": round(load[0], 1),
        **measure(args.tracks, args.compared),
        "load_average_after": round(os.getloadavg()[0], 1),
    }
    text = json.dumps(result, indent=2)
    args.out.write_text(text + "\n", encoding="utf-8")
    print(text)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
