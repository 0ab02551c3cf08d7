"""Teachers: two opinions made one, sources of windows, and a network that learns from opinions alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import model.study.training.lessons as lessons_module
from model.cli import main
from model.errors import TrainingError
from model.genres import GENRES
from model.study.datasets.gtzan import Clips
from model.study.datasets.opinions import Opinions, Teachers
from model.study.network import NetworkParams, build_network
from model.study.training.augment import NO_AUGMENTATION, Augmenter, AugmentParams
from model.study.training.fit import fit
from model.study.training.joint_teacher import teach, together
from model.study.training.lessons import Lessons, lessons_from_gtzan
from model.study.training.params import WITH_TEACHERS, TrainParams
from model.study.training.sources import LabelledSource, TaughtSource
from tests.study.lessons_data import TAGS, other_music, sure_of, tags_of

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

AUGMENTER = Augmenter(NO_AUGMENTATION, n_frames=38, n_mels=128, sample_rate_hz=22_050)


def _clips(n: int) -> Clips:
    random = np.random.default_rng(3)
    columns = random.uniform(-80, 0, (n, 60, 128)).astype(np.float32)
    return Clips(tuple(f"track.{row}" for row in range(n)), np.arange(n) % 2, columns)


def _taught(n: int = 12) -> tuple[Clips, Lessons]:
    clips, music = _clips(n), other_music(16)
    tags = Opinions(clips.tracks, TAGS, tags_of(clips.labels, 5, 1), 0.976)
    genres = Opinions(clips.tracks[:4], GENRES, sure_of(clips.labels[:4], 4), 1.0)
    embedding = Opinions(clips.tracks[:4], ("one", "two"), np.ones((4, 4, 2)), 1.0)
    labelled, other = teach(clips, tags, genres, embedding, music)
    return clips, Lessons(labelled, music, other)


def test_two_opinions_that_agree_are_surer_than_one_and_two_that_differ_less_sure() -> None:
    one, other = np.array([[0.7, 0.2, 0.1]]), np.array([[0.1, 0.2, 0.7]])
    assert together(one, one)[0, 0] > 0.7
    assert together(one, other).max() < 0.7
    np.testing.assert_allclose(together(one, other).sum(axis=1), 1)


def test_the_joint_teacher_tells_apart_what_both_teachers_tell_apart() -> None:
    clips, lessons = _taught()
    genres = lessons.teachers.genres
    assert genres is not None
    assert genres.tracks == clips.tracks
    np.testing.assert_array_equal(genres.scores.mean(axis=1).argmax(axis=1), clips.labels)
    np.testing.assert_allclose(genres.scores.sum(axis=-1), 1, atol=1e-5)
    both, alone = genres.scores[:4].max(axis=-1).mean(), genres.scores[4:].max(axis=-1).mean()
    assert both > alone  # YAMNet heard the first four only
    on_music = lessons.music_teachers.genres
    assert on_music is not None
    np.testing.assert_array_equal(on_music.scores.mean(axis=1).argmax(axis=1), np.arange(16) % 2)


def test_labelled_windows_take_the_teachers_share_where_one_was_heard() -> None:
    clips = _clips(4)
    heard = Opinions(clips.tracks[:2], ("a", "b"), np.full((2, 3, 2), 0.5), 1.0)
    source = LabelledSource(
        clips,
        Teachers(genres=heard),
        n_genres=2,
        n_tags=0,
        n_dimensions=0,
        label_smoothing=0.0,
        teacher_share=0.3,
        band_share=0.0,
    )
    targets = source.draw(60, AUGMENTER, np.random.default_rng(0))[0].targets
    found = {tuple(round(float(value), 3) for value in row) for row in targets}
    assert found == {(1.0, 0.0), (0.0, 1.0), (0.85, 0.15), (0.15, 0.85)}


def test_no_genre_is_told_by_a_source_that_cut_its_treble() -> None:
    music = other_music(16)  # half of genre 0's clips lack treble, none of genre 1's
    teachers = Teachers(music.tags, music.genres, music.embedding)
    source = TaughtSource(music, teachers, n_tags=3, n_dimensions=2, band_share=0.6)
    batch, chance = source.draw(4000, AUGMENTER, np.random.default_rng(1))
    genre = batch.targets.argmax(axis=1)
    assert abs((genre == 0).mean() - 0.5) < 0.05
    lacking = {0: 0.5, 1: 0.0}
    for number, share in lacking.items():
        dull = share + chance[genre == number].mean()  # those that lack it lose nothing more
        assert dull == pytest.approx(0.6, abs=0.03)
    assert batch.windows_db.min() >= -60.001
    assert batch.has_tags.all()
    assert batch.has_embedding.all()


def test_a_window_loses_its_treble_by_its_own_chance() -> None:
    augmenter = Augmenter(replace(NO_AUGMENTATION, band_share=0.5), n_frames=38, n_mels=128, sample_rate_hz=22_050)
    flat = np.zeros((40, 38, 128), np.float32)
    changed = augmenter.change(flat, np.random.default_rng(0), np.repeat([0.0, 1.0], 20))
    assert (changed[:20, :, -1] == 0).all()
    assert (changed[20:, :, -1] < 0).all()


def test_a_network_learns_genres_from_opinions_on_other_music(tmp_path: Path) -> None:
    clips, lessons = _taught()
    music = lessons.music
    assert music is not None
    columns = music.columns.astype(int)
    columns[::2, :, :40] += 100
    columns[1::2, :, 80:] += 100
    heard = replace(lessons, music=replace(music, columns=np.clip(columns, 0, 255).astype(np.uint8)))
    train = TrainParams(
        **{
            **WITH_TEACHERS,
            "epochs": 6,
            "steps_per_epoch": 20,
            "batch_size": 2,
            "music_per_batch": 16,
            "averaging": 0.9,
        },
        learning_rate=1e-2,
    )
    network = NetworkParams(filters=(4, 8), dense_units=16)
    result = fit(
        clips,
        None,
        tmp_path,
        n_genres=10,
        lessons=heard,
        train=train,
        network=network,
        augment=AugmentParams(),
        progress=False,
    )
    assert result.history[-1]["accuracy"] > 0.8
    assert result.history[-1]["loss"] < result.history[0]["loss"]
    assert result.model.output_shape == (None, 10)


def test_a_fit_without_teachers_loads_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("opinions were loaded")

    monkeypatch.setattr(lessons_module, "load_tag_opinions", refuse)
    assert lessons_from_gtzan(_clips(2), TrainParams(), choosing=True).to_dict() == {
        "teachers": "none",
        "other_music_clips": 0,
    }


def test_teachers_are_refused_for_a_folder_of_audio(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--data", str(tmp_path), "--with-teachers"]) == 2
    assert "leave out --data" in capsys.readouterr().err


def test_a_fit_can_go_on_from_another_networks_weights(tmp_path: Path) -> None:
    network = NetworkParams(n_genres=2, filters=(4, 8), dense_units=16)
    train = TrainParams(epochs=1, steps_per_epoch=1, batch_size=2, learning_rate=1e-9, averaging=0.0)
    start = build_network(network)
    how = {"n_genres": 2, "train": train, "network": network, "progress": False}
    result = fit(_clips(4), None, tmp_path, start=start, **how)
    for name in ("conv_1", "dense", "logits"):
        one, other = result.model.get_layer(name).get_weights()[0], start.get_layer(name).get_weights()[0]
        np.testing.assert_allclose(one, other, atol=1e-5)
    with pytest.raises(TrainingError, match="goes_on_from"):
        fit(_clips(4), None, tmp_path, start=build_network(network), **how)


def test_going_on_needs_something_to_go_on_from(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--go-on"]) == 2
    assert "--go-on needs --twin" in capsys.readouterr().err
