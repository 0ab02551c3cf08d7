"""Batches, steps and whole fits on the device do what Keras' do."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from model.genres import GENRES
from model.params import AudioParams, FeatureParams, ModelParams
from model.study.datasets.gtzan import Clips
from model.study.datasets.opinions import Opinions, Teachers
from model.study.network import NetworkParams
from model.study.training.augment import NO_AUGMENTATION, AugmentParams
from model.study.training.lessons import Lessons
from model.study.training.params import TrainParams
from tests.study.lessons_data import TAGS, other_music, tags_of

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")

jax = pytest.importorskip("jax", reason="JAX is not installed")

from model.study.accelerator.batches import draw  # noqa: E402
from model.study.accelerator.changes import Changes  # noqa: E402
from model.study.accelerator.fit import Fitter, Moments, adamw  # noqa: E402
from model.study.accelerator.network import to_keras  # noqa: E402
from model.study.accelerator.pool import Pool, make_pool  # noqa: E402

NETWORK = NetworkParams(filters=(4, 6), dense_units=8)
TRAIN = TrainParams(
    epochs=6,
    steps_per_epoch=10,
    batch_size=6,
    learning_rate=2e-2,
    averaging=0.9,
    tag_weight=0.5,
    embedding_weight=1.0,
    teacher_share=0.3,
    music_per_batch=4,
    nonmusic_per_batch=2,
)


def _clips(n: int = 8) -> Clips:
    """Clips of two genres: one loud in the bass, one in the treble."""
    random = np.random.default_rng(0)
    labels = np.arange(n) % 2
    columns = random.uniform(-80, -30, (n, 60, 128)).astype(np.float32)
    columns[labels == 0, :, :40] += 30
    columns[labels == 1, :, 80:] += 30
    return Clips(tuple(f"track.{row}" for row in range(n)), labels, columns)


def _lessons(clips: Clips) -> Lessons:
    music = other_music(12)
    half = clips.tracks[:4]
    teachers = Teachers(
        Opinions(clips.tracks, TAGS, tags_of(clips.labels, 5, 1), 0.976),
        Opinions(half, GENRES, np.full((4, 4, 10), 0.1), 1.0),
        Opinions(half, ("one", "two"), np.ones((4, 4, 2)), 1.0),
    )
    return Lessons(teachers, music, Teachers(music.tags, music.genres, music.embedding))


NONMUSIC = {"hum": np.full((3, 38, 128), -10, np.float32), "speech": np.full((2, 38, 128), -20, np.float32)}


def _pool(train: TrainParams = TRAIN, augment: AugmentParams = NO_AUGMENTATION) -> Pool:
    clips = _clips()
    return make_pool(clips, _lessons(clips), NONMUSIC, n_genres=10, train=train, augment=augment)


def test_a_batch_holds_the_windows_of_each_source_and_what_they_teach() -> None:
    train = replace(TRAIN, batch_size=60, music_per_batch=40, nonmusic_per_batch=200)
    augment = replace(NO_AUGMENTATION, band_share=0.6)
    changes = Changes(augment, n_frames=38, n_mels=128, sample_rate_hz=22_050)
    drawn = jax.jit(lambda key, pool: draw(key, pool, changes, train))
    batch, chance = drawn(jax.random.PRNGKey(1), _pool(train, augment))
    batch = type(batch)(*map(np.asarray, batch))
    assert batch.windows_db.shape == (300, 38, 128)
    np.testing.assert_allclose(batch.targets.sum(axis=1), 1, atol=1e-3)
    assert batch.is_music.tolist() == [1] * 100 + [0] * 200
    assert not batch.has_tags[100:].any()
    labelled = {tuple(np.round(np.sort(row)[-2:].astype(float), 2).tolist()) for row in batch.targets[:60]}
    assert labelled == {(0.0, 1.0), (0.03, 0.73)}  # alone; with the teacher's share of a tenth for each genre
    heard = batch.has_embedding[:60] == 1
    np.testing.assert_array_equal(heard, batch.targets[:60].max(axis=1) < 1)
    np.testing.assert_array_equal(batch.embedding[:60][heard], 1)
    np.testing.assert_array_equal(batch.embedding[:60][~heard], 0)
    bass = batch.windows_db[:60, :, :40].mean(axis=(1, 2)) > batch.windows_db[:60, :, 80:].mean(axis=(1, 2))
    np.testing.assert_array_equal(batch.targets[:60].argmax(axis=1), np.where(bass, 0, 1))  # the right window
    np.testing.assert_array_equal(batch.tags[:60, 0] > 0.5, bass)
    assert batch.windows_db[60:100].min() >= -60.001  # the span of the other music
    assert {0, 1} == set(batch.targets[60:100].argmax(axis=1).tolist())
    speech = (batch.windows_db[100:] == -20).all(axis=(1, 2))
    assert speech.mean() == pytest.approx(0.3, abs=0.1)
    np.testing.assert_allclose(batch.targets[100:], 0.1)
    assert set(np.round(np.asarray(chance, float), 3).tolist()) == {
        0.6,
        0.2,
        0.0,
    }


def test_a_fit_that_asks_for_no_teacher_learns_no_more_than_labels() -> None:
    pool = make_pool(_clips(), Lessons(), {}, n_genres=10, train=TrainParams(), augment=AugmentParams())
    assert (pool.music, pool.nonmusic, pool.labelled.said) == (None, None, (None, None, None))


def test_a_step_of_adamw_is_that_of_keras_and_kernels_alone_decay() -> None:
    import keras

    random = np.random.default_rng(2)
    shapes = {"kernel": (3, 2), "bias": (2,), "gamma": (2,), "beta": (2,)}
    weights = {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    gradients = [{name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()} for _ in "12"]
    train = replace(TRAIN, weight_decay=0.5)

    optimizer = keras.optimizers.AdamW(learning_rate=1.0, weight_decay=train.weight_decay, beta_2=0.99)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    variables = [keras.Variable(value, name=name) for name, value in weights.items()]
    optimizer.build(variables)
    learnt = {"layer": weights}
    moments = Moments(*({"layer": {name: np.zeros_like(value) for name, value in weights.items()}} for _ in "12"))
    for step, gradient in enumerate(gradients):
        optimizer.learning_rate.assign(train.rate_at(step))
        optimizer.apply([keras.ops.convert_to_tensor(value) for value in gradient.values()], variables)
        rate = np.float32(train.rate_at(step))
        learnt, moments = adamw(learnt, {"layer": gradient}, moments, step, rate, train.weight_decay)
    for variable in variables:
        np.testing.assert_allclose(learnt["layer"][variable.name], variable.numpy(), rtol=1e-5, atol=1e-7)


def test_a_fit_lowers_the_loss_and_the_same_seed_gives_the_same_weights() -> None:
    small = ModelParams(AudioParams(window_samples=13_230), FeatureParams(n_mels=32))  # quick on a processor
    clips = _clips()
    clips = Clips(clips.tracks, clips.labels, clips.columns_db[:, :, ::4])
    n_frames, n_mels = small.input_shape
    nonmusic = {kind: windows[:, :n_frames, :n_mels] for kind, windows in NONMUSIC.items()}
    train = replace(TRAIN, epochs=5, steps_per_epoch=6, learning_rate=0.1, teacher_share=0.0, music_per_batch=0)
    pool = make_pool(clips, _lessons(clips), nonmusic, n_genres=10, train=train, augment=AugmentParams())
    fitter = Fitter(pool, train, AugmentParams(), NETWORK, small)
    told: list[float] = []
    one, again, other = fitter.fit(5, told.append), fitter.fit(5), fitter.fit(6)
    assert told == one.losses
    assert one.losses[-1] < 0.9 * one.losses[0], one.losses
    named, same, different = (to_keras(fit.weights) for fit in (one, again, other))
    for path, array in named.items():
        assert np.isfinite(array).all()
        np.testing.assert_array_equal(array, same[path])
        assert not np.array_equal(array, different[path])
    for untouched, path in ((0.0, "norm_1/moving_mean"), (1.0, "norm_1/moving_variance")):
        assert not np.allclose(named[path], untouched)


def test_each_step_has_the_learning_rate_of_train_params(monkeypatch: pytest.MonkeyPatch) -> None:
    fitter = Fitter(SimpleNamespace(labelled=_pool().labelled), TRAIN, AugmentParams(), NETWORK)  # type: ignore[arg-type]
    seen: list[np.ndarray] = []

    def epoch(state: object, numbers: np.ndarray, rates: np.ndarray, pool: object) -> tuple[object, np.ndarray]:
        seen.extend(zip(numbers.tolist(), rates.tolist(), strict=True))
        return state, np.zeros(len(numbers))

    monkeypatch.setattr(fitter, "_epoch", epoch)
    fitter.fit(0)
    assert [number for number, _ in seen] == list(range(60))
    assert [rate for _, rate in seen] == pytest.approx([TRAIN.rate_at(step) for step in range(60)], rel=1e-6)
