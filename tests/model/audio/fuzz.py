"""Damaged files without end: does the decoder stand them all? ``python -m tests.model.audio.fuzz`` tries 100,000.

What is damaged are whole files of the kinds that libsndfile writes and, where FFmpeg and SoX are installed, the odd
files of `tests/model/audio/odd_files` as well.

They are decoded in a child process, one after the other, under a limit of memory. A file that kills the child, or
takes longer than the limit of time, is counted, and the next child goes on behind it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

import numpy as np

from model.audio.decode import Decoding
from model.audio.limits import Limits
from model.errors import AudioError
from tests.model.audio.odd_files import coded, damaged, not_audio, programs
from tests.sounds import chord, encoded

RESULT: Final = Path(__file__).parents[3] / "model" / "study" / "results" / "fuzz.json"
LIMITS: Final = Limits(max_bytes=2**24, max_seconds=600.0)
ODD_FILE_SECONDS: Final = 3.5
SECONDS_A_FILE: Final = 20.0
MEMORY_BYTES: Final = 2 * 2**30
FAULT: Final = "fault: "
FORMS: Final = (
    ("WAV", "PCM_16"), ("WAV", "FLOAT"), ("WAV", "MS_ADPCM"), ("WAV", "GSM610"), ("FLAC", None), ("OGG", "VORBIS"),
    ("OGG", "OPUS"), ("MP3", None), ("AIFF", None), ("AU", None), ("CAF", None), ("W64", None), ("VOC", None),
)  # fmt: skip


def sane(folder: Path | None = None) -> list[bytes]:
    """Whole files to damage: what libsndfile writes, and those of a folder."""
    written = [
        encoded(chord(3.5, rate_hz=24_000), rate_hz=24_000, format=form, subtype=subtype) for form, subtype in FORMS
    ]
    others = [path.read_bytes() for path in sorted(folder.iterdir())] if folder else []
    return written + [content for content in others if content]


def make_odd_files(folder: Path) -> Path | None:
    """Make the odd files in a folder; None where the programs for it are missing."""
    if programs.missing():
        return None
    coded.make(folder, seconds=ODD_FILE_SECONDS)
    damaged.make(folder)
    not_audio.make(folder)
    return folder


def mutated(content: bytes, random: np.random.Generator) -> bytes:
    """Damage a file: bytes changed, cut out, doubled, swapped, or taken from an edge of what a number may be."""
    damaged = bytearray(content)
    for _ in range(int(random.integers(1, 8))):
        is_head = random.random() < 0.6
        place = int(random.integers(0, min(512, len(damaged)) if is_head else len(damaged)))
        length = int(random.integers(1, 64))
        kind = random.integers(0, 6)
        if kind == 0:
            damaged[place] ^= 1 << int(random.integers(0, 8))
        elif kind == 1:
            damaged[place : place + length] = random.bytes(length)
        elif kind == 2:
            damaged[place : place + 4] = bytes([(0, 0xFF, 0x7F, 0x80)[int(random.integers(0, 4))]]) * 4
        elif kind == 3:
            del damaged[place : place + length]
        elif kind == 4:
            damaged[place:place] = damaged[place : place + length]
        else:
            del damaged[max(64, place + len(damaged) // 2) :]
        if not damaged:
            damaged = bytearray(content)
    return bytes(damaged)


def outcome(content: bytes) -> str:
    """Decode a file; tell whether it was heard, or the name of its error."""
    try:
        with Decoding(content, limits=LIMITS) as decoding:
            for block in decoding.blocks():
                if not np.isfinite(block).all():
                    return "not finite"
    except AudioError as error:
        return type(error).__name__
    return "heard"


def numbered(originals: list[bytes], seed: int, number: int) -> bytes:
    """Make damaged file number so and so, the same each time."""
    return mutated(originals[number % len(originals)], np.random.default_rng([seed, number]))


def run(n: int, seed: int, folder: Path | None = None) -> dict[str, Any]:
    """Decode damaged files in child processes, count what becomes of them, and number those that show a fault."""
    outcomes: Counter[str] = Counter()
    faults: dict[str, list[int]] = {}
    longest = 0.0
    peak_bytes = 0
    started = time.perf_counter()
    first = 0
    while first < n:
        for number, what, seconds, memory in _child(n, seed, folder, first):
            outcomes[what] += 1
            if what in ("crash", "hang", "not finite") or what.startswith(FAULT):
                faults.setdefault(what, []).append(number)
            longest, peak_bytes, first = max(longest, seconds), max(peak_bytes, memory), number + 1
    return {
        "command": "python -m tests.model.audio.fuzz",
        "files": n,
        "damaged_from": len(sane(folder)),
        "seed": seed,
        "outcomes": dict(sorted(outcomes.items())),
        "faults": faults,
        "longest_seconds": round(longest, 3),
        "peak_memory_mib": round(peak_bytes / 2**20, 1),
        "seconds": round(time.perf_counter() - started, 1),
    }


def _child(n: int, seed: int, folder: Path | None, first: int) -> Iterator[tuple[int, str, float, int]]:
    ours, theirs = multiprocessing.get_context("spawn").Pipe()
    child = multiprocessing.get_context("spawn").Process(target=_decode_all, args=(theirs, n, seed, folder, first))
    child.start()
    theirs.close()
    number = first
    try:
        while number < n:
            if not ours.poll(SECONDS_A_FILE + (60 if number == first else 0)):
                yield number, "hang", SECONDS_A_FILE, 0
                return
            try:
                what, seconds, memory = ours.recv()
            except EOFError:
                yield number, "crash", 0.0, 0
                return
            yield number, what, seconds, memory
            number += 1
    finally:
        child.kill()
        child.join()
        ours.close()


def _decode_all(to_parent: Connection, n: int, seed: int, folder: Path | None, first: int) -> None:
    limit_memory()
    originals = sane(folder)
    for number in range(first, n):
        content = numbered(originals, seed, number)
        started = time.perf_counter()
        what = outcome_or_fault(content)
        to_parent.send((what, time.perf_counter() - started, peak_memory_bytes()))


def limit_memory() -> None:
    """Let this program have no more than a decoder of the service gets."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def outcome_or_fault(content: bytes) -> str:
    """Decode a file; tell what became of it, and name what should not have."""
    try:
        return outcome(content)
    except Exception as error:  # noqa: BLE001 whatever is no AudioError is what is looked for
        return f"{FAULT}{error!r}"


def peak_memory_bytes() -> int:
    """Largest resident memory of this program.

    Linux counts into `ru_maxrss` what the process held before it became this program, so a copy of whoever started it.
    """
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    peak = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description="Decode damaged files, and count what becomes of them.")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULT)
    parser.add_argument("--write", type=int, metavar="NUMBER", help="write this damaged file to --out, and no more")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if args.write is not None:
            args.out.write_bytes(numbered(sane(make_odd_files(Path(folder))), args.seed, args.write))
            return
        result = run(args.files, args.seed, make_odd_files(Path(folder)))
    args.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(result, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
