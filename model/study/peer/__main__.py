"""``python -m model.study.peer``: time pyAudioAnalysis beside this program, on the same files and machine."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from model.analyzer import Analyzer
from model.audio.decode import decode_blocks
from model.classifier import Classifier
from model.cli.quiet import quiet_native_start
from model.result import classify_blocks
from model.scorer import Scorer
from model.study.bench_files import write_music
from model.windows import BATCH_HOP_SECONDS

ROOT: Final = Path(__file__).parents[3]
PYTHON: Final = ROOT / "build" / "peer" / "bin" / "python"
RESULT: Final = Path(__file__).parents[1] / "results" / "bench_peer.json"
DURATIONS_SECONDS: Final = (30, 180)


def peer_seconds(file: Path, runs: int) -> float:
    """Time what the other program does before it classifies; the median of some runs, its start not counted."""
    command = [str(PYTHON), str(Path(__file__).with_name("describe.py")), str(file), str(runs)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return statistics.median(float(line) for line in done.stdout.splitlines())


def own_seconds(file: Path, runs: int) -> float:
    """Time a whole classification of a file, its network loaded; the median of some runs."""
    with quiet_native_start():
        analyzer = Analyzer(Scorer(Classifier()), hop_seconds=BATCH_HOP_SECONDS)
    seconds = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        classify_blocks(analyzer, decode_blocks(file), name=file.name)
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds[1:])


def main() -> int:
    """Measure, print and store the figures."""
    parser = argparse.ArgumentParser(prog="python -m model.study.peer", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="timed runs of each figure (default: 3)")
    parser.add_argument("--out", type=Path, default=RESULT, metavar="FILE", help=f"result (default: {RESULT.name})")
    args = parser.parse_args()
    if not PYTHON.exists():
        print("pyAudioAnalysis is missing; `make bench` installs it in build/peer.", file=sys.stderr)
        return 2
    rows = {}
    with tempfile.TemporaryDirectory() as folder:
        for seconds in DURATIONS_SECONDS:
            file = write_music(Path(folder) / f"{seconds}.wav", seconds)
            peer, own = peer_seconds(file, args.runs), own_seconds(file, args.runs)
            rows[str(seconds)] = {
                "classify_seconds": round(own, 4),
                "pyaudioanalysis_features_seconds": round(peer, 3),
                "times_faster": round(peer / own, 1),
            }
            print(f"{seconds} s of music: {own:.3f} s; pyAudioAnalysis' features alone {peer:.2f} s")
    args.out.write_text(json.dumps({"command": "python -m model.study.peer", "music": rows}, indent=2) + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
