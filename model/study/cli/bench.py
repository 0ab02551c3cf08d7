"""``python -m model bench``: time the classifier and, beside it, the plain way.

The plain way is what tutorials do: librosa loads the file and computes each window's mel spectrogram, Keras'
`Model.predict` scores it. Both ways run in this process, on the same 44.1 kHz stereo files, after a warm-up; the whole
process of ``classify`` is timed from outside. Medians are reported. An hour of MP3 is classified once.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from model.study import bench_files

DURATIONS_SECONDS: Final = (30, 180)
RESULT: Final = Path(__file__).parents[1] / "results" / "bench.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--runs", type=int, default=5, help="timed runs of each figure (default: 5)")
    parser.add_argument("--without-plain", action="store_true", help="skip the plain way, which needs TensorFlow")
    parser.add_argument("--out", type=Path, default=RESULT, metavar="FILE", help=f"result (default: {RESULT.name})")


def run(args: argparse.Namespace) -> int:
    """Measure, print and store the figures."""
    if not args.without_plain:
        import librosa  # noqa: F401 -- where it is missing, that is said before minutes of measuring

        from model.study import bench_floor
    with tempfile.TemporaryDirectory() as folder:
        files = {
            seconds: bench_files.write_music(Path(folder) / f"{seconds}.wav", seconds) for seconds in DURATIONS_SECONDS
        }
        cold = {
            form: statistics.median(_cold_seconds(file) for _ in range(args.runs))
            for form, file in bench_files.coded(files[30]).items()
        }
        hour = _hour(bench_files.hour_of_mp3(files[30]))
        ours = _measure(_our_way(), files, args.runs)
        explained = _explanation_seconds(100 * args.runs)
        floor = {} if args.without_plain else bench_floor.measure(files[180], args.runs)
        plain = {} if args.without_plain else _measure(_plain_way(), files, max(1, args.runs // 2))
    result = {
        "command": "python -m model bench",
        "machine": {"processor": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()},
        "runs": args.runs,
        "classify_30_s_whole_process_seconds": {form: round(seconds, 3) for form, seconds in cold.items()},
        "an_hour_of_mp3": hour,
        "classify_peak_mib": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024, 1),
        "floor": floor,
        "warm_seconds": {str(s): round(t, 4) for s, t in ours.items()},
        "explanation_of_a_window_beyond_its_score_seconds": round(explained, 5),
        "plain_way_seconds": {str(s): round(t, 4) for s, t in plain.items()},
        "times_faster_than_the_plain_way": {str(s): round(plain[s] / ours[s], 1) for s in plain},
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    _print(result)
    return 0


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


def _hour(file: Path) -> dict[str, float]:
    """Classify an hour of MP3: the time until the first score and to the end, and how much memory grows meanwhile."""
    from model.analyzer import Analyzer
    from model.audio.decode import decode_blocks
    from model.classifier import Classifier
    from model.scorer import Scorer
    from model.windows import BATCH_HOP_SECONDS

    analyzer = Analyzer(Scorer(Classifier()), hop_seconds=BATCH_HOP_SECONDS)
    list(analyzer.analyze_blocks(itertools.islice(decode_blocks(file), 100)))  # warm up
    before = _resident_mib()
    most = before
    started = time.perf_counter()
    first = 0.0
    for score in analyzer.analyze_blocks(decode_blocks(file)):
        first = first or time.perf_counter() - started
        if score.index % 50 == 0:
            most = max(most, _resident_mib())
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "first_score_seconds": round(first, 3),
        "memory_mib": round(most - before, 1),
    }


def _resident_mib() -> float:
    """Tell the memory this process holds; 0 where the system does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


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
    for form, seconds in result["classify_30_s_whole_process_seconds"].items():
        print(f"classify of a 30 s {form}, whole process: {seconds:.2f} s")
    hour = result["an_hour_of_mp3"]
    print(
        f"an hour of MP3, hop 3 s: {hour['seconds']:.1f} s, first score after {hour['first_score_seconds']:.2f} s, "
        f"memory +{hour['memory_mib']:.0f} MiB"
    )
    for seconds, warm in result["warm_seconds"].items():
        line = f"{seconds} s of music, warm, hop 3 s: {warm:.3f} s"
        if seconds in result["plain_way_seconds"]:
            plain = result["plain_way_seconds"][seconds]
            times = result["times_faster_than_the_plain_way"][seconds]
            line += f"; the plain way {plain:.2f} s, {times:.0f} times slower"
        print(line)
    if floor := result["floor"]:
        window = {name: 1000 * seconds for name, seconds in floor["one_window_seconds"].items()}
        print(
            f"one window: {window['p50']:.1f} ms (p95 {window['p95']:.1f}), log-mel {window['of_it_log_mel']:.1f}, "
            f"network {window['of_it_network']:.1f}: {100 * floor['network_share_of_matrix_product']:.0f} % of "
            f"the matrix product's {floor['matrix_product_gflops']:.0f} GFLOP/s; "
            f"in 8-bit numbers {window['network_in_8_bit']:.1f} ms"
        )
        for what, seconds in floor["warm_180_s_seconds"].items():
            print(f"180 s of music, warm, {what}: {seconds:.3f} s")
    beyond = 1000 * result["explanation_of_a_window_beyond_its_score_seconds"]
    print(f"why a window sounds like a genre, beyond its score: {beyond:.1f} ms")
