"""A checkpoint in 8-bit numbers is smaller, stands alone, and scores nearly as the one that it was made from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.audio.decode import decode
from model.checkpoint import DEFAULT_CHECKPOINT, find_checkpoint, read_card, read_weights
from model.classifier import Classifier
from model.errors import CheckpointError
from model.features import LogMel
from model.study.network import NetworkParams, build_network
from model.study.training.eight_bit import compared, export_eight_bit
from model.study.training.export import LabelledWindows, Provenance, export_checkpoint

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

SHIPPED = "two_block_8bit"
SAMPLES = sorted((Path(__file__).parents[3] / "samples").glob("*.ogg"))


def test_it_is_small_stands_alone_and_tells_how_far_it_is_from_its_source(tmp_path: Path) -> None:
    windows = np.random.default_rng(0).uniform(-80, 0, (6, 4, 38, 128)).astype(np.float32)
    data = LabelledWindows(windows, np.arange(6) % 3)
    network = build_network(NetworkParams(n_genres=3, filters=(16, 64), dense_units=256))
    provenance = Provenance("tiny", "0.0.1", ("high", "low", "middle"), {"source": "random numbers"}, {"seed": 3})
    source, folder = tmp_path / "tiny", tmp_path / "tiny_8bit"
    export_checkpoint(network, source, provenance, valid=data, test=data)
    card = export_eight_bit(source, folder, beside=windows[0], test=data, artist_clean=(0, 1), command="it")

    assert card == read_card(folder)
    assert read_weights(folder, card, "litert")
    assert (folder / "model.tflite").stat().st_size < 0.5 * (source / "model.tflite").stat().st_size
    assert (card.name, card.temperature) == ("tiny_8bit", read_card(source).temperature)
    assert card.training["made_from"] == {"name": "tiny", "version": "0.0.1", "hash": read_card(source).short_hash}
    assert (card.figures["n_tracks"], card.figures["artist_clean"]["n_tracks"]) == (6, 2)
    beside = card.figures["beside_floats"]
    assert beside == compared(Classifier(source).posteriors(windows[0]), Classifier(folder).posteriors(windows[0]))
    assert 0 < beside["mean_difference"] <= beside["largest_difference"] < 0.1


def test_a_source_without_its_keras_file_is_refused(tmp_path: Path) -> None:
    data = LabelledWindows(np.zeros((1, 1, 38, 128), np.float32), np.zeros(1, np.int64))
    with pytest.raises(CheckpointError, match="lists no keras weights"):
        export_eight_bit(find_checkpoint(SHIPPED), tmp_path, beside=data.windows_db[0], test=data)


def test_the_shipped_one_was_made_from_the_shipped_network_and_hears_the_samples_alike() -> None:
    eight_bit, floats = Classifier(find_checkpoint(SHIPPED)), Classifier()
    assert eight_bit.card.training["made_from"]["hash"] == read_card(DEFAULT_CHECKPOINT).short_hash
    assert eight_bit.card.figures["beside_floats"]["same_genre"] > 0.98
    log_mel, n = LogMel(floats.card.params), floats.card.params.audio.window_samples
    assert SAMPLES
    for sample in SAMPLES:
        samples = decode(sample).samples
        windows = np.stack([log_mel(samples[first : first + n]) for first in range(0, len(samples) - n, n)])
        apart = compared(floats.posteriors(windows), eight_bit.posteriors(windows))
        assert apart["same_genre"] >= 0.9
        assert apart["mean_difference"] < 0.01
