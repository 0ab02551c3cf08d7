"""``python -m model bench``: time the classifier and, beside it, the plain way.

The plain way is what tutorials do: librosa loads the file and computes each window's mel spectrogram, Keras'
`Model.predict` scores it. Both ways run in this process, on the same 44.1 kHz stereo files, after a warm-up; the whole
process of ``classify`` is timed from outside. Medians are reported.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

DURATIONS_SECONDS: Final = (30, 180)
RESULT: Final = Path(__file__).parents[1] / "results" / "bench.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each figure (default: 5)")
    parser.add_argument("--without-plain", action="store_true", help="skip the plain way, which needs TensorFlow")
    parser.add_argument("--out", type=Path, default=RESULT, metavar="FILE", help=f"result (default: {RESULT.name})")


def run(args: argparse.Namespace) -> int:
    """Measure, print and store the figures."""
    with tempfile.TemporaryDirectory() as folder:
        files = {seconds: _write_music(Path(folder) / f"{seconds}.wav", seconds) for seconds in DURATIONS_SECONDS}
        cold = statistics.median(_cold_seconds(files[30]) for _ in range(args.runs))
        ours = _measure(_our_way(), files, args.runs)
        explained = _explanation_seconds(100 * args.runs)
        plain = {} if args.without_plain else _measure(_plain_way(), files, max(1, args.runs // 2))
    result = {
        "command": "python -m model bench",
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()},
        "runs": args.runs,
        "classify_30_s_whole_process_seconds": round(cold, 3),
        "warm_seconds": {str(s): round(t, 4) for s, t in ours.items()},
        "explanation_of_a_window_beyond_its_score_seconds": round(explained, 5),
        "plain_way_seconds": {str(s): round(t, 4) for s, t in plain.items()},
        "times_faster_than_the_plain_way": {str(s): round(plain[s] / ours[s], 1) for s in plain},
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    _print(result)
    return 0


def _write_music(path: Path, seconds: int) -> Path:
    """Write something music-like: beating chords and noise bursts, 44.1 kHz, 16-bit stereo."""
    import numpy as np
    import soundfile

    rate_hz = 44_100
    time_axis = np.arange(seconds * rate_hz) / rate_hz
    rng = np.random.default_rng(0)
    tones = sum(np.sin(2 * np.pi * f * time_axis) for f in (110, 220.5, 331, 662))
    bursts = rng.standard_normal(len(time_axis)) * (np.sin(2 * np.pi * 2 * time_axis) > 0.9)
    left = 0.1 * (tones + bursts)
    soundfile.write(path, np.stack([left, np.roll(left, 441)], axis=1), rate_hz, subtype="PCM_16")
    return path


def _cold_seconds(file: Path) -> float:
    started = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "model", "classify", "--json", str(file)], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - started


def _measure(classify: Callable[[Path], Any], files: dict[int, Path], runs: int) -> dict[int, float]:
    medians = {}
    for seconds, file in files.items():
        classify(file)  # warm up
        times = []
        for _ in range(runs):
            started = time.perf_counter()
            classify(file)
            times.append(time.perf_counter() - started)
        medians[seconds] = statistics.median(times)
    return medians


def _our_way() -> Callable[[Path], Any]:
    from model.analyzer import Analyzer
    from model.audio.decode import decode_blocks
    from model.classifier import Classifier
    from model.cli.quiet import quiet_native_start
    from model.result import classify_blocks
    from model.scorer import Scorer
    from model.windows import BATCH_HOP_SECONDS

    with quiet_native_start():
        analyzer = Analyzer(Scorer(Classifier()), hop_seconds=BATCH_HOP_SECONDS)
    return lambda file: classify_blocks(analyzer, decode_blocks(file), name=file.name)


def _explanation_seconds(runs: int) -> float:
    """Time an explanation of a genre, and take off what the score of the same window takes."""
    import numpy as np

    from model.classifier import Classifier
    from model.cli.quiet import quiet_native_start
    from model.explain import Explainer

    with quiet_native_start():
        classifier, explainer = Classifier(), Explainer()
    logmel = np.random.default_rng(0).uniform(-80, 0, classifier.card.params.input_shape).astype(np.float32)
    genre = classifier.card.genres[0]
    beyond = []
    for _ in range(runs):
        started = time.perf_counter()
        classifier.posteriors(logmel[np.newaxis])
        scored = time.perf_counter()
        explainer.explain(logmel, genre)
        beyond.append(time.perf_counter() - scored - (scored - started))
    return statistics.median(beyond)


def _plain_way() -> Callable[[Path], Any]:
    from model.study.quiet import load_tensorflow

    load_tensorflow()
    import librosa
    import numpy as np

    from model.checkpoint import DEFAULT_CHECKPOINT, read_card
    from model.study.network import load_network

    card = read_card(DEFAULT_CHECKPOINT)
    params = card.params
    network = load_network(DEFAULT_CHECKPOINT / card.files["keras"].name)

    def classify(file: Path) -> Any:
        samples, rate_hz = librosa.load(file, sr=params.audio.sample_rate_hz)
        n_samples = params.audio.window_samples
        posteriors = []
        for start in range(0, len(samples) - n_samples + 1, n_samples):
            power = librosa.feature.melspectrogram(
                y=samples[start : start + n_samples],
                sr=rate_hz,
                n_fft=params.features.n_fft,
                hop_length=params.features.hop_length,
                n_mels=params.features.n_mels,
                center=False,
            )
            log_mel = librosa.power_to_db(power, ref=np.max).T[np.newaxis]
            posteriors.append(network.predict(log_mel, verbose=0)[0])
        return np.mean(posteriors, axis=0)

    return classify


def _print(result: dict[str, Any]) -> None:
    print(f"classify of a 30 s WAV, whole process: {result['classify_30_s_whole_process_seconds']:.2f} s")
    for seconds, warm in result["warm_seconds"].items():
        line = f"{seconds} s of music, warm, hop 3 s: {warm:.3f} s"
        if seconds in result["plain_way_seconds"]:
            plain = result["plain_way_seconds"][seconds]
            times = result["times_faster_than_the_plain_way"][seconds]
            line += f"; the plain way {plain:.2f} s, {times:.0f} times slower"
        print(line)
    beyond = 1000 * result["explanation_of_a_window_beyond_its_score_seconds"]
    print(f"why a window sounds like a genre, beyond its score: {beyond:.1f} ms")
