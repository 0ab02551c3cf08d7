"""Sound to play, as WAV files on disk: a browser may play one while it is still being written.

A WAV file's length is known before it is made, so that any range of it can be promised at once and given as soon as
it is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

import numpy as np

from dashboard.library.growing import GrowingFile, GrowingFiles
from dashboard.library.record import TrackRecord
from dashboard.library.sounds import Sounds
from model.audio.playable import PlayableForm, as_int16

Kind = Literal["played", "heard"]
"""The original's channels at its own rate, or mono at the model's rate, as the network hears it."""

_SUFFIX: Final = ".wav"


class Played:
    """Makes and keeps the files.

    Parameters
    ----------
    sounds : Sounds
        Decodes the tracks.
    folder : Path
        Wherein all of the records' files lie.
    max_bytes : int
        Room for them on disk; the least recently asked for go first.
    max_jobs : int
        Files written side by side.
    """

    def __init__(self, sounds: Sounds, folder: Path, *, max_bytes: int, max_jobs: int) -> None:
        self._sounds = sounds
        self._files = GrowingFiles(folder, _SUFFIX, max_bytes=max_bytes, max_jobs=max_jobs)

    def file(self, record: TrackRecord, kind: Kind) -> GrowingFile:
        """Give the sound of a track to play; it may still be written.

        Parameters
        ----------
        record : TrackRecord
            The track.
        kind : {"played", "heard"}
            Which of its two forms.

        Returns
        -------
        GrowingFile
            A WAV file.

        Raises
        ------
        StorageFullError
            If there is no room for it.
        UnknownTrackError
            If the track was removed.
        """
        form = self.form(record, kind)
        path = record.sound_path(kind)
        return self._files.file(record, path, form.n_bytes, lambda: self._contents(record, kind, form))

    def form(self, record: TrackRecord, kind: Kind) -> PlayableForm:
        """Give the form in which a track is played."""
        rate_hz = self._sounds.params.sample_rate_hz
        if kind == "heard":
            return PlayableForm(rate_hz, 1, record.duration_samples, 1 / max(record.peak, 1.0))
        seconds = record.duration_samples / rate_hz
        return PlayableForm.of(rate_hz=record.rate_hz, n_channels=record.n_channels, seconds=seconds, peak=record.peak)

    def close(self) -> None:
        """Stop writing."""
        self._files.close()

    def _contents(self, record: TrackRecord, kind: Kind, form: PlayableForm) -> Iterator[bytes]:
        yield form.wav_header()
        if kind == "played":
            yield from self._sounds.playable(record, form)
            return
        for block in self._sounds.blocks(record):
            for start in range(0, len(block), form.rate_hz):
                yield as_int16(block[np.newaxis, start : start + form.rate_hz], form.gain).tobytes()
