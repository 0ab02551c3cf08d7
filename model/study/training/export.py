"""From a fitted network to a checkpoint: Keras file, LiteRT file and card.

The export itself checks that both files give the same posteriors; a checkpoint whose parts differ is never written.
"""

from __future__ import annotations

import datetime
import importlib.metadata
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.calibration import spread_of, with_temperature
from model.checkpoint import Card, WeightsFile, sha256, write_card
from model.cli.quiet import quiet_native_start
from model.errors import TrainingError
from model.params import ModelParams
from model.study.evaluation.metrics import metrics_of
from model.study.network import count_parameters, load_network, predict, predict_tracks, to_litert
from model.study.training.calibrate import fit_largest_spread, fit_temperature

if TYPE_CHECKING:
    import keras

LARGEST_DIFFERENCE: Final = 1e-4
_PACKAGES: Final = ("tensorflow-cpu", "tensorflow", "keras", "ai-edge-litert", "numpy")


@dataclass(frozen=True, eq=False)
class LabelledWindows:
    """Windows of tracks and the tracks' genres.

    Attributes
    ----------
    windows_db : np.ndarray [shape=(n_tracks, n_windows, n_frames, n_mels)], float32
        dB below each window's maximum.
    labels : np.ndarray [shape=(n_tracks,)], int64
        Index into the genres.
    """

    windows_db: NDArray[np.float32]
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Provenance:
    """What the card says of where the weights come from.

    Attributes
    ----------
    name, version : str
        Which model this is.
    genres : tuple of str
        The outputs, in order.
    data : dict
        What it was trained on.
    training : dict
        How: seed, command, steps, seconds, parameters.
    notes : dict
        More entries for the card's figures.
    """

    name: str
    version: str
    genres: tuple[str, ...]
    data: Mapping[str, Any]
    training: Mapping[str, Any]
    notes: Mapping[str, Any] = field(default_factory=dict)


def export_checkpoint(
    model: keras.Model,
    folder: Path,
    provenance: Provenance,
    *,
    valid: LabelledWindows,
    test: LabelledWindows | None = None,
    artist_clean: Sequence[int] = (),
    nonmusic: Mapping[str, NDArray[np.float32]] | None = None,
    twin: keras.Model | None = None,
    params: ModelParams | None = None,
) -> Card:
    """Write a checkpoint: both kinds of weights and the card with temperature, rule of `unsure` and figures.

    Parameters
    ----------
    model : keras.Model
        The fitted network.
    folder : Path
        Where to write; made if missing, earlier files replaced.
    provenance : Provenance
        What the card says of the training.
    valid : LabelledWindows
        Fits the temperature and the rule of `unsure`.
    test : LabelledWindows, optional
        Looked at once, for the figures; the card states the valid figures where there is none.
    artist_clean : sequence of int
        Rows of ``test`` whose artists are in neither train nor valid.
    nonmusic : mapping of str to np.ndarray [shape=(n, n_frames, n_mels)], optional
        Non-music that was not learnt, by kind; the card states how much of it is `unsure`.
    twin : keras.Model, optional
        The same network fitted on train alone. Where the shipped one also learned from valid, the twin gives
        temperature, rule of `unsure` and valid figures.
    params : ModelParams, optional
        Features the network was trained with.

    Returns
    -------
    Card
        The card written.

    Raises
    ------
    TrainingError
        If the Keras and the LiteRT file disagree by more than 1e-4.
    """
    raw_valid = predict_tracks(twin or model, valid.windows_db)
    n_genres = raw_valid.shape[-1]
    temperature = fit_temperature(raw_valid.reshape(-1, n_genres), np.repeat(valid.labels, raw_valid.shape[1]))
    calibrated_valid = with_temperature(raw_valid, temperature)
    largest_spread = fit_largest_spread(calibrated_valid.reshape(-1, n_genres))
    shown = {"split": "valid", **metrics_of(calibrated_valid, valid.labels, provenance.genres)}
    calibrated = calibrated_valid
    if test is not None:
        calibrated = with_temperature(predict_tracks(model, test.windows_db), temperature)
        shown = {**test_figures(calibrated, test, artist_clean, provenance.genres), "valid": shown}
    shown["unsure"] = {"music": float((spread_of(calibrated) > largest_spread).mean())}
    for kind, windows in (nonmusic or {}).items():
        scored = with_temperature(predict(model, windows), temperature)
        shown["unsure"][kind] = float((spread_of(scored) > largest_spread).mean())

    contents = {"keras": keras_bytes(model), "litert": to_litert(model)}
    names = {"keras": "model.keras", "litert": "model.tflite"}
    some_windows = valid.windows_db.reshape(-1, *valid.windows_db.shape[2:])[:200]
    largest = litert_difference(model, contents["litert"], some_windows)
    if largest > LARGEST_DIFFERENCE:
        raise TrainingError(
            f"Keras and LiteRT differ by {largest:.1e} in a posterior; at most {LARGEST_DIFFERENCE:.0e} is allowed. "
            "Nothing was written; report the network's parameters as a bug."
        )
    card = Card(
        name=provenance.name,
        version=provenance.version,
        created=datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        genres=provenance.genres,
        params=params or ModelParams(),
        files={kind: WeightsFile(names[kind], sha256(content)) for kind, content in contents.items()},
        n_parameters=count_parameters(model),
        temperature=temperature,
        largest_spread=largest_spread,
        data=dict(provenance.data),
        figures={**shown, **provenance.notes, "largest_litert_difference": largest},
        training=dict(provenance.training),
        versions=installed_versions(),
    )
    folder.mkdir(parents=True, exist_ok=True)
    for kind, content in contents.items():
        (folder / names[kind]).write_bytes(content)
    write_card(folder, card)
    return card


def test_figures(
    calibrated: NDArray[np.float32], test: LabelledWindows, artist_clean: Sequence[int], genres: Sequence[str]
) -> dict[str, Any]:
    """Give a card's figures of the test list, and some of those of the artists that were not learnt from.

    Parameters
    ----------
    calibrated : np.ndarray [shape=(n_tracks, n_windows, n_genres)], float32
        Posteriors of its windows.
    test : LabelledWindows
        The list.
    artist_clean : sequence of int
        Its rows by such artists; may be empty.
    genres : sequence of str
        Outputs, in order.

    Returns
    -------
    dict
        Metrics, ready for JSON.
    """
    shown: dict[str, Any] = {"split": "fault-filtered test", **metrics_of(calibrated, test.labels, genres)}
    if len(artist_clean):
        rows = list(artist_clean)
        clean = metrics_of(calibrated[rows], test.labels[rows], genres)
        kept = ("track_accuracy", "window_accuracy", "expected_calibration_error", "n_tracks", "n_windows")
        shown["artist_clean"] = {key: clean[key] for key in kept}
    return shown


def keras_bytes(model: keras.Model) -> bytes:
    """Save a network as a ``.keras`` file and give its bytes, after loading it back."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.keras"
        model.save(path)
        load_network(path)
        return path.read_bytes()


def litert_difference(model: keras.Model, flatbuffer: bytes, windows_db: NDArray[np.float32]) -> float:
    """Measure the largest difference between the posteriors of both files.

    Parameters
    ----------
    model : keras.Model
        The network.
    flatbuffer : bytes
        What `model.study.network.to_litert` made of it.
    windows_db : np.ndarray [shape=(n_windows, n_frames, n_mels)], float32
        Windows to score.

    Returns
    -------
    float
        Largest absolute difference of a posterior.
    """
    from ai_edge_litert.interpreter import Interpreter

    with quiet_native_start():
        interpreter = Interpreter(model_content=flatbuffer, num_threads=1)
        interpreter.allocate_tensors()
    input_index = interpreter.get_input_details()[0]["index"]
    output_index = interpreter.get_output_details()[0]["index"]
    largest = 0.0
    for window, expected in zip(windows_db, predict(model, windows_db), strict=True):
        interpreter.set_tensor(input_index, window[np.newaxis])
        interpreter.invoke()
        largest = max(largest, float(np.abs(interpreter.get_tensor(output_index)[0] - expected).max()))
    return largest


def installed_versions() -> dict[str, str]:
    """Name the versions of the packages that made the weights."""
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
