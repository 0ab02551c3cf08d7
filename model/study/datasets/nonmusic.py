"""Non-music: tones, noises, hum, clicks, room tone, synthetic speech.

The network learns a uniform posterior for them, and the `unsure` rule is measured on them. Kinds and voices are divided
into those to learn from and those to measure on, so that it is measured on sounds it never learnt; kinds that occur in
both are made with other random numbers.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.params import ModelParams
from model.study.datasets.speech import speech_is_possible, speech_windows
from model.study.datasets.synthetic import LEARN_KINDS, MEASURE_KINDS

_LEARNT_PER_KIND: Final = 40
_MEASURED_PER_KIND: Final = 30


def windows_to_learn(*, seed: int) -> dict[str, NDArray[np.float32]]:
    """Make the non-music that networks learn; without speech where espeak-ng is not installed."""
    return make_windows(per_kind=_LEARNT_PER_KIND, seed=seed, measure=False, with_speech=speech_is_possible())


def windows_to_measure(*, seed: int) -> dict[str, NDArray[np.float32]]:
    """Make the non-music that the `unsure` rule is measured on; without speech where espeak-ng is not installed."""
    return make_windows(per_kind=_MEASURED_PER_KIND, seed=seed, measure=True, with_speech=speech_is_possible())


def make_windows(
    *, per_kind: int, seed: int, measure: bool, params: ModelParams | None = None, with_speech: bool = True
) -> dict[str, NDArray[np.float32]]:
    """Make log-mel windows of non-music.

    Parameters
    ----------
    per_kind : int
        Windows of each kind; six times as many of speech.
    seed : int
        Seed of the sounds.
    measure : bool
        True for the kinds and voices to measure on, False for those to learn from.
    params : ModelParams, optional
        Audio and feature parameters.
    with_speech : bool
        Include speech; needs espeak-ng.

    Returns
    -------
    dict of str to np.ndarray [shape=(n, n_frames, n_mels)], float32
        dB below each window's maximum, by kind.

    Raises
    ------
    DatasetError
        If speech is wanted and espeak-ng is not there.
    """
    from model.features import LogMel

    params = params or ModelParams()
    random = np.random.default_rng([seed, int(measure)])
    n, rate = params.audio.window_samples, params.audio.sample_rate_hz
    log_mel = LogMel(params)
    made = {
        kind: np.stack([log_mel(_at_some_level(maker(n, rate, random), random)) for _ in range(per_kind)])
        for kind, maker in (MEASURE_KINDS if measure else LEARN_KINDS).items()
    }
    if with_speech:
        made["speech"] = np.stack(
            [log_mel(window) for window in speech_windows(6 * per_kind, n, rate, measure, random)]
        )
    return made


def _at_some_level(samples: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float32]:
    loud = samples / max(float(np.abs(samples).max()), 1e-9) * 10 ** random.uniform(-1.5, -0.05)
    return np.asarray(loud + 10 ** random.uniform(-5, -3.3) * random.normal(size=len(samples)), np.float32)
