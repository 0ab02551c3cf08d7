"""The Free Music Archive in its own layout, and the study on it, on a small tree that the test makes."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from model.cli import main
from model.errors import AudioTooShortError, DatasetError, ParameterError
from model.study.datasets.fma import FmaListing, clip_path, divide_70_30, list_fma
from model.study.datasets.gtzan import Clips
from model.study.recipes import recipe
from model.study.recipes.base import Examples, FitOptions, Windows
from model.study.recipes.cepstra import cepstra
from model.study.recipes.fma_sound import sound_features
from model.study.recipes.systems.fma_study import to_fewer_bands
from tests.sounds import chord, encoded
from tests.study.recipe_data import tracks

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

PER_GENRE = 4
PITCHES = {"Folk": 220.0, "Hip-Hop": 880.0, "Rock": 3520.0}
GROUPS = ("", "album", "set", "set", "track", "track")
NAMES = ("", "title", "split", "subset", "genre_top", "title")


def _metadata(home: Path, rows: list[tuple[str, ...]]) -> Path:
    """Write a table with the archive's header: group, name, and a row that names the index."""
    path = home / "fma_metadata" / "tracks.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([GROUPS, NAMES, ("track_id", "", "", "", "", ""), *rows])
    return path


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three genres of four MP3 clips, one more that is hardly there, one that is missing, one of a larger subset."""
    home = tmp_path_factory.mktemp("fma")
    rows = []
    for number, (genre, pitch) in enumerate(
        (genre, pitch) for genre, pitch in PITCHES.items() for _ in range(PER_GENRE)
    ):
        track_id = 2 if number == 0 else 1000 * number + 5
        time = np.arange(round(3.2 * 44_100)) / 44_100
        tone = np.sin(2 * np.pi * pitch * (1 + number / 100) * time) * (1 + np.sin(20 * time)) / 8
        _clip(home, track_id, (tone + chord(3.2, rate_hz=44_100, level=0.02)).astype(np.float32))
        rows.append((str(track_id), "a, b\nc", "training", "small", genre, "x"))
    _clip(home, 133297, chord(0.5, rate_hz=44_100))
    rows.append(("133297", "", "test", "small", "Rock", "too short"))
    rows.append(("140449", "", "validation", "small", "Rock", "not there"))
    rows.append(("3", "", "training", "medium", "Jazz", "not small"))
    rows.append(("20", "", "training", "small", "", "without a top genre"))
    _metadata(home, rows[::-1])
    return home


def _clip(home: Path, track_id: int, samples: np.ndarray) -> None:
    path = clip_path(home, track_id)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(samples, rate_hz=44_100, format="MP3"))


def test_the_listing_follows_the_table_and_what_is_there(archive: Path) -> None:
    listing = list_fma(archive)
    assert listing.genres == ("Folk", "Hip-Hop", "Rock")
    assert [track.track_id for track in listing.tracks[:2]] == [2, 1005]
    assert listing.tracks[0].path == archive / "fma_small" / "000" / "000002.mp3"
    assert listing.tracks[-1].path.parent.name == "133"
    assert listing.tracks[-1].split == "test"
    assert np.bincount(listing.labels).tolist() == [4, 4, 5]
    assert listing.missing == (archive / "fma_small" / "140" / "140449.mp3",)


def test_a_larger_subset_has_a_folder_of_its_own(archive: Path) -> None:
    with pytest.raises(DatasetError, match="fma_medium is not a folder"):
        list_fma(archive, subset="medium")
    with pytest.raises(ParameterError, match="no subset 'tiny'"):
        list_fma(archive, subset="tiny")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("track_id,genre\n2,Rock\n", "no column 'set split'"),
        ("", "groups found: none"),
        (",set,set,track\n,split,subset,genre_top\ntrack_id,,,\ntwo,training,small,Rock\n", "begins with 'two'"),
        (",set,set,track\n,split,subset,genre_top\n2,training\n", "cut short"),
        (",set,set,track\n,split,subset,genre_top\n2,training,small,Rock\n", "0 of the 1 that the table lists"),
    ],
)
def test_another_layout_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "fma_small").mkdir()
    _metadata(tmp_path, []).write_text(text, encoding="utf-8")
    with pytest.raises(DatasetError, match=message):
        list_fma(tmp_path)


def test_a_missing_table_says_what_to_unpack(tmp_path: Path) -> None:
    (tmp_path / "fma_small").mkdir()
    with pytest.raises(DatasetError, match=r"tracks\.csv cannot be read.*fma_metadata\.zip"):
        list_fma(tmp_path)


def test_tracks_are_divided_70_30_genre_by_genre() -> None:
    labels = np.repeat(np.arange(4), (100, 10, 3, 2))
    train, test = divide_70_30(labels, seed=1)
    assert sorted([*train, *test]) == list(range(115))
    assert np.bincount(labels[train]).tolist() == [70, 7, 2, 1]
    assert not np.array_equal(train, divide_70_30(labels, seed=2)[0])
    np.testing.assert_array_equal(train, divide_70_30(labels, seed=1)[0])
    with pytest.raises(DatasetError, match="Genre 1 has 1 track"):
        divide_70_30(np.array([0, 0, 1]), seed=0)


def test_the_sounds_features_are_as_fine_as_the_sources() -> None:
    sound = chord(3.0)
    shapes = {kind: sound_features(sound, kind).shape for kind in ("mean_mfcc", "mfcc", "mel")}
    assert shapes == {"mean_mfcc": (80,), "mfcc": (2500, 80), "mel": (1366, 96)}
    np.testing.assert_allclose(
        sound_features(sound, "mfcc").mean(axis=0, dtype=float), sound_features(sound, "mean_mfcc"), atol=0.1
    )
    mel = sound_features(sound, "mel")
    assert (mel.max(), mel.min()) == (0, pytest.approx(-80, abs=30))
    with pytest.raises(AudioTooShortError, match=r"lasts 1\.0 s"):
        sound_features(chord(1.0), "mel")
    with pytest.raises(ParameterError, match="no features 'chroma'"):
        sound_features(sound, "chroma")


@pytest.mark.parametrize(("name", "shape"), [("fma_dnn", (80,)), ("fma_conv1d", (387, 80)), ("fma_conv2d", (387, 96))])
def test_features_of_log_mel_have_their_shape_and_the_networks_learn_from_them(
    name: str, shape: tuple[int, ...]
) -> None:
    one, examples = recipe(name), tracks(4, seed=1, n_columns=387)
    values = one.features(examples)
    assert values.shape == (4, 1, *shape)
    train = Windows(values[:, 0], examples.clips.labels, examples.clips)
    fitted = one.fit(one.build(shape, 2, seed=0), train, train, FitOptions(quick=True))
    posteriors = one.predict(fitted, values[:, 0])
    np.testing.assert_allclose(posteriors.sum(axis=1), 1, atol=1e-5)
    assert one.count_parameters(fitted) == fitted.count_params()
    alone = replace(examples, clips=_only(examples, 2))
    np.testing.assert_allclose(one.features(alone)[0], values[2], atol=1e-3)


def _only(examples: Examples, row: int) -> Clips:
    clips = examples.clips
    return Clips(clips.tracks[row : row + 1], clips.labels[row : row + 1], clips.columns_db[row : row + 1])


@pytest.mark.parametrize(
    ("name", "shape", "count"),
    [("fma_dnn", (80,), 88_584), ("fma_conv1d", (2500, 80), 255_656), ("fma_conv2d", (1366, 96), 2_851_688)],
)
def test_the_networks_have_as_many_trainable_parameters_as_the_sources(
    name: str, shape: tuple[int, ...], count: int
) -> None:
    model = recipe(name).build(shape, 8, seed=0)
    assert model.output_shape == (None, 8)
    assert sum(int(np.prod(weight.shape)) for weight in model.trainable_weights) == count


def test_the_blocks_of_the_conv2d_have_the_sources_count_and_all_of_it_is_near() -> None:
    model = recipe("fma_conv2d").build((1366, 96), 8, seed=0)
    posterior = model.get_layer("posterior").count_params()
    trainable = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    assert trainable - posterior == 74_592
    assert trainable == pytest.approx(2_796_648, rel=0.02)


def test_fewer_bands_keep_where_the_sound_lies() -> None:
    columns = np.full((1, 5, 128), -80, np.float32)
    columns[0, :, 64] = 0
    fewer = to_fewer_bands(columns, 96)
    assert fewer.shape == (1, 5, 96)
    assert fewer.max() == 0
    assert fewer[0, 0].argmax() == pytest.approx(64 * 96 / 128, abs=2)
    np.testing.assert_allclose(
        recipe("fma_dnn").features(_as_examples(columns))[0, 0], cepstra(columns[0, :1], 80)[0], atol=1e-2
    )


def _as_examples(columns: np.ndarray) -> Examples:
    return Examples(Clips(("a",), np.zeros(1, np.int64), columns), ("x", "y"))


def test_the_study_runs_on_the_archive_and_names_the_clip_that_is_hardly_there(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ["fma", "--data", str(archive), "--network", "dnn", "--out", str(tmp_path / "out"), "--workers", "1"]
    assert main([*command, "--cache", str(tmp_path / "cache"), "--quick", "--quiet"]) == 1
    said = capsys.readouterr()
    assert "claimed 0.483" in said.out
    assert "133297.mp3 lasts 0.50 s" in said.err
    report = json.loads((tmp_path / "out" / "dnn.json").read_text())
    assert report["genres"] == list(PITCHES)
    assert (report["n_train"], report["n_test"]) == (9, 3)
    assert (report["unreadable"], report["missing"]) == (1, 1)
    assert np.sum(report["confusion"]) == 3
    assert isinstance(list_fma(archive), FmaListing)
