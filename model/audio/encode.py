"""Write a track as a file to play."""

from __future__ import annotations

import io

import numpy as np
import soundfile

from model.audio.track import Track


def encode_wav(track: Track) -> bytes:
    """Write a track as a 16-bit PCM WAV file, for playing.

    Parameters
    ----------
    track : Track
        The sound; samples beyond full scale are clipped.

    Returns
    -------
    bytes
        A complete WAV file, mono, at the track's own rate.
    """
    buffer = io.BytesIO()
    soundfile.write(buffer, np.clip(track.samples, -1, 1), track.sample_rate_hz, format="WAV", subtype="PCM_16")
    return buffer.getvalue()
