"""What a decoder accepts, and what a file states of itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """What a decoder accepts.

    Attributes
    ----------
    max_bytes : int
        Largest file, in bytes; the default holds three hours of uncompressed stereo.
    max_seconds : float
        Longest track, in seconds.
    """

    max_bytes: int = 4 * 2**30
    max_seconds: float = 3 * 3600.0


@dataclass(frozen=True)
class AudioInfo:
    """What a file's header says.

    Attributes
    ----------
    format : str
        Container and coding, for example ``"WAV PCM_16"``.
    sample_rate_hz : int
        Rate of the file, in Hz.
    n_channels : int
        Channels of the file.
    n_frames : int
        Sample frames the header states; 0 where it does not know.
    """

    format: str
    sample_rate_hz: int
    n_channels: int
    n_frames: int

    @property
    def duration_seconds(self) -> float:
        """Stated duration, in seconds."""
        return self.n_frames / self.sample_rate_hz
