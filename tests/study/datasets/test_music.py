"""Other music and the teachers' opinions: what is read, what is left out, and when."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.errors import DatasetError
from model.genres import GENRES
from model.study.datasets.gtzan import read_split
from model.study.datasets.music import as_clips, load_held_out, load_music, music_home
from model.study.datasets.opinions import Opinions, joined_opinions
from model.study.datasets.teachers import load_tag_opinions, load_yamnet_opinions
from tests.gtzan import ROOT, needs_gtzan
from tests.study.lessons_data import TAGS, write_music

needs_music = pytest.mark.skipif(
    not (ROOT.parent / "music" / "music_1.npz").exists(), reason="the other music is not beside GTZAN"
)

# by the checksum of their names: Ann and Bob are held out, Cid and Dan are not
ARTISTS = ["Ann", "Ann & Cid", "Cid", "Dan", "Dan", "", "Bob", "Eve"]
WEAK = ["rock", "", "jazz", "", "blues", "pop", "", "disco"]
LISTS = ["", "", "", "valid", "test+train", "", "", ""]


def test_music_to_learn_from_holds_no_artist_of_test_none_held_out_and_while_choosing_none_of_valid(
    tmp_path: Path,
) -> None:
    write_music(tmp_path, ARTISTS, WEAK, LISTS)
    held = load_held_out(TAGS, tmp_path)
    assert set(held.tracks) == {"music.0"}  # weakly labelled, artist known, drawn
    final, choosing = (load_music(TAGS, tmp_path, choosing=choosing) for choosing in (False, True))
    assert final.tracks == ("music.2", "music.3", "music.5", "music.6", "music.7")
    assert choosing.tracks == ("music.2", "music.5", "music.6", "music.7")
    assert final.weak_labels.tolist() == [GENRES.index("jazz"), -1, GENRES.index("pop"), -1, GENRES.index("disco")]
    assert final.columns.shape == (5, 50, 128)
    assert final.tags.names == TAGS


def test_while_choosing_the_genres_are_those_of_the_head_that_never_saw_valid(tmp_path: Path) -> None:
    write_music(tmp_path, ARTISTS, WEAK, LISTS)
    final, choosing = (load_music(TAGS, tmp_path, choosing=choosing) for choosing in (False, True))
    jazz = GENRES.index("jazz")
    assert final.genres.scores[0, 0].argmax() == jazz
    assert choosing.genres.scores[0, 0].argmax() == jazz + 1


def test_clips_of_other_music_have_their_true_span(tmp_path: Path) -> None:
    write_music(tmp_path, ARTISTS, WEAK, LISTS)
    clips = as_clips(load_music(TAGS, tmp_path, choosing=False))
    assert clips.tracks == ("music.2", "music.5", "music.7")
    assert clips.labels.tolist() == [GENRES.index(genre) for genre in ("jazz", "pop", "disco")]
    assert clips.columns_db.dtype == np.float32
    assert clips.columns_db.min() == pytest.approx(-70, abs=0.5)
    assert clips.columns_db.max() == pytest.approx(0, abs=0.5)


def test_missing_and_strange_music_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSIC_HOME", str(tmp_path))
    with pytest.raises(DatasetError, match="MUSIC_HOME"):
        music_home()
    np.savez(tmp_path / "music_1.npz", track=np.array(["a"]))
    assert music_home() == tmp_path
    with pytest.raises(DatasetError, match="copy it again"):
        load_music(TAGS, choosing=True)
    write_music(tmp_path / "odd", ["Cid", "Cid"], ["rock", "rock"], ["", ""])
    with np.load(tmp_path / "odd" / "music_1.npz") as stored:
        np.savez(tmp_path / "odd" / "music_1.npz", **{**stored, "weak_genre": np.array(["polka"])})
    with pytest.raises(DatasetError, match="polka"):
        load_music(TAGS, tmp_path / "odd", choosing=True)
    with pytest.raises(DatasetError, match="without teachers"):
        load_tag_opinions(tmp_path)


def test_opinions_are_interpolated_to_where_a_window_starts() -> None:
    scores = np.array([[[0.0], [1.0], [3.0]], [[5.0], [5.0], [5.0]]], np.float16)
    opinions = Opinions(("a", "b"), ("x",), scores, 0.5)
    np.testing.assert_allclose(
        opinions.at(np.zeros(5, int), np.array([-1, 0, 0.25, 0.75, 9])).ravel(), [0, 0, 0.5, 2, 3]
    )
    assert opinions.rows_of(["b", "c"]).tolist() == [1, -1]
    np.testing.assert_allclose(opinions.every(0.25).scores[0].ravel(), [0, 0.5, 1, 2, 3])
    kept = joined_opinions(opinions, opinions.only(np.array([False, True])))
    assert kept.tracks == ("a", "b", "b")
    assert Opinions(("a",), ("x",), scores[:1, :1], 1.0).at(np.array([0]), np.array([4.0])).tolist() == [[0.0]]


@needs_gtzan
def test_the_teachers_of_gtzan_heard_train_and_valid_tracks_and_never_test() -> None:
    train, valid = set(read_split("train")), set(read_split("valid"))
    assert set(load_tag_opinions().tracks) == train
    assert set(load_tag_opinions(with_valid=True).tracks) <= train | valid
    genres, embedding = load_yamnet_opinions()
    assert set(genres.tracks) <= train
    assert genres.tracks == embedding.tracks
    assert len(load_yamnet_opinions(with_valid=True)[0].tracks) == 207 + 107
    assert load_tag_opinions().scores.shape == (443, 28, 50)


@needs_gtzan
@needs_music
def test_at_least_300_weakly_labelled_clips_of_the_music_are_held_out() -> None:
    tags = load_tag_opinions().names
    held, learnt = load_held_out(tags), load_music(tags, choosing=False)
    assert len(held.tracks) >= 300
    assert not set(held.tracks) & set(learnt.tracks)
    assert (held.weak_labels >= 0).all()
    assert len(learnt.tracks) > 2000
