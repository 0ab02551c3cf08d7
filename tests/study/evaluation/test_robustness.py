"""Degraded recordings: each variant does what it says, and decisions are compared at the same place in the music."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from model.audio.decode import decode, probe
from model.audio.track import Track
from model.classifier import Classifier
from model.errors import DatasetError, ParameterError
from model.scorer import Scorer
from model.study.cli import robustness as command
from model.study.evaluation.robustness import audio_files, measure_agreement
from model.study.evaluation.stretch import change_pitch, change_tempo
from model.study.evaluation.variants import VARIANTS, Variant
from tests.sounds import RATE_HZ, chord, encoded, write

BY_NAME = {variant.name: variant for variant in VARIANTS}


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    scorer = Scorer(Classifier())
    yield scorer
    scorer.close()


def _degraded(name: str, samples: NDArray[np.float32]) -> bytes:
    return BY_NAME[name].degrade(Track(samples, RATE_HZ), np.random.default_rng(0))


def _tone(hz: float, seconds: float = 4.0) -> NDArray[np.float32]:
    return (0.5 * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE_HZ)) / RATE_HZ)).astype(np.float32)


def _peak_hz(samples: NDArray[np.float32]) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * RATE_HZ / len(samples))


def _rms_db(samples: NDArray[np.float32]) -> float:
    return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64))))


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.name)
def test_every_variant_is_a_file_that_decodes_to_the_stated_length(variant: Variant) -> None:
    degraded = decode(_degraded(variant.name, chord(6.0)))
    assert degraded.sample_rate_hz == RATE_HZ
    assert degraded.duration_seconds == pytest.approx(6.0 / variant.rate, abs=0.06)


def test_mp3_has_64_kbit_a_second_and_two_channels() -> None:
    content = _degraded("mp3_64", chord(20.0))
    assert len(content) * 8 / 20.0 == pytest.approx(64_000, rel=0.02)
    assert (probe(content).n_channels, probe(content).sample_rate_hz) == (2, 44_100)


@pytest.mark.parametrize(("name", "expected_db"), [("gain_minus_30", -30), ("gain_minus_12", -12)])
def test_gain_changes_the_level_and_nothing_else(name: str, expected_db: float) -> None:
    clean = chord(4.0)
    degraded = decode(_degraded(name, clean)).samples
    assert _rms_db(degraded) - _rms_db(clean) == pytest.approx(expected_db, abs=0.1)
    assert np.corrcoef(degraded, clean)[0, 1] > 0.999


def test_six_db_more_clips_loud_music() -> None:
    degraded = decode(_degraded("gain_plus_6", _tone(440) * np.float32(1.8))).samples
    assert np.mean(np.abs(degraded) > 0.999) > 0.3


def test_noise_lies_20_db_below_the_music() -> None:
    clean = chord(4.0)
    noise = decode(_degraded("noise_20", clean)).samples - clean
    assert _rms_db(noise) - _rms_db(clean) == pytest.approx(-20, abs=0.2)


@pytest.mark.parametrize(
    ("name", "kept_hz", "lost_hz"), [("telephone", 1000, 100), ("telephone", 1000, 6000), ("rate_16000", 1000, 9000)]
)
def test_bands_outside_are_lost(name: str, kept_hz: float, lost_hz: float) -> None:
    kept, lost = (_tone(hz) for hz in (kept_hz, lost_hz))
    assert _rms_db(decode(_degraded(name, kept)).samples) - _rms_db(kept) == pytest.approx(0, abs=0.5)
    assert _rms_db(decode(_degraded(name, lost)).samples) - _rms_db(lost) < -20


@pytest.mark.parametrize("semitones", [-2.0, 2.0])
def test_pitch_moves_and_tempo_stays(semitones: float) -> None:
    clean = _tone(440.0)
    shifted = change_pitch(clean, semitones)
    assert len(shifted) == len(clean)
    assert _peak_hz(shifted) == pytest.approx(440.0 * 2 ** (semitones / 12), rel=0.005)


@pytest.mark.parametrize("rate", [0.9, 1.1])
def test_tempo_moves_and_pitch_and_level_stay(rate: float) -> None:
    clean = _tone(440.0)
    changed = change_tempo(clean, rate)
    assert len(changed) == round(len(clean) / rate)
    assert _peak_hz(changed) == pytest.approx(440.0, rel=0.005)
    assert _rms_db(changed) == pytest.approx(_rms_db(clean), abs=0.5)


def test_the_same_tempo_gives_the_same_sound() -> None:
    clean = chord(4.0)
    inner = slice(2048, -4096)
    assert np.abs(change_tempo(clean, 1.0) - clean)[inner].max() < 1e-3


@pytest.mark.parametrize("rate", [0.0, -1.0, 5.0])
def test_a_tempo_out_of_range_is_refused(rate: float) -> None:
    with pytest.raises(ParameterError, match=f"tempo of {rate} times"):
        change_tempo(chord(1.0), rate)


def test_a_sound_shorter_than_a_frame_is_refused() -> None:
    with pytest.raises(ParameterError, match="100 samples"):
        change_tempo(np.zeros(100, np.float32), 1.1)


def test_an_untouched_copy_agrees_wholly(scorer: Scorer, tmp_path: Path) -> None:
    copy = Variant("copy", "a copy", "alike", lambda track, _: encoded(track.samples))
    files = [write(tmp_path / f"{seconds}.wav", encoded(chord(seconds))) for seconds in (6.0, 10.5)]
    (agreement,) = measure_agreement(scorer, files, seed=0, variants=[copy])
    assert agreement.same_tracks == (True, True)
    assert agreement.same_windows == (True,) * (2 + 4)


@pytest.mark.parametrize(("rate", "expected"), [(2.0, (True, True, True, True)), (1.0, (True, True, False, False))])
def test_windows_are_compared_at_the_same_moment_of_the_music(
    scorer: Scorer, tmp_path: Path, rate: float, expected: tuple[bool, ...]
) -> None:
    noise = np.random.default_rng(0).standard_normal(RATE_HZ // 2).astype(np.float32) * 0.1
    half_seconds = [np.tile(part, 24) for part in (noise, _tone(110.0, 0.5))]
    file = write(tmp_path / "change.wav", encoded(np.concatenate(half_seconds)))
    shorter = np.concatenate([part[: len(part) // 2] for part in half_seconds])
    fast = Variant("fast", "each part half as long", "harsh", lambda *_: encoded(shorter), rate=rate)
    (agreement,) = measure_agreement(scorer, [file], seed=0, variants=[fast])
    assert agreement.same_windows == expected


def test_missing_audio_is_told(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="GTZAN_HOME"):
        audio_files(tmp_path)


def test_the_command_writes_both_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from model.cli import main

    home = tmp_path / "gtzan"
    (home / "splits").mkdir(parents=True)
    (home / "splits" / "valid_filtered.txt").write_text("jazz/jazz.00000.wav\n", encoding="utf-8")
    (home / "logmel.npz").write_bytes(b"")
    for genre in ("jazz", "rock"):
        (home / "audio" / genre).mkdir(parents=True)
        content = encoded(chord(3.5), format="FLAC")
        write(home / "audio" / genre / f"{genre}.00000.flac", content)
    monkeypatch.setenv("GTZAN_HOME", str(home))
    assert main(["robustness", "--quiet", "--out", str(tmp_path / "out")]) == 0
    stored = json.loads((tmp_path / "out" / "robustness.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in stored["variants"]] == [variant.name for variant in VARIANTS]
    assert (stored["n_tracks"], stored["n_valid_tracks"]) == (2, 1)
    text = (tmp_path / "out" / "robustness.md").read_text(encoding="utf-8")
    assert text == command.to_markdown(stored)
    assert "telephone band" in capsys.readouterr().out
