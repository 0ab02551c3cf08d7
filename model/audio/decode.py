"""From bytes to a `Track`: probe, decode, downmix, resample.

Everything libsndfile reads is welcome (WAV, FLAC, OGG Vorbis and Opus, MP3, AIFF, AU, ...) at any sample rate,
channel count and bit depth. A file is decoded in blocks, so memory grows with the mono track and not with the
file. Faults raise their own class of `model.errors.AudioError`; nothing is patched up in silence.

Windows, features and levels belong to other modules.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

import numpy as np
import soundfile
from numpy.typing import NDArray

from model.audio.integrity import broken_promise, is_unknown_length, mp3_states_its_length, ogg_lacks_its_end
from model.audio.limits import AudioInfo, Limits
from model.audio.resample import Resampler
from model.audio.track import Track
from model.errors import (
    AudioTooLargeError,
    AudioTooLongError,
    AudioTooShortError,
    EmptyAudioError,
    NonFiniteSamplesError,
    SampleRateError,
    TruncatedAudioError,
    UnsupportedAudioError,
)
from model.params import AudioParams

AudioSource = Path | str | bytes | BinaryIO

_BLOCK_FRAMES: Final = 65_536
_MAX_SAMPLE_RATE_HZ: Final = 768_000
_MIN_SAMPLE_RATE_HZ: Final = 1_000
_SNDFILE_INCOMPLETE_INFO: Final = 24  # libsndfile's SFE_BAD_SF_INFO: the header's rate is zero


def probe(source: AudioSource, *, name: str | None = None, limits: Limits | None = None) -> AudioInfo:
    """Read a file's header and refuse what cannot be decoded, without decoding it.

    Parameters
    ----------
    source : path, bytes or binary file
        The file.
    name : str, optional
        What to call it in messages; a path's own name by default.
    limits : Limits, optional
        Largest size and longest duration accepted.

    Returns
    -------
    AudioInfo
        Format, rate, channels and stated length.

    Raises
    ------
    EmptyAudioError, UnsupportedAudioError, TruncatedAudioError, SampleRateError, AudioTooLargeError, AudioTooLongError
        If the file cannot be used.
    """
    label = _label(source, name)
    with _open(source, label, limits or Limits()) as (_, info):
        return info


def decode(
    source: AudioSource,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    params: AudioParams | None = None,
) -> Track:
    """Decode a file to mono float32 at the model's sample rate.

    Channels are averaged; the rate is changed by soxr (high quality, linear phase).

    Parameters
    ----------
    source : path, bytes or binary file
        The file, in any format libsndfile reads.
    name : str, optional
        What to call it in messages; a path's own name by default.
    limits : Limits, optional
        Largest size and longest duration accepted.
    params : AudioParams, optional
        Target sample rate, and the window that a track must at least fill.

    Returns
    -------
    Track
        At least one window long.

    Raises
    ------
    AudioError
        A subclass for each fault: empty, not audio, truncated, bad sample rate, NaN or infinite samples, too
        large, too long, or shorter than one window.
    """
    samples = np.concatenate(list(decode_blocks(source, name=name, limits=limits, params=params)))
    return Track(samples, (params or AudioParams()).sample_rate_hz, _label(source, name))


def decode_blocks(
    source: AudioSource,
    *,
    name: str | None = None,
    limits: Limits | None = None,
    params: AudioParams | None = None,
) -> Iterator[NDArray[np.float32]]:
    """Decode a file piece by piece, so that its first windows can be scored while the rest is still being decoded.

    The pieces put together are the samples that `decode` gives, bit for bit.

    Parameters
    ----------
    source, name, limits, params
        As for `decode`.

    Yields
    ------
    np.ndarray [shape=(n,)], float32
        Mono samples at the model's rate.

    Raises
    ------
    AudioError
        As for `decode`; faults that only the file's end shows are raised there.
    """
    limits = limits or Limits()
    params = params or AudioParams()
    label = _label(source, name)
    n_samples = 0
    with _open(source, label, limits) as (file, info):
        blocks = _mono_blocks(file, info, label, limits)
        for block in _resampled(blocks, info.sample_rate_hz, params.sample_rate_hz):
            n_samples += len(block)
            yield block
        _check_complete(file, info, label)
    if n_samples < params.window_samples:
        raise AudioTooShortError(
            f"{label} lasts {n_samples / params.sample_rate_hz:.2f} s; "
            f"the network needs at least {params.window_seconds:.0f} s. Use a longer recording."
        )


def _label(source: AudioSource, name: str | None) -> str:
    if name:
        return name
    return Path(source).name if isinstance(source, str | Path) else "the audio"


@contextmanager
def _open(source: AudioSource, label: str, limits: Limits) -> Iterator[tuple[soundfile.SoundFile, AudioInfo]]:
    handle = io.BytesIO(source) if isinstance(source, bytes) else source
    with Path(handle).open("rb") if isinstance(handle, str | Path) else _kept_open(handle) as stream:
        _check_size(stream, label, limits)
        is_ogg_cut = ogg_lacks_its_end(stream)
        try:
            file = soundfile.SoundFile(stream)
        except soundfile.LibsndfileError as error:
            if is_ogg_cut:
                raise _truncated(label) from error
            if error.code == _SNDFILE_INCOMPLETE_INFO:
                raise SampleRateError(
                    f"{label} states a sample rate of 0 Hz; it must lie between {_MIN_SAMPLE_RATE_HZ} "
                    f"and {_MAX_SAMPLE_RATE_HZ} Hz. Export the file again."
                ) from error
            raise UnsupportedAudioError(
                f"{label} is not audio that can be read here; use WAV, FLAC, OGG, MP3 or AIFF (not M4A or WMA)."
            ) from error
        with file:
            info = AudioInfo(f"{file.format} {file.subtype}", file.samplerate, file.channels, max(file.frames, 0))
            if is_ogg_cut:
                raise _truncated(label)
            _check_header(file, info, label, limits)
            yield file, info


@contextmanager
def _kept_open(stream: BinaryIO) -> Iterator[BinaryIO]:
    yield stream


def _check_size(stream: BinaryIO, label: str, limits: Limits) -> None:
    n_bytes = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    if n_bytes == 0:
        raise EmptyAudioError(f"{label} is empty (0 bytes); choose a file that holds sound.")
    if n_bytes > limits.max_bytes:
        raise AudioTooLargeError(
            f"{label} has {n_bytes / 2**20:.1f} MiB; the limit is {limits.max_bytes / 2**20:.0f} MiB. "
            "Use a shorter or compressed file."
        )


def _check_header(file: soundfile.SoundFile, info: AudioInfo, label: str, limits: Limits) -> None:
    if not _MIN_SAMPLE_RATE_HZ <= info.sample_rate_hz <= _MAX_SAMPLE_RATE_HZ:
        raise SampleRateError(
            f"{label} states a sample rate of {info.sample_rate_hz} Hz; it must lie between {_MIN_SAMPLE_RATE_HZ} "
            f"and {_MAX_SAMPLE_RATE_HZ} Hz. Export the file again."
        )
    if promise := broken_promise(file.extra_info):
        stated, actual = promise
        raise _truncated(label, f" (its header promises {stated} bytes of sound, {actual} are there)")
    if info.duration_seconds > limits.max_seconds and not is_unknown_length(info.n_frames):
        raise _too_long(label, info.duration_seconds, limits)


def _mono_blocks(
    file: soundfile.SoundFile, info: AudioInfo, label: str, limits: Limits
) -> Iterator[NDArray[np.float32]]:
    """Decode block by block, averaging the channels and checking every sample."""
    n_frames = min(_BLOCK_FRAMES, max(1, 2 * _BLOCK_FRAMES // info.n_channels))  # a file may have 1024 channels
    buffer = np.empty((n_frames, info.n_channels), np.float32)
    n_read = 0
    while True:
        try:
            block = file.read(out=buffer)
        except soundfile.LibsndfileError as error:
            raise _truncated(label, f" (decoding stopped at {n_read / info.sample_rate_hz:.1f} s)") from error
        if not len(block):
            break
        mono = _downmix(block)
        if not np.isfinite(mono).all():
            at = n_read + int(np.flatnonzero(~np.isfinite(mono))[0])
            raise NonFiniteSamplesError(
                f"{label} holds a NaN or infinite sample at {at / info.sample_rate_hz:.3f} s; export the file again."
            )
        n_read += len(block)
        if n_read > limits.max_seconds * info.sample_rate_hz:
            raise _too_long(label, n_read / info.sample_rate_hz, limits)
        yield mono
    if n_read == 0:
        raise EmptyAudioError(f"{label} holds no samples; choose a file that holds sound.")


def _downmix(block: NDArray[np.float32]) -> NDArray[np.float32]:
    mono = block[:, 0].copy()
    for channel in range(1, block.shape[1]):  # several times faster than block.mean(axis=1)
        mono += block[:, channel]
    mono /= block.shape[1]
    return mono


def _resampled(
    blocks: Iterator[NDArray[np.float32]], rate_in_hz: int, rate_out_hz: int
) -> Iterator[NDArray[np.float32]]:
    resampler = Resampler(rate_in_hz, rate_out_hz)
    for block in blocks:
        yield resampler.feed(block)
    yield resampler.finish()


def _check_complete(file: soundfile.SoundFile, info: AudioInfo, label: str) -> None:
    """Compare what was decoded with what the header stated, where a header can be trusted to know."""
    if is_unknown_length(info.n_frames) or (file.format == "MP3" and not mp3_states_its_length(file.name)):
        return
    n_decoded = file.tell()
    if n_decoded < 0.98 * info.n_frames:
        decoded_seconds = n_decoded / info.sample_rate_hz
        raise _truncated(label, f" ({decoded_seconds:.1f} of {info.duration_seconds:.1f} s could be decoded)")


def _truncated(label: str, detail: str = "") -> TruncatedAudioError:
    return TruncatedAudioError(f"{label} is cut off before its end{detail}; copy or download it again.")


def _too_long(label: str, seconds: float, limits: Limits) -> AudioTooLongError:
    return AudioTooLongError(
        f"{label} lasts at least {seconds:.0f} s; the limit is {limits.max_seconds:.0f} s. Cut it into parts."
    )
