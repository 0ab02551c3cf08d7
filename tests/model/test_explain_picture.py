"""The picture of an explanation: a real PNG, right way up, in the colours it says."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
import pytest

from model.errors import ParameterError
from model.explain import Explanation
from model.explain_picture import AGAINST_RGB, FOR_RGB, paint, strongest_place
from model.mel import band_centres_hz
from model.params import ModelParams
from model.png import png


def decoded(content: bytes) -> np.ndarray:
    """Read an RGB picture without filters, checking every chunk."""
    stream = io.BytesIO(content)
    assert stream.read(8) == b"\x89PNG\r\n\x1a\n"
    size, data = (0, 0), b""
    while header := stream.read(8):
        length, kind = struct.unpack(">I4s", header)
        body = stream.read(length)
        assert struct.unpack(">I", stream.read(4))[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            size = struct.unpack(">II", body[:8])
            assert body[8:] == bytes((8, 2, 0, 0, 0))
        elif kind == b"IDAT":
            data += body
    width, height = size
    rows = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, 1 + 3 * width)
    assert not rows[:, 0].any()
    return rows[:, 1:].reshape(height, width, 3)


def test_a_picture_comes_back_as_it_was() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (5, 7, 3)).astype(np.uint8)
    np.testing.assert_array_equal(decoded(png(pixels)), pixels)


@pytest.mark.parametrize("pixels", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((0, 4, 3), np.uint8)])
def test_what_is_no_picture_is_refused(pixels: np.ndarray) -> None:
    with pytest.raises(ParameterError, match="Pixels have shape"):
        png(pixels)


def explanation(place: tuple[int, int], value: float) -> Explanation:
    relevance = np.zeros((38, 128), np.float32)
    relevance[place] = value
    return Explanation("jazz", 0.5, 0.0, relevance)


@pytest.mark.parametrize(("value", "colour"), [(2.0, FOR_RGB), (-2.0, AGAINST_RGB)])
def test_time_runs_right_tones_rise_and_the_colour_tells_the_side(value: float, colour: tuple) -> None:
    picture = paint(np.full((38, 128), -80, np.float32), explanation((10, 100), value), floor_db=-80.0)
    lit = np.argwhere(picture.any(axis=2))
    assert lit[:, 1].min() == 10 * picture.shape[1] // 38
    assert lit[:, 0].min() == (127 - 100) * picture.shape[0] // 128
    np.testing.assert_allclose(picture[tuple(lit[0])], 0.85 * np.array(colour), atol=1)


def test_the_strongest_place_lies_where_the_relevance_does() -> None:
    params = ModelParams()
    place = strongest_place(explanation((20, 50), 1.0), params)
    assert place.start_seconds <= (20 * 1708 + 1024) / 22_050 <= place.end_seconds
    assert place.lowest_hz <= band_centres_hz(128, 22_050)[50] <= place.highest_hz
    against = strongest_place(explanation((5, 9), -1.0), params, against=True)
    assert against.lowest_hz <= band_centres_hz(128, 22_050)[9] <= against.highest_hz
