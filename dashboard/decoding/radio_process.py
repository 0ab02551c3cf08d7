"""A process for one radio station: ``python -m dashboard.decoding.radio_process`` fetches it and decodes it.

What a stranger's server sends meets FFmpeg here, where it may use so much memory and open no file, and not in the
process that serves the page. The answer is frames over standard output: the station, its sound as 16-bit samples at
one rate throughout, titles, what was lost, and an end or an error. Whoever reads slowly makes it read slowly.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.decoding.jobs import BLOCK, END, ERROR, write_frame
from dashboard.decoding.limits import limit
from dashboard.decoding.radio import GAP, LOST, STATION, TITLE, RadioJob, StationForm
from model.audio.decode import Piece
from model.audio.frames import Sound
from model.audio.playable import PlayableForm, as_int16, mix
from model.audio.resample import Resampler
from model.errors import GenreError
from model.sources.radio.radio import Lost, Missing, Radio

_MOST_CPU_SECONDS = 24 * 3600


def main() -> int:
    """Answer the job on standard input."""
    job = RadioJob.from_json(sys.stdin.buffer.readline())
    limit(memory_mib=job.memory_mib, cpu_seconds=_MOST_CPU_SECONDS)
    descriptor = sys.stdout.fileno()

    def write(content: bytes | memoryview) -> None:
        view = memoryview(content).cast("B")
        while view:
            view = view[os.write(descriptor, view) :]

    try:
        try:
            radio = Radio(job.url, rate_out_hz=job.rate_hz, may_be_private=job.may_be_private)
            for kind, content in answers(radio):
                write_frame(write, kind, content)
            write_frame(write, END, b"")
        except (GenreError, MemoryError) as error:
            detail = str(error) or "The station takes too much memory to decode."
            write_frame(write, ERROR, json.dumps({"class": type(error).__name__, "detail": detail}).encode())
    except BrokenPipeError:
        pass  # whoever asked has left
    return 0


def answers(radio: Radio) -> Iterator[tuple[bytes, bytes]]:
    """Tell all that comes from a station, as kinds and contents of frames."""
    form: PlayableForm | None = None
    convert: Callable[[Sound], NDArray[np.int16]] | None = None
    title: str | None = None
    for each in radio.sound():
        if isinstance(each, Piece) and each.sound is not None:
            if form is None or convert is None:
                form = _form_of(each.sound)
                convert = _converter(form)
                about = StationForm(radio.name, radio.genre, form.rate_hz, form.n_channels)
                yield STATION, _json(asdict(about))
            if radio.title != title:
                title = radio.title
                yield TITLE, _json({"title": title})
            yield BLOCK, convert(each.sound).tobytes()
        elif isinstance(each, Lost):
            yield LOST, _json({"detail": each.reason})
        elif isinstance(each, Missing) and form is not None:
            convert = _converter(form)
            yield GAP, _json({"samples": round(each.seconds * form.rate_hz)})


def _form_of(sound: Sound) -> PlayableForm:
    return PlayableForm.of(rate_hz=sound.rate_hz, n_channels=len(sound.samples), seconds=0.0, peak=1.0)


def _converter(form: PlayableForm) -> Callable[[Sound], NDArray[np.int16]]:
    """Make what brings sound of any rate and channels to one form; where the rate changes, its filter starts anew."""
    rate_hz = 0
    resamplers: list[Resampler] = []

    def convert(sound: Sound) -> NDArray[np.int16]:
        nonlocal rate_hz, resamplers
        if sound.rate_hz != rate_hz:
            rate_hz = sound.rate_hz
            resamplers = [Resampler(rate_hz, form.rate_hz) for _ in range(form.n_channels)]
        mixed = mix(sound, form.n_channels)
        return as_int16(np.stack([each.feed(channel) for each, channel in zip(resamplers, mixed, strict=True)]), 1.0)

    return convert


def _json(values: dict[str, Any]) -> bytes:
    return json.dumps(values).encode()


if __name__ == "__main__":
    sys.exit(main())
