"""The feature MLP and the MFCC logistic regression: their features, their fits, and both on any folder of music."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from model.checkpoint import read_card
from model.classifier import Classifier
from model.cli import main
from model.descriptors.window import MEANS
from model.errors import DatasetError, ParameterError, TrainingError
from model.study.datasets.described import describe_folder
from model.study.datasets.gtzan import Clips, cut_windows
from model.study.datasets.many import compute_all
from model.study.network import predict
from model.study.recipes import recipe
from model.study.recipes.base import Examples, FeatureTable, FitOptions, Windows
from model.study.recipes.cepstra import cepstra, cosine_matrix
from model.study.recipes.export import export_recipe
from model.study.recipes.own_music import load_own_music
from model.study.recipes.systems.mfcc_logreg import LogisticModel
from tests.sounds import RATE_HZ, chord, encoded
from tests.study.recipe_data import lists, tracks

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

LOGREG = recipe("mfcc_logreg")
MLP = recipe("feature_mlp_4000")


def _windows(examples: Examples) -> Windows:
    values = LOGREG.features(examples)
    return Windows(values.reshape(-1, values.shape[-1]), np.repeat(examples.clips.labels, values.shape[1]))


def _fitted(n_genres: int = 3) -> LogisticModel:
    train = _windows(tracks(12, seed=1, n_genres=n_genres))
    fitted = LOGREG.fit(LOGREG.build((13,), n_genres, seed=0), train, train, FitOptions())
    assert isinstance(fitted, LogisticModel)
    return fitted


def _described(n: int, n_genres: int = 2) -> Examples:
    """Rows of a table in which one column tells the genre."""
    random = np.random.default_rng(n)
    labels = np.arange(n) % n_genres
    names = ("tempo", *MEANS)
    values = random.normal(1000, 300, (n, len(names)))
    values[:, 3] += 2000 * labels
    clips = Clips(tuple(f"t{row}" for row in range(n)), labels, np.zeros((n, 0, 0), np.float32))
    return Examples(clips, tuple(f"g{g}" for g in range(n_genres)), FeatureTable(names, values))


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Two genres with names of their own, and a file that is no audio."""
    time = np.arange(4 * RATE_HZ) / RATE_HZ
    for genre, pitch in (("Gamelan", 1760.0), ("Yodel", 220.0)):
        (tmp_path / "music" / genre).mkdir(parents=True)
        for number in range(4):
            tone = np.sin(2 * np.pi * pitch * (1 + number / 50) * time) * (1 + np.sin(9 * time)) / 8
            sound = (tone + chord(4.0, level=0.02)).astype(np.float32)
            (tmp_path / "music" / genre / f"{number}.wav").write_bytes(encoded(sound))
    (tmp_path / "music" / "Yodel" / "broken.wav").write_bytes(b"RIFF and then nothing")
    return tmp_path / "music"


def test_cepstra_are_librosas_but_for_the_level() -> None:
    from librosa.feature import mfcc

    log_mel = np.random.default_rng(0).uniform(-80, 0, (20, 128)).astype(np.float32)
    expected = mfcc(S=log_mel.T, n_mfcc=13).T
    np.testing.assert_allclose(cepstra(log_mel, 13), expected, atol=1e-3)
    np.testing.assert_allclose(cepstra(log_mel - 20, 13)[:, 1:], expected[:, 1:], atol=1e-3)
    with pytest.raises(ParameterError, match="use 1 to 128"):
        cosine_matrix(128, 129)


def test_the_regressions_features_are_the_mean_cepstra_of_each_window() -> None:
    examples = tracks(2, seed=4)
    windows = cut_windows(examples.clips.columns_db)
    expected = cepstra(windows, 13).mean(axis=2)
    np.testing.assert_allclose(LOGREG.features(examples), expected, atol=1e-2)


@pytest.mark.parametrize("n_genres", [2, 3])
def test_the_regression_gives_what_scikit_learn_gives(n_genres: int) -> None:
    train, other = (_windows(tracks(12, seed=seed, n_genres=n_genres)) for seed in (1, 2))
    pipeline = LOGREG.build((13,), n_genres, seed=0)
    fitted = LOGREG.fit(pipeline, train, train, FitOptions())
    posteriors = LOGREG.predict(fitted, other.values)
    np.testing.assert_allclose(posteriors, pipeline.predict_proba(other.values.astype(np.float64)), atol=1e-5)
    assert (posteriors.argmax(axis=1) == other.labels).mean() > 0.9
    assert LOGREG.count_parameters(fitted) == 13 + 13 + 14 * n_genres


def test_the_regression_needs_every_genre() -> None:
    train = _windows(tracks(4, seed=1))
    gap = Windows(train.values, train.labels * 2)
    with pytest.raises(TrainingError, match=r"labels \[0, 2\]"):
        LOGREG.fit(LOGREG.build((13,), 3, seed=0), gap, gap, FitOptions())


def test_as_a_network_the_regression_scores_log_mel_alike() -> None:
    fitted, examples = _fitted(), tracks(3, seed=5)
    network = LOGREG.to_network(fitted)
    assert network is not None
    windows = cut_windows(examples.clips.columns_db).reshape(-1, 38, 128)
    assert network.params.input_shape == (38, 128)
    expected = LOGREG.predict(fitted, LOGREG.features(examples).reshape(-1, 13))
    np.testing.assert_allclose(predict(network.model, windows), expected, atol=1e-4)


def test_the_regression_is_served_like_the_network(tmp_path: Path) -> None:
    parts = lists(n_genres=3)
    card = export_recipe(LOGREG, _fitted(), tmp_path, parts, version="0.1.0", training={"seed": 0})
    assert card.name == "mfcc_logreg"
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 100_000
    windows = cut_windows(parts["test"].clips.columns_db)[:, 0]
    posteriors = Classifier(tmp_path).posteriors(windows)
    np.testing.assert_allclose(posteriors.sum(axis=1), 1, atol=1e-5)
    assert (posteriors.argmax(axis=1) == parts["test"].clips.labels).mean() > 0.9


def test_the_shipped_regression_can_be_loaded() -> None:
    from model.checkpoint import WEIGHTS_FOLDER
    from model.genres import GENRES

    card = read_card(WEIGHTS_FOLDER / "mfcc_logreg")
    assert card.genres == GENRES
    assert card.data["trained_on"] == "train"
    windows = np.random.default_rng(0).uniform(-80, 0, (2, 38, 128)).astype(np.float32)
    assert Classifier(WEIGHTS_FOLDER / "mfcc_logreg").posteriors(windows).shape == (2, 10)


def test_the_feature_mlp_takes_26_means_from_the_table() -> None:
    examples = _described(4)
    values = MLP.features(examples)
    assert values.shape == (4, 1, 26)
    assert examples.table is not None
    np.testing.assert_array_equal(values[:, 0], examples.table.values[:, 1:])
    with pytest.raises(DatasetError, match="these tracks have none"):
        MLP.features(Examples(examples.clips, examples.genres))


def test_the_feature_mlp_learns_whatever_the_units_of_its_features() -> None:
    examples = _described(64)
    values = MLP.features(examples)[:, 0]
    train = Windows(values, examples.clips.labels)
    model = MLP.build((26,), 2, seed=0)
    sizes = [layer.units for layer in model.layers if layer.name.startswith("dense")]
    assert sizes == [512, 256, 128, 64]
    assert [layer.rate for layer in model.layers if layer.name.startswith("dropout")] == [0.3, 0.3, 0.2, 0.1]
    fitted = MLP.fit(model, train, train, FitOptions(quick=True))
    posteriors = MLP.predict(fitted, values)
    np.testing.assert_allclose(posteriors.sum(axis=1), 1, atol=1e-5)
    scaled = fitted.get_layer("standardise")(values.astype(np.float32))
    np.testing.assert_allclose(np.mean(scaled, axis=0), 0, atol=1e-3)
    network = MLP.to_network(fitted)
    assert network is not None
    assert network.params.descriptors == MEANS
    assert recipe("feature_mlp_clips").to_network(fitted) is None
    assert MLP.count_parameters(fitted) == fitted.count_params()


def test_a_folder_is_described_once_and_its_broken_file_named(
    music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("rms_mean", "zero_crossing_rate_mean")
    found = describe_folder(music, names=names, cache_folder=tmp_path / "c", n_workers=1, progress=False)
    assert found.genres == ("Gamelan", "Yodel")
    assert found.values.shape == (8, 2)
    assert list(found.failures) == [str(music / "Yodel" / "broken.wav")]
    assert found.values[found.labels == 0, 1].min() > found.values[found.labels == 1, 1].max()
    monkeypatch.setattr("model.study.descriptors.describe", lambda *_, **__: pytest.fail("computed again"))
    again = describe_folder(music, names=names, cache_folder=tmp_path / "c", n_workers=1, progress=False)
    np.testing.assert_array_equal(again.values, found.values)


def test_a_fault_of_the_code_is_no_fault_of_the_file(tmp_path: Path) -> None:
    def broken(_path: Path) -> np.ndarray:
        raise RuntimeError("a bug")

    (tmp_path / "a.wav").write_bytes(b"x")
    with pytest.raises(RuntimeError, match="a bug"):
        compute_all([tmp_path / "a.wav"], broken, key="x", cache_folder=tmp_path, n_workers=1, progress=False)


def test_own_music_is_divided_track_by_track(music: Path, tmp_path: Path) -> None:
    own = load_own_music(MLP, music, cache_folder=tmp_path / "c", n_workers=1, progress=False, valid_share=0.25)
    assert own.train.genres == ("Gamelan", "Yodel")
    assert not set(own.train.clips.tracks) & set(own.valid.clips.tracks)
    assert np.bincount(own.valid.clips.labels).tolist() == [1, 1]
    assert MLP.features(own.train).shape == (6, 1, 26)
    with pytest.raises(DatasetError, match=r"share of 0\.0"):
        load_own_music(MLP, music, valid_share=0.0, cache_folder=tmp_path / "c", n_workers=1, progress=False)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("mfcc_logreg", "checkpoint/card.json"),
        ("feature_mlp_4000", "checkpoint/card.json"),
        ("feature_mlp_clips", "model.keras"),
    ],
)
def test_any_folder_of_genres_can_be_learnt_and_a_file_named(
    name: str, kept: str, music: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    unlabelled = tmp_path / "unlabelled.wav"
    unlabelled.write_bytes((music / "Gamelan" / "1.wav").read_bytes())
    out = tmp_path / "out"
    command = ["recipe", name, "--data", str(music), "--out", str(out), "--cache", str(tmp_path / "c")]
    command += ["--workers", "1", "--quiet", "--quick", "--classify", str(unlabelled)]
    assert main(command) == 1
    said = capsys.readouterr()
    # One pass is all that --quick gives the network; the regression has none.
    assert f"{unlabelled.name}: {'Gamelan' if name == 'mfcc_logreg' else ''}" in said.out
    assert "broken.wav" in said.err
    report = json.loads((out / "report.json").read_text())
    assert report["genres"] == ["Gamelan", "Yodel"]
    assert {"confusion.png", "roc.png"} <= {path.name for path in out.iterdir()}
    assert (out / kept).is_file()
    assert main(command) == 1
    assert "already holds this fit" in capsys.readouterr().out
