"""How far from the floor: what the processor could do at most, and which share of it the network reaches."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from model.analyzer import Analyzer
from model.audio.decode import decode_blocks
from model.checkpoint import DEFAULT_CHECKPOINT, find_checkpoint
from model.classifier import Classifier
from model.features import LogMel
from model.result import classify_blocks
from model.scorer import Scorer
from model.study.network import load_network
from model.windows import LIVE_HOP_SECONDS, Window

_EIGHT_BIT: Final = "two_block_8bit"
_MATRIX: Final = 1024
_WINDOWS: Final = 400
_HOPS: Final = {"hop 3 s": 3.0, "hop 0.5 s": LIVE_HOP_SECONDS}


def measure(file: Path, runs: int) -> dict[str, Any]:
    """Measure one thread's work on a window, both cores' on a track, and the machine's own speed.

    Parameters
    ----------
    file : Path
        Music of 180 s, as WAV.
    runs : int
        Timed runs of each figure; the median counts.

    Returns
    -------
    dict
        JSON-ready. Where the processor's seconds of this thread are told, a busy machine spoils them less.
    """
    classifier = Classifier()
    samples = np.concatenate(list(decode_blocks(file)))
    n_samples = classifier.card.params.audio.window_samples
    windows = [Window(0, 0, n_samples, samples[first : first + n_samples]) for first in range(0, n_samples * 40, 9_973)]
    log_mel = LogMel(classifier.card.params)
    features = log_mel(windows[0].samples)[np.newaxis]
    scorer = Scorer(classifier, n_workers=1)

    flops = network_flops(classifier.folder / classifier.card.files["keras"].name)
    network = _least(lambda: classifier.posteriors(features), 20 * runs)
    eight_bit = Classifier(find_checkpoint(_EIGHT_BIT))
    peak = matrix_product_flops(runs)
    decoded = _least(lambda: list(decode_blocks(file)), runs)
    content = np.frombuffer(file.read_bytes(), np.uint8)
    seconds = sorted(_wall(partial(scorer.score, window)) for window in (windows * runs)[:_WINDOWS])
    return {
        "one_window_seconds": {
            "p50": round(statistics.median(seconds), 5),
            "p95": round(seconds[int(0.95 * len(seconds))], 5),
            "processor": round(_least(lambda: scorer.score(windows[1]), 10 * runs), 5),
            "of_it_log_mel": round(_least(lambda: log_mel(windows[1].samples), 10 * runs), 5),
            "of_it_network": round(network, 5),
            "network_in_8_bit": round(_least(lambda: eight_bit.posteriors(features), 20 * runs), 5),
        },
        "network_flops_a_window": flops,
        "network_gflops": round(flops / network / 1e9, 1),
        "matrix_product_gflops": round(peak / 1e9, 1),
        "network_share_of_matrix_product": round(flops / network / peak, 3),
        "network_floor_seconds": round(flops / peak, 5),
        "decoding_180_s_wav_seconds": round(decoded, 4),
        "copying_180_s_wav_seconds": round(_least(content.copy, 5 * runs), 5),
        "warm_180_s_seconds": {
            f"{name}, {n_threads} threads": round(_track(classifier, file, hop, n_threads, runs), 4)
            for name, hop in _HOPS.items()
            for n_threads in (1, 2)
        },
    }


def matrix_product_flops(runs: int) -> float:
    """Measure how many operations a second one core does in a product of float32 matrices, by NumPy's BLAS."""
    matrix = np.random.default_rng(0).random((_MATRIX, _MATRIX), np.float32)
    with threadpool_limits(1):
        return 2 * _MATRIX**3 / _least(lambda: matrix @ matrix, 3 * runs)


def network_flops(keras_file: Path = DEFAULT_CHECKPOINT / "model.keras") -> int:
    """Count a network's operations for one window: two for every weight of a layer, at every place that it is put."""
    network = load_network(keras_file)
    total = 0
    for layer in network.layers:
        kernel = getattr(layer, "kernel", None)
        if kernel is not None:
            places = int(np.prod(layer.output.shape[1:-1]))
            total += 2 * places * int(np.prod(kernel.shape))
    return total


def _track(classifier: Classifier, file: Path, hop_seconds: float, n_threads: int, runs: int) -> float:
    scorer = Scorer(classifier, n_workers=n_threads)
    analyzer = Analyzer(scorer, hop_seconds=hop_seconds)
    classify_blocks(analyzer, decode_blocks(file), name=file.name)  # warm up
    seconds = [_wall(lambda: classify_blocks(analyzer, decode_blocks(file), name=file.name)) for _ in range(runs)]
    scorer.close()
    return statistics.median(seconds)


def _wall(what: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    what()
    return time.perf_counter() - begun


def _least(what: Callable[[], Any], runs: int) -> float:
    """Give the fewest of this thread's processor seconds that something took."""
    what()
    spent = []
    for _ in range(runs):
        begun = time.thread_time()
        what()
        spent.append(time.thread_time() - begun)
    return min(spent)
