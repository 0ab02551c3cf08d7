"""The older systems are built as their sources describe them: layers, penalties, dropout, stopping, features."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from model.descriptors.window import MEANS
from model.study.datasets.gtzan import Clips
from model.study.datasets.pieces_table import load_pieces
from model.study.recipes import recipe
from model.study.recipes.base import Examples, FeatureTable, FitOptions
from model.study.recipes.protocols import HonestProtocol, LeakingProtocol, draw
from model.study.recipes.systems import feature_mlp
from tests.gtzan import needs_gtzan

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")


def _layers(name: str, shape: tuple[int, ...], n_genres: int = 10) -> list[tuple[Any, ...]]:
    """What each layer that matters is, in a few words and numbers."""
    described: list[tuple[Any, ...]] = []
    for layer in recipe(name).build(shape, n_genres, seed=0).layers:
        match type(layer).__name__:
            case "Conv2D":
                described.append(("conv", layer.filters, layer.kernel_size[0], layer.activation.__name__))
            case "Dense":
                described.append(("dense", layer.units, layer.activation.__name__))
            case "MaxPooling2D":
                described.append(("pool", layer.pool_size[0]))
            case "Dropout":
                described.append(("dropout", layer.rate))
            case "Flatten" | "Rescaling" as kind:
                described.append((kind.lower(),))
    return described


def _penalties(name: str) -> list[tuple[float, ...]]:
    """L1 and L2 on the kernels, L2 on the biases and on the outputs of each convolution."""
    found = []
    for layer in recipe(name).build((64, 128), 10, seed=0).layers:
        if type(layer).__name__ == "Conv2D":
            kernel, others = layer.kernel_regularizer, (layer.bias_regularizer, layer.activity_regularizer)
            numbers = (kernel.l1, kernel.l2, *(float(other.l2) if other else 0.0 for other in others))
            found.append(tuple(round(float(number), 6) for number in numbers))
    return found


def test_the_5_s_mel_cnn_is_its_sources_final_one() -> None:
    assert _layers("mel_cnn", (64, 128)) == [
        ("rescaling",), ("conv", 32, 3, "relu"), ("pool", 2), ("flatten",), ("dropout", 0.5), ("dense", 10, "softmax"),
    ]  # fmt: skip
    assert _penalties("mel_cnn") == [(0.01, 0.01, 0.01, 0.01)]
    settings = recipe("mel_cnn").settings  # type: ignore[attr-defined]
    assert (settings.epochs, settings.patience, settings.keep_best) == (100, 5, True)


def test_the_first_attempt_has_two_convolutions_and_ten_epochs() -> None:
    assert _layers("mel_cnn_first", (64, 128)) == [
        ("rescaling",), ("conv", 28, 3, "relu"), ("pool", 2), ("dropout", 0.2),
        ("conv", 14, 3, "relu"), ("pool", 2), ("flatten",), ("dropout", 0.2), ("dense", 10, "softmax"),
    ]  # fmt: skip
    assert _penalties("mel_cnn_first") == [(0, 0.01, 0, 0), (0, 0.02, 0, 0)]
    settings = recipe("mel_cnn_first").settings  # type: ignore[attr-defined]
    assert (settings.epochs, settings.keep_best) == (10, False)
    assert settings.patience >= settings.epochs  # it does not stop early


def test_the_2x2_form_has_no_pool_and_no_scaling() -> None:
    assert _layers("mel_cnn_2x2", (64, 128)) == [
        ("conv", 16, 2, "relu"), ("flatten",), ("dropout", 0.6), ("dense", 10, "softmax"),
    ]  # fmt: skip
    assert _penalties("mel_cnn_2x2") == [(0, 0.1, 0, 0)]
    settings = recipe("mel_cnn_2x2").settings  # type: ignore[attr-defined]
    assert (settings.epochs, settings.patience) == (10, 3)


def test_the_feature_mlp_has_its_sources_layers_and_features() -> None:
    assert _layers("feature_mlp_4000", (26,)) == [
        ("dense", 512, "relu"), ("dropout", 0.3), ("dense", 256, "relu"), ("dropout", 0.3),
        ("dense", 128, "relu"), ("dropout", 0.2), ("dense", 64, "relu"), ("dropout", 0.1), ("dense", 10, "softmax"),
    ]  # fmt: skip
    assert len(MEANS) == 26
    assert MEANS[:6] == (
        "chroma_stft_mean", "rms_mean", "spectral_centroid_mean", "spectral_bandwidth_mean", "rolloff_mean",
        "zero_crossing_rate_mean",
    )  # fmt: skip
    assert recipe("feature_mlp_4000").about.most_windows == 4000


def test_the_dense_network_of_the_fma_study_is_fitted_to_the_end() -> None:
    assert _layers("fma_dnn", (80,), 8) == [
        ("dense", 256, "relu"), ("dropout", 0.5), ("dense", 256, "relu"), ("dropout", 0.5), ("dense", 8, "softmax"),
    ]  # fmt: skip
    for name, epochs in (("fma_dnn", 100), ("fma_conv1d", 50), ("fma_conv2d", 50)):
        settings = recipe(name).settings  # type: ignore[attr-defined]
        assert (settings.epochs, settings.patience, settings.keep_best) == (epochs, epochs, False)


def _with_pieces(n: int, *, seed: int) -> Examples:
    """Tracks of two genres that one of the 26 means tells apart, ten pieces each."""
    random = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    values = random.normal(size=(n, 10, 26))
    values[:, :, 4] += 6 * labels[:, None]
    clips = Clips(tuple(f"t{seed}.{row}" for row in range(n)), labels, np.zeros((n, 0, 0), np.float32))
    return Examples(clips, ("a", "b"), None, FeatureTable(MEANS, values))


def test_the_feature_mlp_learns_from_pieces_and_from_no_more_than_its_source(monkeypatch: pytest.MonkeyPatch) -> None:
    one, examples = recipe("feature_mlp_4000"), _with_pieces(410, seed=1)
    assert one.features(examples).shape == (410, 10, 26)
    quick = FitOptions(quick=True)
    run = LeakingProtocol(one, examples).run(quick).run
    assert (run["unit"], run["n_test"], run["heard"]) == ("windows", 400, 1.0)  # a tenth of 4,000 of the 4,100
    assert LeakingProtocol(recipe("feature_mlp_all"), examples).run(quick).run["n_test"] == 410
    parts = {part: _with_pieces(20, seed=seed) for seed, part in enumerate(("train", "valid", "test"))}
    monkeypatch.setattr(feature_mlp, "FIT", replace(feature_mlp.FIT, epochs=5))  # enough for what is so far apart
    honest = HonestProtocol(one, parts).run(FitOptions()).run
    assert (honest["test"]["n_tracks"], honest["test"]["n_windows"]) == (20, 200)
    assert honest["test"]["window_accuracy"] > 0.9


def test_windows_are_drawn_without_repeats_and_only_where_there_are_too_many() -> None:
    drawn = draw(100, 30, seed=1)
    assert len(set(drawn.tolist())) == 30
    assert not np.array_equal(drawn, draw(100, 30, seed=2))
    np.testing.assert_array_equal(draw(10, 30, seed=1), np.arange(10))
    np.testing.assert_array_equal(draw(10, None, seed=1), np.arange(10))


def test_one_vector_a_file_is_not_standardised_and_needs_a_table() -> None:
    one = recipe("mfcc_logreg_files")
    random = np.random.default_rng(0)
    values = random.normal(100, 20, (40, 26))
    labels = np.arange(40) % 2
    values[:, 6] += 60 * labels
    clips = Clips(tuple(map(str, range(40))), labels, np.zeros((40, 0, 0), np.float32))
    parts = {
        part: Examples(
            Clips(tuple(f"{part}{row}" for row in range(40)), labels, clips.columns_db), ("a", "b"),
            FeatureTable(MEANS, values),
        )
        for part in ("train", "valid", "test")
    }  # fmt: skip
    outcome = HonestProtocol(one, parts).run(FitOptions())
    assert (outcome.fitted.deviation == 1).all()
    assert (outcome.fitted.mean == 0).all()
    assert outcome.run["n_parameters"] == 2 * 13 + 13 * 2 + 2
    assert outcome.run["test"]["track_accuracy"] > 0.85
    assert one.to_network(outcome.fitted) is None


@needs_gtzan
def test_pieces_are_those_of_unaltered_sound() -> None:
    from model.study.datasets.gtzan import gtzan_home
    from model.study.recipes.data import load_list, with_pieces

    names, pieces = load_pieces(gtzan_home())
    assert names == MEANS
    assert len(pieces) == 454
    assert {piece.shape for piece in pieces.values()} == {(10, 26)}
    test = with_pieces(load_list("test"))
    assert test.pieces is not None
    assert test.table is not None
    np.testing.assert_array_equal(test.pieces.values[3], pieces[test.clips.tracks[3]])
    mean_of_pieces = test.pieces.columns(("spectral_centroid_mean",)).mean(axis=1)
    whole = test.table.columns(("spectral_centroid_mean",))
    assert np.median(np.abs(mean_of_pieces / whole - 1)) < 0.01  # rows of both tables are of the same tracks

    everything = with_pieces(load_list("valid"), fill=True)
    assert everything.pieces is not None
    assert everything.table is not None
    assert len(everything.clips.tracks) == 197
    row = next(row for row, track in enumerate(everything.clips.tracks) if track not in pieces)
    np.testing.assert_array_equal(
        everything.pieces.values[row], np.tile(everything.table.columns(MEANS)[row], (10, 1))
    )  # the means of the whole clip stand for each of its pieces
