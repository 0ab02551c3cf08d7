"""Live equals file: raw PCM in any chunks, at any rate, gives the samples and the scores of the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from model.analyzer import Analyzer
from model.audio.decode import decode
from model.classifier import Classifier
from model.errors import ParameterError, SampleRateError
from model.params import AudioParams
from model.scorer import Scorer, WindowScore
from model.sources.block import Block, Source
from model.sources.follow import Gap, StreamWindower, follow
from model.sources.pcm import Pcm16, PcmPipe, PcmStream
from tests.sounds import RATE_HZ, chord, encoded

RATES_HZ = (44_100, 48_000, 16_000, 22_050)


def pcm(seconds: float, rate_hz: int) -> bytes:
    return (chord(seconds, rate_hz=rate_hz, level=0.5) * 32_767).astype("<i2").tobytes()


def as_file(content: bytes, rate_hz: int, n_channels: int = 1) -> bytes:
    samples = np.frombuffer(content, "<i2").reshape(-1, n_channels)
    return encoded(samples, rate_hz=rate_hz, subtype="PCM_16")


SOUNDS = {rate_hz: pcm(4.6, rate_hz) for rate_hz in RATES_HZ}


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    scorer = Scorer(Classifier())
    yield scorer
    scorer.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), rate_hz=st.sampled_from(RATES_HZ))
def test_any_chunking_at_any_rate_scores_as_the_file_does(scorer: Scorer, data: st.DataObject, rate_hz: int) -> None:
    content = SOUNDS[rate_hz]
    cuts = [0, *sorted(data.draw(st.lists(st.integers(0, len(content)), max_size=40))), len(content)]
    analyzer = Analyzer(scorer, hop_seconds=data.draw(st.sampled_from([0.5, 0.7])))
    reader, stream = Pcm16(), PcmStream(rate_hz, RATE_HZ)
    scores = []
    for start, end in pairwise(cuts):
        scores += analyzer.feed(stream.feed(reader.feed(content[start:end])).samples)
    scores += [*analyzer.feed(stream.finish().samples), *analyzer.finish()]
    filed = list(analyzer.analyze(decode(as_file(content, rate_hz))))
    assert [(s.start_sample, s.end_sample, s.state) for s in scores] == [
        (s.start_sample, s.end_sample, s.state) for s in filed
    ]
    for live, file in zip(scores, filed, strict=True):
        np.testing.assert_allclose(live.probabilities, file.probabilities, atol=1e-4)


@pytest.mark.parametrize("n_channels", [1, 2, 3])
def test_a_pipe_gives_the_samples_of_the_file(n_channels: int) -> None:
    content = pcm(3.5 * n_channels, 44_100)
    pipe: Source = PcmPipe(
        io.BufferedReader(io.BytesIO(content)), rate_hz=44_100, n_channels=n_channels, rate_out_hz=RATE_HZ
    )
    blocks = list(pipe.blocks())
    samples = np.concatenate([block.samples for block in blocks])
    np.testing.assert_allclose(samples, decode(as_file(content, 44_100, n_channels)).samples, atol=1e-6)
    assert [block.start_sample for block in blocks[1:]] == [block.end_sample for block in blocks[:-1]]


def test_a_closed_pipe_is_read_no_further() -> None:
    pipe = PcmPipe(io.BufferedReader(io.BytesIO(pcm(3, 16_000))), rate_hz=16_000, n_channels=1, rate_out_hz=RATE_HZ)
    blocks = pipe.blocks()
    next(blocks)
    pipe.close()
    assert len(list(blocks)) == 1  # what the resampler held back


def test_a_gap_keeps_the_time_of_what_comes_behind_it() -> None:
    stream = PcmStream(48_000, RATE_HZ)
    first = stream.feed(np.ones(48_000, np.float32))
    rest = stream.skip(24_000)
    behind = stream.feed(np.ones(48_000, np.float32))
    assert len(first.samples) + len(rest.samples) == RATE_HZ
    assert behind.start_sample == RATE_HZ * 3 // 2
    assert stream.n_samples_in == 120_000


def test_no_window_reaches_across_a_gap(scorer: Scorer) -> None:
    before, behind = chord(4.25), chord(3.0)

    class Gappy:
        name = "gappy"

        def blocks(self) -> Iterator[Block]:
            yield Block(0, before)
            yield Block(200_000, behind)

        def close(self) -> None: ...

    heard = list(follow(Gappy(), Analyzer(scorer, hop_seconds=0.5)))
    assert heard.pop(4) == Gap(len(before), 200_000)
    scores = [score for score in heard if isinstance(score, WindowScore)]
    ends = [score.end_sample for score in scores]
    assert ends == [66_150, 77_175, 88_200, len(before), 200_000 + 66_150]
    assert [score.index for score in scores] == list(range(5))


def test_a_stream_never_goes_back() -> None:
    windower = StreamWindower(AudioParams(), 11_025)
    list(windower.feed(Block(10, np.zeros(10, np.float32))))
    with pytest.raises(ParameterError, match="never goes back"):
        list(windower.feed(Block(19, np.zeros(1, np.float32))))
    with pytest.raises(ParameterError, match="never goes back"):
        PcmStream(48_000, RATE_HZ).skip(-1)


@pytest.mark.parametrize("rate_hz", [0, 3_999, 400_000])
def test_a_rate_out_of_range_is_refused(rate_hz: int) -> None:
    with pytest.raises(SampleRateError, match="must lie between"):
        PcmStream(rate_hz, RATE_HZ)


@pytest.mark.parametrize("n_channels", [0, 33])
def test_a_number_of_channels_out_of_range_is_refused(n_channels: int) -> None:
    with pytest.raises(ParameterError, match="channels"):
        Pcm16(n_channels)
