"""The parameters that fix the network's input: the one place for 22,050, 2048, 1708, 128 and 3 s.

They are frozen values. A checkpoint's card carries the set it was trained with, and that set wins over
everything an operator may configure. This module imports nothing of the project but its errors.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from model.errors import ParameterError


@dataclass(frozen=True)
class AudioParams:
    """How sound is held in memory, and how it is cut into windows.

    Attributes
    ----------
    sample_rate_hz : int
        Rate of every `Track`, in Hz.
    window_samples : int
        Length of one window, the network's input, in samples (3 s).
    """

    sample_rate_hz: int = 22_050
    window_samples: int = 66_150

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            _require_positive(name, value)

    @property
    def window_seconds(self) -> float:
        """Length of one window in seconds."""
        return self.window_samples / self.sample_rate_hz


@dataclass(frozen=True)
class FeatureParams:
    """The log-mel front end.

    Attributes
    ----------
    n_fft : int
        Length of one frame and of its Fourier transform, in samples.
    hop_length : int
        Distance between frames, in samples.
    n_mels : int
        Number of mel bands (Slaney scale and area normalisation, 0 Hz to half the sample rate).
    floor_db : float
        Lowest level kept, in dB below the window's own maximum.
    """

    n_fft: int = 2048
    hop_length: int = 1708
    n_mels: int = 128
    floor_db: float = -80.0

    def __post_init__(self) -> None:
        for name in ("n_fft", "hop_length", "n_mels"):
            _require_positive(name, getattr(self, name))
        if self.floor_db >= 0:
            raise ParameterError(f"floor_db is {self.floor_db}; it must be below 0 dB, for example -80.0.")

    def n_frames(self, window_samples: int) -> int:
        """Count the whole frames that lie inside a window.

        Parameters
        ----------
        window_samples : int
            Length of the window, in samples.

        Returns
        -------
        int
            Number of frames; 38 for 66,150 samples.

        Raises
        ------
        ParameterError
            If the window is shorter than one frame.
        """
        if window_samples < self.n_fft:
            raise ParameterError(
                f"A window of {window_samples} samples is shorter than one frame of {self.n_fft}; use a longer window."
            )
        return (window_samples - self.n_fft) // self.hop_length + 1


@dataclass(frozen=True)
class ModelParams:
    """Everything a checkpoint depends on besides its weights.

    Attributes
    ----------
    audio : AudioParams
        Sample rate and window.
    features : FeatureParams
        The log-mel front end.
    descriptors : tuple of str
        Names of the descriptors that the network takes in place of the log-mel (`model.descriptors.window.MEANS`);
        none for a network that takes the log-mel.
    """

    audio: AudioParams = field(default_factory=AudioParams)
    features: FeatureParams = field(default_factory=FeatureParams)
    descriptors: tuple[str, ...] = ()

    @property
    def input_shape(self) -> tuple[int, ...]:
        """Shape of the network's input: (n_frames, n_mels) of a window, (38, 128) by default, or (n_descriptors,)."""
        if self.descriptors:
            return (len(self.descriptors),)
        return self.features.n_frames(self.audio.window_samples), self.features.n_mels

    def to_dict(self) -> dict[str, Any]:
        """Give the parameters as plain JSON-ready values, for the card; without descriptors where there are none."""
        values = asdict(self)
        descriptors = list(values.pop("descriptors"))
        return {**values, "descriptors": descriptors} if descriptors else values

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ModelParams:
        """Rebuild the parameters from a card.

        Parameters
        ----------
        values : dict
            What `to_dict` gave.

        Raises
        ------
        ParameterError
            If a key is missing, unknown, or its value is out of range.
        """
        try:
            descriptors = tuple(values.get("descriptors", ()))
            return cls(AudioParams(**values["audio"]), FeatureParams(**values["features"]), descriptors)
        except (KeyError, TypeError) as error:
            raise ParameterError(
                f"The card's parameters cannot be read ({error}); expected the keys of {cls().to_dict()}."
            ) from error


def _require_positive(name: str, value: float) -> None:
    if value <= 0:
        raise ParameterError(f"{name} is {value}; it must be positive.")
