"""The reproduced systems: their features, networks and fits, and the two ways they are measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.calibration import with_temperature
from model.classifier import Classifier
from model.errors import ParameterError, TrainingError
from model.study.datasets.gtzan import Clips, first_columns
from model.study.recipes import RECIPES, recipe
from model.study.recipes.base import Examples, FitOptions, Recipe, Windows
from model.study.recipes.export import export_recipe
from model.study.recipes.keras_fit import KerasFit, fit_keras
from model.study.recipes.protocols import HonestProtocol, LeakingProtocol, divide_by_chance
from model.study.recipes.systems.mfcc_hpss import bands_to_bands, split_harmonic_percussive, stack_channels
from tests.gtzan import needs_gtzan
from tests.study.recipe_data import Memory, lists, tracks

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

NETWORKS = ("two_block", "mfcc_hpss", "mel_cnn", "mel_cnn_first", "mel_cnn_2x2")
SHAPES = {
    "two_block": (10, 38, 128),
    "mfcc_hpss": (10, 38, 40, 3),
    "mel_cnn": (26, 64, 128),
    "mel_cnn_first": (26, 64, 128),
    "mel_cnn_2x2": (26, 64, 128),
}


def _windows(one: Recipe, examples: Examples) -> Windows:
    values = one.features(examples)
    labels = np.repeat(examples.clips.labels, values.shape[1])
    return Windows(values.reshape(-1, *values.shape[2:]), labels, examples.clips)


@pytest.mark.parametrize("name", RECIPES)
def test_every_recipe_says_what_it_is_and_where_it_differs(name: str) -> None:
    about = recipe(name).about
    assert about.name == name
    assert about.title
    assert about.source
    assert about.claim.measured_on
    assert about.deviations
    assert 1 <= about.windows_per_track <= 30
    assert 3 <= about.window_seconds <= 30


def test_an_unknown_recipe_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(ParameterError, match=r"'polka'; use one of two_block"):
        recipe("polka")


@pytest.mark.parametrize("name", NETWORKS)
def test_features_have_their_shape_and_depend_on_their_own_track_only(name: str) -> None:
    one, examples = recipe(name), tracks(3, seed=1)
    values = one.features(examples)
    assert values.shape == (3, *SHAPES[name])
    assert values.dtype == np.float32
    assert np.isfinite(values).all()
    clips = examples.clips
    alone = replace(examples, clips=Clips(clips.tracks[1:2], clips.labels[1:2], clips.columns_db[1:2]), table=None)
    np.testing.assert_allclose(one.features(alone)[0], values[1], atol=1e-4)


@pytest.mark.parametrize("name", NETWORKS)
def test_features_do_not_change_with_gain(name: str) -> None:
    one, examples = recipe(name), tracks(2, seed=1)
    clips = examples.clips
    louder = replace(examples, clips=Clips(clips.tracks, clips.labels, clips.columns_db + np.float32(6)))
    np.testing.assert_allclose(one.features(louder), one.features(examples), atol=2e-3)


@pytest.mark.parametrize(
    ("name", "leaking"), [("two_block", False), ("two_block", True), ("mfcc_hpss", False), ("mel_cnn_first", True)]
)
def test_a_quick_fit_gives_posteriors_that_sum_to_one(name: str, leaking: bool) -> None:
    one = recipe(name)
    learnt = tracks(4, seed=1)
    train, valid = _windows(one, learnt), _windows(one, tracks(2, seed=2))
    if leaking:
        stretches = one.stretches(learnt.clips, np.arange(0, len(train.labels), 2))
        train, valid = replace(train, clips=None, stretches=stretches), replace(valid, clips=None)
    fitted = one.fit(one.build(train.values.shape[1:], 2, seed=3), train, valid, FitOptions(3, quick=True))
    posteriors = one.predict(fitted, valid.values)
    assert posteriors.shape == (len(valid.labels), 2)
    np.testing.assert_allclose(posteriors.sum(axis=1), 1, atol=1e-5)
    assert one.count_parameters(fitted) == sum(weights.size for weights in fitted.get_weights())


def test_a_fit_follows_its_seed() -> None:
    one = recipe("mel_cnn")
    train = _windows(one, tracks(2, seed=1))

    def fitted(seed: int) -> np.ndarray:
        options = FitOptions(seed, quick=True)
        model = one.fit(one.build(train.values.shape[1:], 2, seed=seed), train, train, options)
        return one.predict(model, train.values[:4])

    first = fitted(1)
    np.testing.assert_allclose(first, fitted(1), atol=1e-5)
    assert np.abs(first - fitted(2)).max() > 1e-4


def test_the_two_block_recipe_refuses_windows_without_the_sound_they_were_cut_from() -> None:
    one = recipe("two_block")
    train = replace(_windows(one, tracks(2, seed=1)), clips=None)
    with pytest.raises(ParameterError, match="give whole tracks, or stretches of them"):
        one.fit(one.build((38, 128), 2, seed=0), train, train, FitOptions(quick=True))


def test_stretches_hold_the_drawn_windows_and_nothing_of_the_others() -> None:
    clips = tracks(3, seed=4, n_columns=387).clips
    # each column is marked by the window it is of, and by 100 if it lies between two
    columns = np.full((3, clips.columns_db.shape[1], 1), 100, np.float32)
    starts = first_columns(clips.columns_db.shape[1])
    for track, place in np.ndindex(3, 10):
        columns[track, starts[place] : starts[place] + 38] = 10 * track + place
    drawn = np.array([11, 0, 9, 10, 25, 1, 24, 20])
    made = recipe("two_block").stretches(Clips(clips.tracks, clips.labels, columns), drawn)
    assert made is not None
    found = [sorted(set(stretch.ravel()) - {100}) for stretch in made.columns_db]
    assert found == [[11], [0, 1], [9], [10, 11], [25], [1], [24, 25], [20]]
    np.testing.assert_array_equal(made.columns_db[:, 0, 0], drawn)
    np.testing.assert_array_equal(made.labels, clips.labels[drawn // 10])


def test_the_two_block_recipe_refuses_windows_of_another_length() -> None:
    with pytest.raises(ParameterError, match=r"\(64, 128\); the two-block network needs \(38, 128\)"):
        recipe("two_block").build((64, 128), 10, seed=0)


def test_fitting_stops_when_what_it_watches_falls_no_more() -> None:
    one = recipe("mel_cnn")
    train = _windows(one, tracks(2, seed=1))
    hopeless = KerasFit(epochs=20, learning_rate=1e-30, patience=2)
    model = fit_keras(one.build(train.values.shape[1:], 2, seed=0), train, train, FitOptions(), hopeless)
    assert len(model.history.epoch) == 3
    with pytest.raises(ParameterError, match="epochs is 0"):
        KerasFit(epochs=0)


def test_a_network_of_the_sources_learns_what_tells_genres_apart() -> None:
    one = recipe("mel_cnn")
    train, valid = _windows(one, tracks(8, seed=1)), _windows(one, tracks(2, seed=2))
    settings = KerasFit(epochs=2)
    fitted = fit_keras(one.build(train.values.shape[1:], 2, seed=0), train, valid, FitOptions(), settings)
    assert (one.predict(fitted, valid.values).argmax(axis=1) == valid.labels).all()


def test_few_bands_made_of_many_are_those_of_the_spectrum() -> None:
    librosa = pytest.importorskip("librosa")
    random = np.random.default_rng(0)
    spectrum = np.exp(np.cumsum(random.normal(0, 0.05, 1025))) * random.uniform(0.8, 1.2, 1025)
    many, few = (librosa.filters.mel(sr=22_050, n_fft=2048, n_mels=n) @ spectrum for n in (128, 40))
    made = many @ bands_to_bands(128, 40, 22_050)
    assert np.abs(10 * np.log10(made / few)).max() < 1.0


def test_harmonic_and_percussive_parts_are_those_of_librosa_and_add_up() -> None:
    librosa = pytest.importorskip("librosa")
    power = np.random.default_rng(0).exponential(size=(2, 38, 40)).astype(np.float32)
    harmonic, percussive = split_harmonic_percussive(power, columns=9, bands=31)
    np.testing.assert_allclose(harmonic + percussive, power, rtol=1e-5)
    for row in range(2):
        expected = librosa.decompose.hpss(power[row].T, kernel_size=(9, 31))
        np.testing.assert_allclose(harmonic[row], expected[0].T, rtol=1e-3, atol=1e-6)
        np.testing.assert_allclose(percussive[row], expected[1].T, rtol=1e-3, atol=1e-5)


def test_a_tone_is_harmonic_a_click_is_percussive_and_silence_is_neither() -> None:
    power = np.zeros((2, 38, 40), np.float32)
    power[0, :, 20] = 1
    power[1, 20, :] = 1
    harmonic, percussive = split_harmonic_percussive(power)
    assert harmonic[0].sum() == pytest.approx(38, rel=1e-5)
    assert percussive[1].sum() == pytest.approx(40, rel=1e-5)
    assert percussive[0].sum() + harmonic[1].sum() == pytest.approx(0, abs=1e-5)


def test_the_first_channel_holds_the_cepstra_of_forty_bands() -> None:
    librosa = pytest.importorskip("librosa")
    window = np.random.default_rng(0).uniform(-60, 0, (1, 38, 128)).astype(np.float32)
    power = 10 ** (window[0] / 10) @ bands_to_bands(128, 40, 22_050)
    expected = librosa.feature.mfcc(S=librosa.power_to_db(power.T, ref=np.max), n_mfcc=40)
    pictures = stack_channels(window)
    np.testing.assert_allclose(pictures[0, :, :, 0], expected.T, atol=1e-2)
    assert (pictures[..., 1] + pictures[..., 2]).max() == pytest.approx(100, rel=1e-4)


def test_windows_are_divided_into_three_parts_each_once_and_by_the_seed() -> None:
    division = divide_by_chance(100, seed=1)
    assert [len(part) for part in (division.train, division.valid, division.test)] == [80, 10, 10]
    assert sorted(np.concatenate([division.train, division.valid, division.test])) == list(range(100))
    assert not np.array_equal(division.test, divide_by_chance(100, seed=2).test)
    np.testing.assert_array_equal(division.test, divide_by_chance(100, seed=1).test)
    with pytest.raises(ParameterError, match="at least 10"):
        divide_by_chance(9, seed=0)


def test_pure_memory_shines_where_windows_leak_and_fails_on_tracks_it_never_heard() -> None:
    leaking = LeakingProtocol(Memory(), tracks(40, seed=9, n_genres=4)).run(FitOptions(seed=1)).run
    assert leaking["accuracy"] == 1.0
    assert leaking["heard"] == 1.0
    assert leaking["unit"] == "windows"
    assert (leaking["n_train"], leaking["n_test"]) == (160, 20)

    honest = HonestProtocol(Memory(), lists(n_genres=4)).run(FitOptions(seed=1)).run
    assert honest["test"]["track_accuracy"] < 0.6
    assert (honest["test"]["n_tracks"], honest["test"]["n_windows"], honest["n_train"]) == (20, 100, 100)
    assert honest["valid"]["n_tracks"] == 20


def test_a_track_in_two_honest_lists_is_refused() -> None:
    parts = lists()
    with pytest.raises(ParameterError, match="20 tracks are in two lists"):
        HonestProtocol(Memory(), {**parts, "test": parts["train"]})


def test_a_recipe_that_hears_whole_tracks_is_counted_in_tracks() -> None:
    whole = Memory()
    whole.about = replace(whole.about, windows_per_track=1)
    run = LeakingProtocol(whole, tracks(40, seed=9)).run(FitOptions()).run
    assert run["unit"] == "tracks"
    assert run["heard"] == 0.0


def test_an_exported_recipe_scores_in_the_classifier_as_it_predicts(tmp_path: Path) -> None:
    one, parts = recipe("mel_cnn"), lists()
    outcome = HonestProtocol(one, parts).run(FitOptions(quick=True))
    card = export_recipe(one, outcome.fitted, tmp_path, parts, version="0.1.0", training={"seed": 0})
    assert card.params.audio.window_seconds == 5
    assert card.data["n_tracks"] == 20
    n_bytes = {name: (tmp_path / name).stat().st_size for name in ("model.keras", "model.tflite")}
    assert n_bytes["model.keras"] < 2 * n_bytes["model.tflite"]  # no optimiser is saved with it
    classifier = Classifier(tmp_path)
    windows = one.features(parts["test"])[0]
    expected = with_temperature(one.predict(outcome.fitted, windows), card.temperature)
    np.testing.assert_allclose(classifier.posteriors(windows), expected, atol=1e-4)


def test_a_recipe_whose_features_are_no_network_is_not_exported(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be exported"):
        export_recipe(recipe("mfcc_hpss"), None, tmp_path, lists(), version="1", training={})
    assert not list(tmp_path.iterdir())


@needs_gtzan
def test_gtzans_tracks_come_with_their_rows_of_the_table() -> None:
    from model.study.recipes.data import load_all, load_list

    everything = load_all()
    assert len(everything.clips.tracks) == 999
    assert everything.clips.missing == ("jazz.00054",)
    assert everything.table is not None
    assert everything.table.values.shape == (999, 57)
    train = load_list("train")
    assert train.table is not None
    row = everything.clips.tracks.index(train.clips.tracks[7])
    np.testing.assert_array_equal(train.table.values[7], everything.table.values[row])
    np.testing.assert_array_equal(train.clips.columns_db[7], everything.clips.columns_db[row])
    tempo = everything.table.columns(("tempo",))
    assert 30 < np.median(tempo) < 200
