"""One root, `GenreError`, and a class per kind of fault.

Every message says what was wrong, the value, the limit and what to do. The HTTP service maps each class to a
status and a problem document, the command line prints the message and exits 2, the page shows it where the user
is looking.
"""

from __future__ import annotations


class GenreError(Exception):
    """Root of every error this project raises on purpose."""


class ParameterError(GenreError, ValueError):
    """A parameter is outside its range."""


class AudioError(GenreError):
    """Sound that cannot be used as it is."""


class EmptyAudioError(AudioError):
    """The file holds no bytes or no samples."""


class UnsupportedAudioError(AudioError):
    """The bytes are no audio format that can be decoded here."""


class SampleRateError(AudioError):
    """The sample rate is zero, negative or beyond what can be resampled."""


class NonFiniteSamplesError(AudioError):
    """Some samples are NaN or infinite."""


class AudioTooLargeError(AudioError):
    """The file is larger than the limit in bytes."""


class AudioTooLongError(AudioError):
    """The track is longer than the limit in seconds."""


class AudioTooShortError(AudioError):
    """The track is shorter than one window."""


class SourceError(GenreError):
    """Sound that flows cannot be had, or cannot be had any longer."""


class SoundCardError(SourceError):
    """The sound card, or what asks it for sound, is missing or refuses."""


class RadioError(SourceError):
    """An address that gives no sound, or may not be asked for it."""


class StationLostError(RadioError):
    """A station that cannot be reached at this moment, or broke off; it may come back."""


class ClusterError(GenreError):
    """The workers of a scan cannot be reached, or not any longer."""


class CheckpointError(GenreError):
    """Weights and card are missing, damaged or do not belong together."""


class ExplanationError(GenreError):
    """A model that cannot be asked why, or a window in which there is nothing to explain."""


class MapError(GenreError):
    """A model without a map of known tracks, or with one that was made for other weights."""


class DatasetError(GenreError):
    """A data set is missing, damaged or laid out in an unknown way."""


class TrainingError(GenreError):
    """A training run cannot start or resume as asked."""
