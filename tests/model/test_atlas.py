"""The map of known tracks: right on its own windows, refused where it belongs to other weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.atlas import MAP_NAME, Atlas, fit_atlas, read_atlas, write_atlas
from model.checkpoint import DEFAULT_CHECKPOINT, read_card
from model.errors import MapError, ParameterError
from model.explain import Explainer
from model.genres import GENRES
from tests.checkpoints import tiny_checkpoint
from tests.gtzan import needs_gtzan


@pytest.fixture
def embeddings() -> np.ndarray:
    """Windows of 6 tracks, three a genre, which lie apart along one direction above all."""
    rng = np.random.default_rng(0)
    direction = rng.standard_normal(8)
    of_track = np.repeat([0.0, 5.0], 3)[:, None, None] * direction + rng.standard_normal((6, 1, 8)) * 0.3
    return (of_track + rng.standard_normal((6, 4, 8)) * 0.1).astype(np.float32)


def fitted(embeddings: np.ndarray, weights: str = "0" * 64) -> Atlas:
    tracks = [f"{genre}.{number}" for genre in ("jazz", "rock") for number in range(3)]
    return fit_atlas(embeddings, tracks, [track.split(".")[0] for track in tracks], weights, n_axes=3)


def test_axes_are_the_principal_components_of_the_windows(embeddings: np.ndarray) -> None:
    atlas = fitted(embeddings)
    windows = embeddings.reshape(-1, 8)
    np.testing.assert_allclose(atlas.axes @ atlas.axes.T, np.eye(3), atol=1e-5)
    singular = np.linalg.svd(windows - windows.mean(axis=0), compute_uv=False) ** 2
    np.testing.assert_allclose(atlas.shares, singular[:3] / singular.sum(), rtol=1e-4)
    np.testing.assert_allclose(atlas.place(windows).mean(axis=0), 0, atol=1e-5)


def test_a_track_lies_where_the_mean_of_its_windows_lies_and_is_nearest_to_itself(embeddings: np.ndarray) -> None:
    atlas = fitted(embeddings)
    place = atlas.place(embeddings[4].mean(axis=0))
    np.testing.assert_allclose(place, atlas.places[4], atol=1e-5)
    nearest = atlas.nearest(place, 3)
    assert (nearest[0].track, nearest[0].distance) == ("rock.1", pytest.approx(0, abs=1e-4))
    assert {each.genre for each in nearest} == {"rock"}
    assert [each.distance for each in nearest] == sorted(each.distance for each in nearest)
    assert set(atlas.centres()) == {"jazz", "rock"}


def test_a_map_is_kept_beside_its_weights_and_refused_beside_others(embeddings: np.ndarray, tmp_path: Path) -> None:
    folder = tiny_checkpoint(tmp_path / "tiny", ("jazz", "rock"))
    card = read_card(folder)
    with pytest.raises(MapError, match="tiny has no map of known tracks"):
        read_atlas(folder, card)
    write_atlas(folder, fitted(embeddings, card.files["litert"].sha256))
    read = read_atlas(folder, card)
    assert read.tracks == fitted(embeddings).tracks
    np.testing.assert_allclose(read.places, fitted(embeddings).places, atol=0.02)
    write_atlas(folder, fitted(embeddings))
    with pytest.raises(MapError, match="made for other weights than these; make one with python -m model map"):
        read_atlas(folder, card)
    (folder / MAP_NAME).write_bytes(b"no map")
    with pytest.raises(MapError, match="cannot be read"):
        read_atlas(folder, card)


def test_an_embedding_of_another_network_is_refused(embeddings: np.ndarray) -> None:
    with pytest.raises(ParameterError, match="has 7 numbers; the map needs 8"):
        fitted(embeddings).place(np.zeros(7, np.float32))


def test_the_shipped_map_belongs_to_the_shipped_weights() -> None:
    """Fails once the weights are others: make the map anew with ``python -m model map``."""
    atlas = read_atlas(DEFAULT_CHECKPOINT, read_card(DEFAULT_CHECKPOINT))
    assert set(atlas.genres) == set(GENRES)
    assert len(atlas.tracks) > 400


@needs_gtzan
def test_the_shipped_map_is_what_its_command_makes() -> None:
    from model.study.datasets.gtzan import cut_windows, load_columns

    explainer = Explainer()
    atlas = read_atlas(DEFAULT_CHECKPOINT, explainer.card)
    for row in (0, len(atlas.tracks) // 2):
        columns = load_columns(atlas.tracks[row])
        assert columns is not None
        embedding = np.mean([explainer.embed(window) for window in cut_windows(columns[np.newaxis])[0]], axis=0)
        np.testing.assert_allclose(atlas.place(embedding), atlas.places[row], atol=0.05)
