"""Training data: GTZAN's cache and lists, folders of audio, and sounds that are no music."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.fft import dct

from model.audio.decode import decode
from model.errors import DatasetError
from model.study.datasets import folders
from model.study.datasets.decibels import load_mfcc_means, range_db, to_decibels
from model.study.datasets.division import split_by_chance
from model.study.datasets.folders import extract, list_audio
from model.study.datasets.gtzan import cut_windows, gtzan_home, load_clips, load_columns, read_split
from tests.gtzan import needs_gtzan
from tests.sounds import chord, encoded


@pytest.fixture
def music(tmp_path: Path) -> Path:
    """Two genres of three short tracks, and a file that is no audio."""
    for genre, level in (("loud", 0.5), ("soft", 0.05)):
        (tmp_path / "music" / genre).mkdir(parents=True)
        for number in range(3):
            samples = chord(3.5 + 0.3 * number, level=level)
            (tmp_path / "music" / genre / f"{number}.wav").write_bytes(encoded(samples))
    (tmp_path / "music" / "soft" / "broken.wav").write_bytes(b"RIFF and then nothing")
    return tmp_path / "music"


def _extract(music: Path, cache: Path) -> folders.Extracted:
    return extract(music, cache_folder=cache, n_workers=2, progress=False)


def test_a_folder_gives_its_genres_and_names_the_file_that_cannot_be_read(music: Path, tmp_path: Path) -> None:
    extracted = _extract(music, tmp_path / "cache")
    assert extracted.genres == ("loud", "soft")
    assert len(extracted.files) == 6
    assert list(extracted.failures) == [str(music / "soft" / "broken.wav")]
    for columns in extracted.columns_db:
        assert columns.shape[1] == 128
        assert columns.max() == 0
        assert columns.min() >= -80


def test_features_are_computed_again_only_for_a_changed_file(
    music: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed: list[str] = []
    real = folders.log_mel_columns

    def counting(path: Path, params: object) -> np.ndarray:
        computed.append(path.name)
        return real(path, params)  # type: ignore[arg-type]

    monkeypatch.setattr(folders, "log_mel_columns", counting)
    first = extract(music, cache_folder=tmp_path / "cache", n_workers=1, progress=False)
    assert sorted(computed) == ["0.wav", "0.wav", "1.wav", "1.wav", "2.wav", "2.wav", "broken.wav"]
    computed.clear()
    (music / "loud" / "0.wav").write_bytes(encoded(chord(4.0, level=0.3)))
    second = extract(music, cache_folder=tmp_path / "cache", n_workers=1, progress=False)
    assert sorted(computed) == ["0.wav", "broken.wav"]
    assert np.array_equal(first.columns_db[1], second.columns_db[1])


def test_a_track_lies_wholly_on_one_side_and_every_genre_on_both(music: Path, tmp_path: Path) -> None:
    extracted = _extract(music, tmp_path / "cache")
    train, valid = split_by_chance(extracted, seed=3, n_columns=40)
    assert not set(train.tracks) & set(valid.tracks)
    assert set(train.labels) == set(valid.labels) == {0, 1}
    again, _ = split_by_chance(extracted, seed=3, n_columns=40)
    assert again.tracks == train.tracks


def test_a_folder_without_two_genres_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="is not a folder"):
        list_audio(tmp_path / "nowhere")
    (tmp_path / "only").mkdir()
    (tmp_path / "only" / "a.wav").write_bytes(b"")
    with pytest.raises(DatasetError, match="1 genre"):
        list_audio(tmp_path)


def test_windows_are_relative_to_their_own_maximum() -> None:
    columns = np.random.default_rng(0).uniform(-80, -10, (2, 387, 128)).astype(np.float32)
    windows = cut_windows(columns)
    assert windows.shape == (2, 10, 38, 128)
    np.testing.assert_array_equal(windows.max(axis=(2, 3)), 0)
    assert windows.min() >= -80
    with pytest.raises(DatasetError, match="shorter"):
        cut_windows(columns[:, :30])


def test_a_missing_feature_cache_says_what_to_set(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GTZAN_HOME", str(tmp_path))
    with pytest.raises(DatasetError, match="set GTZAN_HOME"):
        gtzan_home()


@needs_gtzan
def test_the_published_lists_do_not_overlap_and_have_their_features() -> None:
    train, valid, test = (set(read_split(name)) for name in ("train", "valid", "test"))
    assert (len(train), len(valid), len(test)) == (443, 197, 290)
    assert not train & valid
    assert not (train | valid) & test
    assert set(read_split("artist_clean")) <= test
    clips = load_clips("train")
    assert clips.missing == ("jazz.00054",)
    assert clips.columns_db.shape == (442, 387, 128)
    with pytest.raises(DatasetError, match="no split"):
        read_split("all")


def _stored(db: np.ndarray) -> np.ndarray:
    """Stretch a log-mel to bytes as the feature cache does."""
    return np.round(255 * (db - db.min()) / (db.max() - db.min())).astype(np.uint8)


def _mfcc_means(db: np.ndarray) -> np.ndarray:
    return dct(db, axis=0, norm="ortho").mean(axis=1)[1:20]


def test_the_decibels_of_a_stretched_clip_come_back() -> None:
    rng = np.random.default_rng(0)
    db = rng.normal(size=(128, 387)) * 3 - np.linspace(0, 45, 128)[:, None] - 10
    stored = _stored(db)
    span = range_db(stored, _mfcc_means(db))
    assert span == pytest.approx(np.ptp(db), abs=0.2)
    assert np.abs(to_decibels(stored, span) - (db - db.max()).T).max() < 0.4


def test_a_clip_that_was_cut_spans_eighty_decibels() -> None:
    db = np.maximum(np.random.default_rng(0).normal(size=(128, 387)) * 20 - np.linspace(0, 60, 128)[:, None], -80)
    assert range_db(_stored(db), _mfcc_means(db)) == 80


def test_a_missing_or_foreign_table_of_features_is_named(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"features_30s\.csv cannot be read"):
        load_mfcc_means(tmp_path)
    (tmp_path / "features_30s.csv").write_text("filename,tempo\nblues.00000.wav,120\n")
    with pytest.raises(DatasetError, match="mfcc2_mean"):
        load_mfcc_means(tmp_path)


@needs_gtzan
def test_clips_span_what_the_real_audio_spans() -> None:
    """The quietest cell of country.00001 lies 64 dB below its loudest, not 80."""
    from librosa import power_to_db
    from librosa.feature import melspectrogram

    for track in ("country.00001", "disco.00005", "metal.00000"):
        columns = load_columns(track)
        assert columns is not None
        audio = decode(gtzan_home() / "audio" / track.split(".")[0] / f"{track}.flac").samples
        real = power_to_db(melspectrogram(y=audio, sr=22050, n_mels=128), ref=np.max)
        levels = [1, 10, 50, 99]
        assert np.percentile(columns, levels) == pytest.approx(np.percentile(real, levels), abs=1.0)
