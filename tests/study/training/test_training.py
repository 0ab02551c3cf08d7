"""Training learns, stops early, and a stopped or killed run goes on as if nothing had happened."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from model.calibration import spread_of
from model.errors import ParameterError, TrainingError
from model.study.datasets.gtzan import Clips
from model.study.datasets.opinions import Opinions, Teachers
from model.study.network import NetworkParams
from model.study.training.augment import NO_AUGMENTATION, Augmenter, AugmentParams
from model.study.training.batches import Batches
from model.study.training.calibrate import fit_largest_spread, fit_temperature
from model.study.training.fit import FitResult, fit
from model.study.training.lessons import Lessons
from model.study.training.params import TrainParams
from model.study.training.plot import plot_history
from model.study.training.sources import LabelledSource
from tests.sounds import chord, encoded

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

NETWORK = NetworkParams(n_genres=2, filters=(4, 8), dense_units=16)
TRAIN = TrainParams(seed=5, epochs=4, steps_per_epoch=6, batch_size=8, averaging=0.5, patience=4, tag_weight=1.0)


def _clips(n: int, seed: int) -> Clips:
    """Clips of two genres: one loud in the bass, one in the treble."""
    random = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    columns = random.uniform(-80, -30, (n, 60, 128)).astype(np.float32)
    columns[labels == 0, :, :40] += 30
    columns[labels == 1, :, 80:] += 30
    return Clips(tuple(f"track.{seed}.{row}" for row in range(n)), labels, columns)


def _fit(folder: Path, train: TrainParams = TRAIN, **more: object) -> FitResult:
    clips = _clips(8, 0)
    tags = Opinions(clips.tracks[:4], ("loud", "slow"), np.full((4, 5, 2), 0.5, np.float32), 1.0)
    lessons = Lessons(Teachers(tags))
    return fit(
        clips, _clips(6, 1), folder, n_genres=2, lessons=lessons, train=train, network=NETWORK, progress=False, **more
    )  # type: ignore[arg-type]


@pytest.mark.parametrize("precision", ["float32", "mixed_bfloat16"])
def test_the_network_learns_what_tells_two_genres_apart(tmp_path: Path, precision: str) -> None:
    train = TrainParams(
        epochs=6, steps_per_epoch=25, batch_size=16, averaging=0.9, learning_rate=1e-2, precision=precision
    )
    result = _fit(tmp_path, train)
    assert {weight.dtype for weight in result.model.weights} == {"float32"}
    assert result.history[-1]["valid_track_accuracy"] == 1
    assert result.history[-1]["valid_loss"] < result.history[0]["valid_loss"]
    plot_history(result.history, tmp_path / "history.png", best_epoch=result.best_epoch)
    assert (tmp_path / "history.png").read_bytes().startswith(b"\x89PNG")


def test_a_stopped_run_goes_on_exactly_as_it_would_have(tmp_path: Path) -> None:
    class StoppedError(Exception):
        pass

    def stop(entry: dict[str, float]) -> None:
        if entry["epoch"] == 2:
            raise StoppedError

    whole = _fit(tmp_path / "whole")
    with pytest.raises(StoppedError):
        _fit(tmp_path / "stopped", after_epoch=stop)
    resumed = _fit(tmp_path / "stopped")
    assert [entry["epoch"] for entry in resumed.history] == [1, 2, 3, 4]
    assert (whole.resumed_at, resumed.resumed_at) == (0, 2)
    for one, other in zip(whole.history, resumed.history, strict=True):
        assert one == pytest.approx(other, rel=1e-4, abs=1e-5)
    for one, other in zip(whole.model.get_weights(), resumed.model.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-4)


def test_a_run_with_other_parameters_is_refused(tmp_path: Path) -> None:
    _fit(tmp_path, TrainParams(epochs=1, steps_per_epoch=1, batch_size=2))
    with pytest.raises(TrainingError, match="other values of train"):
        _fit(tmp_path, TrainParams(epochs=2, steps_per_epoch=1, batch_size=2))


def test_a_damaged_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "state.npz").write_bytes(b"half a file")
    with pytest.raises(TrainingError, match="cannot be read"):
        _fit(tmp_path)


def test_fitting_stops_when_valid_gets_no_better(tmp_path: Path) -> None:
    hopeless = TrainParams(epochs=30, steps_per_epoch=1, batch_size=2, learning_rate=1e-9, patience=2, averaging=0.0)
    result = _fit(tmp_path, hopeless, augment=NO_AUGMENTATION)
    assert len(result.history) - result.best_epoch == 2
    assert len(result.history) < 30


@pytest.mark.skipif(sys.platform == "win32", reason="kills a process by a signal")
def test_a_killed_command_resumes_and_writes_a_checkpoint(tmp_path: Path) -> None:
    for genre, level in (("bright", 0.5), ("dark", 0.05)):
        (tmp_path / "music" / genre).mkdir(parents=True)
        for number in range(3):
            noise = np.random.default_rng(number).normal(size=70_000).astype(np.float32)
            (tmp_path / "music" / genre / f"{number}.wav").write_bytes(encoded(level * noise + chord(70_000 / 22_050)))
    (tmp_path / "music" / "dark" / "empty.wav").write_bytes(b"")
    options = "--epochs 3 --steps-per-epoch 2 --batch-size 4 --nonmusic-per-batch 0 --quiet --workers 2"
    folders = "--run run --output out --cache cache"
    command = [sys.executable, "-m", "model", "train", "--data", "music", *options.split(), *folders.split()]
    environment = {"PYTHONPATH": str(Path(__file__).parents[3]), "PATH": "/usr/bin:/bin"}

    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 180
        while not (tmp_path / "run" / "state.npz").exists() and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
    assert (tmp_path / "run" / "state.npz").exists()

    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr  # one file was left out
    assert "empty.wav" in done.stderr
    assert "1 file(s) could not be read" in done.stderr
    assert len(done.stderr.splitlines()) == 2, done.stderr  # and no note of TensorFlow's
    history = json.loads((tmp_path / "run" / "history.json").read_text())
    assert [entry["epoch"] for entry in history] == [1, 2, 3]
    card = json.loads((tmp_path / "out" / "card.json").read_text())
    assert card["genres"] == ["bright", "dark"]
    assert card["figures"]["split"] == "valid"
    assert card["training"]["seed"] == 0


def test_augmented_windows_stay_in_range_and_follow_their_seed() -> None:
    augmenter = Augmenter(AugmentParams(), n_frames=38, n_mels=128, sample_rate_hz=22_050)
    clips = _clips(6, 2)
    rows = np.arange(6)

    def draw(seed: int) -> np.ndarray:
        random = np.random.default_rng(seed)
        windows, _ = augmenter.cut(clips.columns_db, rows, random)
        return augmenter.change(windows, random)

    windows = draw(1)
    assert windows.shape == (6, 38, 128)
    assert windows.dtype == np.float32
    assert windows.max() <= 0
    assert windows.min() >= -80
    np.testing.assert_array_equal(windows, draw(1))
    assert not np.array_equal(windows, draw(2))


def test_smoothed_labels_leave_a_share_to_every_genre() -> None:
    augmenter = Augmenter(NO_AUGMENTATION, n_frames=38, n_mels=128, sample_rate_hz=22_050)
    sizes = {"n_genres": 2, "n_tags": 0, "n_dimensions": 0}
    targets = [
        Batches(
            [
                (
                    LabelledSource(
                        _clips(4, 0), Teachers(), **sizes, label_smoothing=share, teacher_share=0, band_share=0
                    ),
                    8,
                )
            ],
            augmenter,
            seed=5,
        )
        .draw(3)
        .targets
        for share in (0.0, 0.2)
    ]
    np.testing.assert_allclose(targets[1], np.where(targets[0] == 1, 0.9, 0.1), atol=1e-6)
    with pytest.raises(ParameterError, match="label_smoothing is 1"):
        TrainParams(label_smoothing=1.0)


def test_without_augmentation_a_window_is_a_stretch_of_its_clip() -> None:
    augmenter = Augmenter(NO_AUGMENTATION, n_frames=38, n_mels=128, sample_rate_hz=22_050)
    clips = _clips(2, 2)
    random = np.random.default_rng(0)
    windows, first = augmenter.cut(clips.columns_db, np.array([1]), random)
    start = int(first[0])
    expected = clips.columns_db[1, start : start + 38]
    np.testing.assert_array_equal(windows[0], expected)
    np.testing.assert_array_equal(
        augmenter.change(windows, random)[0], np.maximum(expected - expected.max(), np.float32(-80))
    )


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(ParameterError, match="'half'"):
        TrainParams(precision="half")


def test_a_strength_below_zero_is_refused() -> None:
    with pytest.raises(ParameterError, match="stretch_share"):
        AugmentParams(stretch_share=1.5)
    with pytest.raises(ParameterError, match="epochs"):
        TrainParams(epochs=0)


def test_the_fitted_temperature_undoes_a_known_overconfidence() -> None:
    random = np.random.default_rng(0)
    logits = random.normal(size=(20_000, 5))
    posteriors = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = np.array([random.choice(5, p=row) for row in posteriors])
    sharp = posteriors**2 / (posteriors**2).sum(axis=1, keepdims=True)
    assert fit_temperature(sharp.astype(np.float32), labels) == pytest.approx(2, rel=0.06)


def test_the_rule_of_unsure_flags_the_share_of_music_it_may() -> None:
    posteriors = np.random.default_rng(0).dirichlet(np.ones(4), 5000).astype(np.float32)
    largest = fit_largest_spread(posteriors, music_flagged=0.1)
    assert (spread_of(posteriors) > largest).mean() == pytest.approx(0.1, abs=0.001)
    with pytest.raises(TrainingError, match="validation"):
        fit_largest_spread(posteriors[:0])
