"""The sound card of this machine, through PortAudio (the package sounddevice)."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from model.errors import SoundCardError
from model.sources.block import Block
from model.sources.pcm import Pcm16, PcmStream

_MOST_CHANNELS: Final = 2
_WAITING_CHUNKS: Final = 500  # some ten seconds; what does not fit is lost, and is told as a gap
_BLOCK_SECONDS: Final = 0.02
_PATIENCE_SECONDS: Final = 5.0


@dataclass(frozen=True)
class Device:
    """An input of the sound card.

    Attributes
    ----------
    number : int
        What PortAudio calls it.
    name : str
        For people.
    rate_hz : int
        Its own rate.
    n_channels : int
        Its channels.
    is_default : bool
        Whether it is listened to where none is named.
    """

    number: int
    name: str
    rate_hz: int
    n_channels: int
    is_default: bool


def devices() -> list[Device]:
    """List the inputs.

    Returns
    -------
    list of Device
        In PortAudio's order; empty where there is none.

    Raises
    ------
    SoundCardError
        If PortAudio or sounddevice is missing.
    """
    portaudio = _portaudio()
    default = portaudio.default.device[0]
    return [
        Device(
            number,
            str(found["name"]),
            round(found["default_samplerate"]),
            int(found["max_input_channels"]),
            number == default,
        )
        for number, found in enumerate(portaudio.query_devices())
        if found["max_input_channels"] > 0
    ]


class SoundCard:
    """A source of what an input of the sound card hears, at the input's own rate, resampled here.

    Parameters
    ----------
    device : str, optional
        Number, or part of the name; the system's choice by default.
    rate_out_hz : int
        The model's rate.

    Raises
    ------
    SoundCardError
        If PortAudio is missing, or there is no such input.
    """

    def __init__(self, device: str | None, *, rate_out_hz: int) -> None:
        self._portaudio = _portaudio()
        self._device = _chosen(device, devices())
        self.name = self._device.name
        self._n_channels = min(self._device.n_channels, _MOST_CHANNELS)
        self._pcm = Pcm16(self._n_channels)
        self._stream = PcmStream(self._device.rate_hz, rate_out_hz)
        self._chunks: queue.Queue[tuple[int, bytes]] = queue.Queue(_WAITING_CHUNKS)
        self._n_lost = 0
        self._is_open = True

    def blocks(self) -> Iterator[Block]:
        """Give the sound as it comes; see `Source`."""
        try:
            with self._portaudio.RawInputStream(
                device=self._device.number,
                samplerate=self._device.rate_hz,
                channels=self._n_channels,
                dtype="int16",
                blocksize=round(_BLOCK_SECONDS * self._device.rate_hz),
                callback=self._take,
            ):
                while self._is_open:
                    n_lost, chunk = self._chunks.get(timeout=_PATIENCE_SECONDS)
                    if n_lost:
                        yield self._stream.skip(n_lost)
                    yield self._stream.feed(self._pcm.feed(chunk))
            yield self._stream.finish()
        except queue.Empty as error:
            raise SoundCardError(f"{self.name} gives no sound any longer; is it still plugged in?") from error
        except self._portaudio.PortAudioError as error:
            raise SoundCardError(f"{self.name} cannot be listened to ({error}); see --list for others.") from error

    def close(self) -> None:
        """Listen no further."""
        self._is_open = False

    def _take(self, content: Any, n_frames: int, _time: Any, _status: Any) -> None:
        """Take a chunk, in PortAudio's own thread."""
        try:
            self._chunks.put_nowait((self._n_lost, bytes(content)))
            self._n_lost = 0
        except queue.Full:
            self._n_lost += n_frames


def _chosen(asked: str | None, found: list[Device]) -> Device:
    if not found:
        raise SoundCardError("There is no input that could be listened to; plug a microphone in, or use a pipe: `-`.")
    if asked is None:
        return next((device for device in found if device.is_default), found[0])
    matching = [device for device in found if asked in (str(device.number), device.name)]
    matching = matching or [device for device in found if asked.lower() in device.name.lower()]
    if len(matching) != 1:
        which = "more than one input is" if matching else "no input is"
        raise SoundCardError(f"{which.capitalize()} called {asked[:40]!r}; use a number that --list prints.")
    return matching[0]


def _portaudio() -> Any:
    try:
        import sounddevice
    except ImportError as error:
        raise SoundCardError(
            "Listening to the sound card requires sounddevice; run pip install sounddevice, or use a pipe: `-`."
        ) from error
    except OSError as error:
        raise SoundCardError(
            "Listening to the sound card requires PortAudio, which is not installed; install it "
            "(Debian and Ubuntu: apt install libportaudio2; macOS: brew install portaudio), or use a pipe: `-`."
        ) from error
    return sounddevice
