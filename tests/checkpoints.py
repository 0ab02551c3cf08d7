"""Tiny checkpoints that tests make for themselves, of any genres and window: one dense layer, without TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from model.checkpoint import Card, WeightsFile, sha256, write_card
from model.params import AudioParams, ModelParams


def tiny_checkpoint(
    folder: Path, genres: Sequence[str], *, name: str = "tiny", window_seconds: float = 3.0, seed: int = 0, **card: Any
) -> Path:
    """Write a checkpoint whose network is one random dense layer; give its folder. `card`: more that the card says."""
    params = ModelParams(audio=AudioParams(window_samples=round(window_seconds * 22_050)))
    n_inputs = params.input_shape[0] * params.input_shape[1]
    weights = np.random.default_rng(seed).standard_normal((len(genres), n_inputs)) * 5e-4
    content = dense_network(weights.astype(np.float32), params.input_shape)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.tflite").write_bytes(content)
    values: dict[str, Any] = {
        "name": name,
        "version": "0.0.1",
        "created": "2026-01-01T00:00:00+00:00",
        "genres": tuple(genres),
        "params": params,
        "files": {"litert": WeightsFile("model.tflite", sha256(content))},
        "n_parameters": weights.size,
        "temperature": 1.0,
        "largest_spread": 2.0,
    }
    write_card(folder, Card(**{**values, **card}))
    return folder


def dense_network(weights: np.ndarray, input_shape: tuple[int, int]) -> bytes:
    """Write softmax(weights @ log-mel) as a LiteRT flatbuffer."""
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    n_genres, n_inputs = weights.shape

    def tensor(name: str, shape: list[int], buffer: int) -> Any:
        made = schema.TensorT()
        made.name, made.shape, made.buffer, made.type = name, shape, buffer, schema.TensorType.FLOAT32
        return made

    def step(code: int, inputs: list[int], output: int, kind: int, options: Any) -> Any:
        made = schema.OperatorT()
        made.opcodeIndex, made.inputs, made.outputs = code, inputs, [output]
        made.builtinOptionsType, made.builtinOptions = kind, options
        return made

    def code(builtin: int) -> Any:
        made = schema.OperatorCodeT()
        made.builtinCode = made.deprecatedBuiltinCode = builtin
        made.version = 1
        return made

    dense, softmax = schema.FullyConnectedOptionsT(), schema.SoftmaxOptionsT()
    softmax.beta = 1.0
    graph = schema.SubGraphT()
    graph.tensors = [
        tensor("logmel", [1, *input_shape], 0),
        tensor("weights", [n_genres, n_inputs], 1),
        tensor("logits", [1, n_genres], 0),
        tensor("posterior", [1, n_genres], 0),
    ]
    graph.inputs, graph.outputs = [0], [3]
    graph.operators = [
        step(0, [0, 1, -1], 2, schema.BuiltinOptions.FullyConnectedOptions, dense),
        step(1, [2], 3, schema.BuiltinOptions.SoftmaxOptions, softmax),
    ]
    empty, filled = schema.BufferT(), schema.BufferT()
    filled.data = np.frombuffer(weights.tobytes(), np.uint8)
    model = schema.ModelT()
    model.version = 3
    model.operatorCodes = [code(schema.BuiltinOperator.FULLY_CONNECTED), code(schema.BuiltinOperator.SOFTMAX)]
    model.subgraphs, model.buffers = [graph], [empty, filled]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def renamed_copy(checkpoint: Path, folder: Path, **changes: Any) -> Path:
    """Copy a checkpoint under a card that says other things; give its folder."""
    folder.mkdir(parents=True)
    values = json.loads((checkpoint / "card.json").read_text(encoding="utf-8"))
    values["files"].pop("keras", None)
    for file in values["files"].values():
        (folder / file["name"]).write_bytes((checkpoint / file["name"]).read_bytes())
    (folder / "card.json").write_text(json.dumps({**values, **changes}), encoding="utf-8")
    return folder
