"""Odd but sane files as FFmpeg and SoX write them: every container and coding people have."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Final

from tests.sounds import chord, encoded

STEREO: Final = "source.wav"
VIDEO: Final = ("-f", "lavfi", "-i", "testsrc=size=64x64:rate=5:duration=5")

# One run of FFmpeg writes them all: name, and the options of that output.
BY_FFMPEG: Final = {
    "cbr.mp3": "-b:a 128k",
    "vbr.mp3": "-q:a 4",
    "no-xing.mp3": "-b:a 128k -write_xing 0",
    "vbr-no-xing.mp3": "-q:a 4 -write_xing 0 -id3v2_version 0",
    "mono-8k.mp3": "-ac 1 -ar 8000",
    "mpeg2-24k.mp3": "-ar 24000 -b:a 64k",
    "48k-320.mp3": "-ar 48000 -b:a 320k",
    "id3v1.mp3": "-write_id3v1 1 -id3v2_version 0 -metadata title=x",
    "layer2.mp2": "",
    "adts.aac": "",
    "adts-mono.aac": "-ac 1 -ar 22050",
    "latm.latm": "-c:a aac -f latm",
    "aac.m4a": "",
    "faststart.m4a": "-movflags +faststart",
    "fragmented.mp4": "-c:a aac -movflags +frag_keyframe+empty_moov -frag_duration 1000000",
    "alac.m4a": "-c:a alac",
    "alac-24.m4a": "-c:a alac -sample_fmt s32p",
    "ac3.mp4": "-c:a ac3",
    "mp3.mp4": "-c:a libmp3lame",
    "flac.mp4": "-c:a flac -strict -2",
    "opus.mp4": "-c:a libopus -strict -2",
    "pcm.mov": "-c:a pcm_s16le",
    "big-endian.mov": "-c:a pcm_s24be",
    "aac.3gp": "-c:a aac",
    "8k.m4a": "-ac 1 -ar 8000",
    "16.flac": "",
    "24.flac": "-sample_fmt s32",
    "96k.flac": "-ar 96000",
    "8k-mono.flac": "-ar 8000 -ac 1",
    "small-blocks.flac": "-frame_size 256",
    "six.flac": "-ac 6",
    "u8.wav": "-c:a pcm_u8",
    "s24.wav": "-c:a pcm_s24le",
    "s32.wav": "-c:a pcm_s32le",
    "f32.wav": "-c:a pcm_f32le",
    "f64.wav": "-c:a pcm_f64le",
    "alaw.wav": "-c:a pcm_alaw",
    "mulaw.wav": "-c:a pcm_mulaw -ar 8000 -ac 1",
    "adpcm-ms.wav": "-c:a adpcm_ms",
    "adpcm-ima.wav": "-c:a adpcm_ima_wav",
    "gsm.wav": "-c:a libgsm_ms -ar 8000 -ac 1",
    "mp3.wav": "-c:a libmp3lame",
    "g722.wav": "-c:a g722 -ar 16000 -ac 1",
    "g726.wav": "-c:a g726 -ar 8000 -ac 1",
    "ac3.wav": "-c:a ac3",
    "rf64.wav": "-rf64 always",
    "eight.wav": "-ac 8",
    "three.wav": "-ac 3",
    "192k.wav": "-ar 192000",
    "4k.wav": "-ar 4000",
    "w64.w64": "",
    "s16.aiff": "",
    "f32.aiff": "-c:a pcm_f32be",
    "sowt.aiff": "-c:a pcm_s16le",
    "mulaw.aiff": "-c:a pcm_mulaw",
    "s16.au": "",
    "mulaw.au": "-c:a pcm_mulaw",
    "s16.caf": "",
    "alac.caf": "-c:a alac",
    "u8.voc": "-c:a pcm_u8",
    "vorbis.ogg": "",
    "vorbis-mono-8k.ogg": "-ac 1 -ar 8000",
    "opus.opus": "",
    "opus-mono.ogg": "-c:a libopus -ac 1 -ar 24000",
    "opus-six.opus": "-ac 6",
    "speex.spx": "-c:a libspeex -ar 16000 -ac 1",
    "flac.oga": "-c:a flac",
    "vorbis.mka": "-c:a libvorbis",
    "flac.mka": "-c:a flac",
    "pcm.mka": "-c:a pcm_s16le",
    "aac.mka": "-c:a aac",
    "mp3.mka": "-c:a libmp3lame",
    "opus.webm": "-c:a libopus",
    "vorbis.webm": "-c:a libvorbis",
    "v1.wma": "-c:a wmav1",
    "v2.wma": "-c:a wmav2",
    "mp3.asf": "-c:a libmp3lame",
    "pcm.avi": "-c:a pcm_s16le",
    "mp3.flv": "-c:a libmp3lame",
    "aac.flv": "-c:a aac",
    "aac.ts": "-c:a aac",
    "mp2.ts": "-c:a mp2",
    "s302m.ts": "-c:a s302m -strict -2 -ar 48000",
    "mp2.mpg": "-c:a mp2",
    "stereo.ac3": "",
    "six.ac3": "-ac 6",
    "stereo.eac3": "",
    "stereo.dts": "-c:a dca -strict -2 -ar 48000",
    "stereo.thd": "-c:a truehd -strict -2 -ar 48000",
    "s16.tta": "",
    "s16.wv": "",
    "f32.wv": "-c:a wavpack -sample_fmt fltp",
    "nut.nut": "-c:a libmp3lame",
    "recorded.wtv": "-c:a mp2",
}
WITH_VIDEO: Final = {
    "video.mp4": "-c:a aac -c:v mpeg4",
    "video.mkv": "-c:a libvorbis -c:v mpeg4",
    "video.avi": "-c:a libmp3lame -c:v mpeg4",
    "video.flv": "-c:a aac -c:v flv",
    "video.ts": "-c:a mp2 -c:v mpeg2video -r 25",
    "cover.mp3": "-c:a libmp3lame -c:v png -frames:v 1 -disposition:v attached_pic",
    "cover.flac": "-c:a flac -c:v png -frames:v 1 -disposition:v attached_pic",
    "cover.m4a": "-c:a aac -c:v png -frames:v 1 -disposition:v attached_pic",
}
BY_SOX: Final = {
    "sox.aifc": "",
    "sox-nist.sph": "",
    "sox.voc": "",
    "sox.caf": "",
    "sox.w64": "",
    "sox.paf": "",
    "sox.pvf": "",
    "sox.avr": "-c 1 -b 16",
    "sox-ircam.sf": "",
    "sox-own.sox": "",
    "sox.8svx": "-c 1 -b 8",
    "sox-gsm.wav": "-e gsm-full-rate -r 8000 -c 1",
    "sox-20-bits.flac": "-b 24 -r 32000",
    "sox-amr.amr-nb": "-r 8000 -c 1",
}
BY_PIPE: Final = {  # what a program writes that cannot go back to fill in the length
    "pipe-ffmpeg.wav": ("ffmpeg", "-f", "wav"),
    "pipe-ffmpeg.flac": ("ffmpeg", "-f", "flac"),
    "pipe-ffmpeg.au": ("ffmpeg", "-f", "au"),
    "pipe-ffmpeg.mp3": ("ffmpeg", "-f", "mp3"),
    "pipe-ffmpeg.mka": ("ffmpeg", "-f", "matroska"),
    "pipe-sox.wav": ("sox", "-t", "wav"),
    "pipe-sox.aiff": ("sox", "-t", "aiff"),
    "pipe-sox.au": ("sox", "-t", "au"),
    "pipe-sox.flac": ("sox", "-t", "flac"),
}


def make(folder: Path, *, seconds: float = 5.0, level: float = 0.2) -> None:
    """Write them all into a folder."""
    import numpy as np

    left = chord(seconds, rate_hz=44_100, level=level)
    source = folder / STEREO
    source.write_bytes(encoded(np.stack([left, np.roll(left, 441)], axis=1), rate_hz=44_100))
    inputs = ["-i", str(source)]
    _ffmpeg([*inputs, *_outputs(folder, BY_FFMPEG)])
    _ffmpeg([*inputs, *VIDEO, *_outputs(folder, WITH_VIDEO, maps="-map 0:a -map 1:v")])
    for name, options in BY_SOX.items():
        subprocess.run(["sox", source, *options.split(), folder / name], check=True, stderr=subprocess.DEVNULL)
    for name, (program, *options) in BY_PIPE.items():
        command = (
            ["ffmpeg", "-v", "error", *inputs, *options, "-"] if program == "ffmpeg" else ["sox", source, *options, "-"]
        )
        piped = subprocess.run(command, check=True, capture_output=True).stdout
        (folder / name).write_bytes(piped)


def _outputs(folder: Path, table: dict[str, str], maps: str = "-map 0:a") -> list[str]:
    return [part for name, options in table.items() for part in (*maps.split(), *options.split(), str(folder / name))]


def _ffmpeg(arguments: list[str]) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *arguments], check=True)
