"""Ways to tell why are compared on equal terms."""

from __future__ import annotations

import pytest

pytest.importorskip("tensorflow", reason="TensorFlow is not installed (make study installs it)")

from model.analyzer import Analyzer
from model.audio.decode import decode
from model.checkpoint import DEFAULT_CHECKPOINT
from model.classifier import Classifier
from model.scorer import Scorer
from model.study.evaluation.reasons import compare_ways


def test_what_the_kept_way_marks_counts_for_more_than_chance() -> None:
    scorer = Scorer(Classifier())
    window = Analyzer(scorer).window(decode("samples/jazz.ogg"), 20)
    found = compare_ways(DEFAULT_CHECKPOINT, scorer.log_mel(window.samples)[None], seed=0)
    scorer.close()
    falls = found["fall"]
    assert found["n_windows"] == 1
    assert list(falls.values()) == sorted(falls.values(), reverse=True)
    kept = falls["gradient times difference, smoothed (kept)"]
    assert kept > 3 * abs(falls["random"])
    assert falls["gradient times difference"] > falls["random"]
    assert {"Grad-CAM of the second block", "occlusion by patches of 4 x 8"} < set(falls)
