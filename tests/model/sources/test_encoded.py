"""A pipe is heard as the file is: every kind of odd file that can be read in passing gives the same scores."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from model.analyzer import Analyzer
from model.audio.decode import Decoding, decode
from model.classifier import Classifier
from model.errors import SourceError
from model.result import classify_file
from model.scorer import Scorer, WindowScore
from model.sources.encoded import EncodedStream
from model.sources.follow import follow
from tests.model.audio.odd_files import HEARD, Folders
from tests.sounds import RATE_HZ, chord, encoded

# An index at the end, or a start that only looking back, or the file's name, makes sense of.
NOT_IN_PASSING: Final = {
    *("aac.m4a", "alac.m4a", "alac-24.m4a", "ac3.mp4", "mp3.mp4", "flac.mp4", "opus.mp4", "pcm.mov", "big-endian.mov"),
    *("aac.3gp", "8k.m4a", "video.mp4", "cover.m4a", "junk-behind.m4a", "alac.caf", "sox.caf", "sox.8svx"),
    *("junk-before.ogg", "id3-before.wav", "recorded.wtv"),
}
# As a file, its size shows that more follows what its first frame states; a pipe has no size.
HEARD_OTHERWISE: Final = {"joined.mp3"}


class InParts:
    """Gives bytes as a slow network does: a few at a time, in parts of odd sizes."""

    def __init__(self, content: bytes) -> None:
        self._file = io.BytesIO(content)
        self._sizes = itertools.cycle((1, 700, 4096, 33, 10_000))

    def read(self, size: int, /) -> bytes:
        return self._file.read(min(size, next(self._sizes)))


@pytest.fixture(scope="module")
def analyzer() -> Iterator[Analyzer]:
    scorer = Scorer(Classifier())
    yield Analyzer(scorer, hop_seconds=0.5)
    scorer.close()


def heard(content: bytes) -> NDArray[np.float32]:
    blocks = list(EncodedStream(InParts(content), rate_out_hz=RATE_HZ).blocks())
    assert [block.start_sample for block in blocks[1:]] == [block.end_sample for block in blocks[:-1]]
    return np.concatenate([block.samples for block in blocks])


@pytest.mark.parametrize("name", sorted({*HEARD} - NOT_IN_PASSING - HEARD_OTHERWISE))
def test_a_pipe_gives_the_scores_of_the_file(name: str, folders: Folders, analyzer: Analyzer) -> None:
    with Decoding(folders.files / name) as decoding:
        filed = classify_file(analyzer, decoding)["windows"]
    stream = EncodedStream(InParts((folders.files / name).read_bytes()), rate_out_hz=RATE_HZ)
    live = [event for event in follow(stream, analyzer) if isinstance(event, WindowScore)]
    assert [score.end_sample / RATE_HZ for score in live] == [window["end_seconds"] for window in filed]
    for score, window in zip(live, filed, strict=True):
        assert [*window["probabilities"].values()] == pytest.approx([*score.probabilities], abs=1e-4)


@pytest.mark.parametrize("name", sorted(NOT_IN_PASSING))
def test_what_cannot_be_read_in_passing_is_said(name: str, folders: Folders) -> None:
    with pytest.raises(SourceError, match=r"cannot be read in passing|is not audio that can be read here"):
        heard((folders.files / name).read_bytes())


def test_channels_that_cancel_are_heard_from_a_pipe_as_from_a_file() -> None:
    left = chord(6.0, rate_hz=44_100)
    opposite = np.stack([left, np.where(np.arange(len(left)) < 100_000, left, -left)], axis=1)
    content = encoded(opposite, rate_hz=44_100)
    np.testing.assert_array_equal(heard(content), decode(content).samples)


def test_what_is_odd_of_it_is_told() -> None:
    left = chord(6.0)
    stream = EncodedStream(InParts(encoded(np.stack([left, -left], axis=1))), rate_out_hz=RATE_HZ)
    assert not stream.warnings
    list(stream.blocks())
    assert [warning.code for warning in stream.warnings] == ["opposite-channels"]


def test_it_ends_when_it_is_closed() -> None:
    stream = EncodedStream(InParts(encoded(chord(6.0))), rate_out_hz=RATE_HZ)
    blocks = stream.blocks()
    next(blocks)
    stream.close()
    assert not list(blocks)
