"""Opening a file with FFmpeg's libraries, and only as much of them as sound needs.

FFmpeg would open playlists, devices and addresses if it were let. Here demuxers and decoders are allow lists, the
bytes come from our own file object, no protocol is allowed, and a demuxer that asks for another file is refused.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import PurePath
from typing import Any, Final, NoReturn

import av
from av.audio.stream import AudioStream
from av.container import InputContainer

from model.audio.limits import AudioInfo, Limits
from model.audio.passing import id3_bytes
from model.audio.promise import lacks_its_end, promised_seconds, wav_share_there
from model.audio.sniff import describe, not_audio
from model.audio.source import Source
from model.audio.warnings import SEVERAL_SOUNDS, VIDEO, WarningLog
from model.errors import AudioTooLongError, SampleRateError, UnsupportedAudioError

MIN_SAMPLE_RATE_HZ: Final = 1_000
MAX_SAMPLE_RATE_HZ: Final = 3_072_000  # DSD512, as FFmpeg decodes it

DEMUXERS: Final = (
    *(
        "aac",
        "ac3",
        "aiff",
        "amr",
        "ape",
        "asf",
        "au",
        "avi",
        "avr",
        "caf",
        "dsf",
        "dts",
        "dtshd",
        "eac3",
        "epaf",
        "flac",
    ),
    *("flv", "gsm", "iff", "ircam", "loas", "matroska,webm", "mlp", "mov,mp4,m4a,3gp,3g2,mj2", "mp3", "mpc", "mpc8"),
    *("mpeg", "mpegts", "nistsphere", "nut", "ogg", "oma", "paf", "pvf", "qcp", "qoa", "rm", "sds", "shn", "sox"),
    *("spdif", "tak", "truehd", "tta", "voc", "w64", "wav", "wsd", "wtv", "wv", "wve", "xwma"),
)
DECODERS: Final = (
    *("8svx_exp", "8svx_fib", "aac", "aac_latm", "ac3", "adpcm_ima_oki", "adpcm_ima_qt", "adpcm_ima_wav", "adpcm_ms"),
    *("adpcm_sbpro_2", "adpcm_sbpro_3", "adpcm_sbpro_4", "adpcm_swf", "adpcm_yamaha", "alac", "als", "amrnb", "amrwb"),
    *("ape", "atrac1", "atrac3", "atrac3al", "atrac3plus", "atrac3plusal", "cook", "dca", "dsd_lsbf", "dsd_msbf"),
    *("dsd_lsbf_planar", "dsd_msbf_planar", "dst", "eac3", "evrc", "flac", "g722", "g726", "g726le", "gsm", "gsm_ms"),
    *("ilbc", "libopencore_amrnb", "libopencore_amrwb", "mace3", "mace6", "mlp", "mp1", "mp1float", "mp2", "mp2float"),
    *("mp3", "mp3float", "mp3adu", "mp3adufloat", "mp3on4", "mp3on4float", "mpc7", "mpc8", "nellymoser", "opus"),
    *("paf_audio", "pcm_alaw", "pcm_bluray", "pcm_dvd", "pcm_f16le", "pcm_f24le", "pcm_f32be", "pcm_f32le"),
    *("pcm_f64be", "pcm_f64le", "pcm_mulaw", "pcm_s16be", "pcm_s16be_planar", "pcm_s16le", "pcm_s16le_planar"),
    *("pcm_s24be", "pcm_s24le", "pcm_s24le_planar", "pcm_s32be", "pcm_s32le", "pcm_s32le_planar", "pcm_s64be"),
    *("pcm_s64le", "pcm_s8", "pcm_s8_planar", "pcm_u16be", "pcm_u16le", "pcm_u24be", "pcm_u24le", "pcm_u32be"),
    *("pcm_u32le", "pcm_u8", "qcelp", "qdm2", "qdmc", "qoa", "ralf", "real_144", "real_288", "s302m", "shorten"),
    *("sipr", "speex", "tak", "truehd", "truespeech", "tta", "vorbis", "wavpack", "wmalossless", "wmapro", "wmav1"),
    *("wmav2", "wmavoice"),
)

_OPTIONS: Final = {
    "format_whitelist": ",".join(DEMUXERS),
    "codec_whitelist": ",".join(DECODERS),
    "protocol_whitelist": "none",
}
_CONTAINERS: Final = {
    "matroska,webm": "WEBM",
    "mov,mp4,m4a,3gp,3g2,mj2": "M4A",
    "nistsphere": "NIST",
    "asf": "WMA",
    "w64": "W64",
    "mpegts": "MPEG-TS",
    "xwma": "XWMA",
}
_PCM: Final = {"s": "PCM_", "u": "PCM_U", "f": "FLOAT_"}
_PROTECTED_TAGS: Final = ("drms", "drmi", "enca", "aavd", "p608")
_BUFFER_BYTES: Final = 65_536
_LOOK_LESS_AHEAD: Final = {"probesize": "65536", "analyzeduration": "1000000"}  # bytes, microseconds
# Of MP3 that begins in mid-frame FFmpeg is sure only when it has seen all it may, and that is seconds of a station.
_JOINED: Final = {"formatprobesize": "32768"}


class OpenedAudio:
    """A file whose header has been read.

    Parameters
    ----------
    source : Source
        Its bytes.
    label : str
        What to call it.
    limits : Limits
        Longest duration accepted, as far as the header knows it.
    log : WarningLog
        Takes what there is to say of it.
    is_live : bool
        Whether the bytes come as the sound is made, so that to look far ahead is to wait.
    is_joined : bool
        Whether they begin in the midst of it, as those of a station do.

    Raises
    ------
    UnsupportedAudioError, SampleRateError, AudioTooLongError
        If there is nothing that can be heard.
    """

    def __init__(
        self,
        source: Source,
        label: str,
        limits: Limits,
        log: WarningLog,
        *,
        is_live: bool = False,
        is_joined: bool = False,
    ) -> None:
        if what := not_audio(source.head):
            raise _unsupported(label, what)
        options = _OPTIONS | (_LOOK_LESS_AHEAD if is_live else {}) | (_JOINED if is_joined else {})
        self.container: InputContainer = _opened(source, label, options)
        try:
            self.stream = _sound_of(self.container, label)
            if not self.stream.codec_context.sample_rate:
                raise _unsupported(label, describe(source.head))
            self.promised_seconds = promised_seconds(self.container, self.stream, source)
            self.counts_its_samples = self.container.format.name == "flac"  # elsewhere a length may be rounded
            self.lacks_its_end = lacks_its_end(source)
            self.share_there = wav_share_there(source) if self.container.format.name == "wav" else 1.0
            self.info = _info(self.container, self.stream, self.promised_seconds)
            check_rate(self.info.sample_rate_hz, label)
            if self.promised_seconds > limits.max_seconds:
                raise too_long(label, self.promised_seconds, limits)
            self._note_others(log)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Free the decoder. The source stays open."""
        self.container.close()

    def _note_others(self, log: WarningLog) -> None:
        if any(not _is_cover(stream) for stream in self.container.streams.video):
            log.note(VIDEO, "This is a video; its first sound track is heard.")
        n = len(self.container.streams.audio)
        if n > 1:
            log.note(SEVERAL_SOUNDS, f"The file holds {n} sound tracks; the first that can be decoded is heard.")
        for stream in self.container.streams:
            if stream is not self.stream:
                stream.discard = av.stream.Discard.all


def check_rate(rate_hz: int, label: str) -> None:
    """Refuse sample rates that are no sound's.

    Raises
    ------
    SampleRateError
        If it is out of range.
    """
    if not MIN_SAMPLE_RATE_HZ <= rate_hz <= MAX_SAMPLE_RATE_HZ:
        raise SampleRateError(
            f"{label} states a sample rate of {rate_hz} Hz; it must lie between {MIN_SAMPLE_RATE_HZ} "
            f"and {MAX_SAMPLE_RATE_HZ} Hz. Export the file again."
        )


def too_long(label: str, seconds: float, limits: Limits) -> AudioTooLongError:
    """Make the error for a track over the limit."""
    return AudioTooLongError(
        f"{label} lasts at least {seconds:.0f} s; the limit is {limits.max_seconds:.0f} s. Cut it into parts."
    )


def _opened(source: Source, label: str, options: dict[str, str]) -> InputContainer:
    """Try the bytes as they are, then with the name's extension as a hint, then without an ID3 tag in front."""
    for prepare in (_as_it_is, _with_hint, _without_id3):
        if prepare(source, label):
            try:
                return _tried(source, options)
            except (av.error.FFmpegError, ValueError, EOFError) as error:
                fault: Exception = error
    raise _unsupported(label, describe(source.head)) from fault


def _as_it_is(*_: Any) -> bool:
    return True


def _with_hint(source: Source, label: str) -> bool:
    extension = PurePath(label).suffix
    if not source.seekable() or not re.fullmatch(r"\.\w{2,5}", extension, re.ASCII):
        return False
    source.seek(0)
    source.name = f"audio{extension}"
    return True


def _without_id3(source: Source, _: str) -> bool:
    n_bytes = id3_bytes(source.head)
    if not source.seekable() or not n_bytes:
        return False
    source.skip(n_bytes)
    return True


def _tried(source: Source, options: dict[str, str]) -> InputContainer:
    return av.open(
        source,
        "r",
        container_options=options,
        metadata_errors="replace",
        buffer_size=_BUFFER_BYTES,
        io_open=_refuse_nested,
    )


def _refuse_nested(url: str, *_: Any) -> NoReturn:
    raise PermissionError(f"a file may not open another ({url})")


def _unsupported(label: str, what: str) -> UnsupportedAudioError:
    return UnsupportedAudioError(
        f"{label} is {what}. WAV, FLAC, OGG, MP3, M4A, AIFF, WMA, WebM and most other audio can be read."
    )


def _sound_of(container: InputContainer, label: str) -> AudioStream:
    """Choose the first stream of sound that may be decoded."""
    for stream in container.streams.audio:
        tag = _tag(stream)
        if tag in _PROTECTED_TAGS:
            raise _unsupported(label, f"protected by DRM ({tag}); only the shop's own player can decrypt it")
        if stream.codec_context and stream.codec_context.name in DECODERS:
            stream.codec_context.thread_count = 1  # decoders run side by side already
            return stream
    names = [stream.codec_context.name if stream.codec_context else "unknown" for stream in container.streams.audio]
    if names:
        raise _unsupported(label, f"coded in a way that cannot be decoded here ({', '.join(names)})")
    if container.streams.video:
        raise _unsupported(label, "a video or a picture without sound")
    raise _unsupported(label, "a file without sound")


def _tag(stream: AudioStream) -> str:
    """Give the four letters that an MP4 has for the coding; nothing where they are none."""
    try:
        return stream.codec_context.codec_tag if stream.codec_context else ""
    except UnicodeDecodeError:
        return ""


def _info(container: InputContainer, stream: AudioStream, promised_seconds: float) -> AudioInfo:
    context = stream.codec_context
    rate_hz = context.sample_rate
    exact = Fraction(0)
    if promised_seconds and stream.duration and stream.time_base:
        exact = stream.duration * stream.time_base * rate_hz
    n_frames = round(exact) if exact else round(promised_seconds * rate_hz)
    return AudioInfo(_format_of(container, context.name), rate_hz, context.layout.nb_channels, n_frames)


def _format_of(container: InputContainer, codec: str) -> str:
    """Name container and coding, the coding only where the container does not say it."""
    name = _CONTAINERS.get(container.format.name, container.format.name.upper())
    if codec.startswith("pcm_"):
        kind = codec.removeprefix("pcm_")
        coding = f"{_PCM[kind[0]]}{kind[1:3].rstrip('lb')}" if kind[0] in _PCM and kind[1].isdigit() else kind.upper()
    else:
        coding = codec.removesuffix("float").upper()
    return coding if coding == name else f"{name} {coding}"


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)
