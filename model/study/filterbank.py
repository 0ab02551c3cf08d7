"""Mel filterbanks as librosa computes them, stored beside the weights, so that serving needs no librosa."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from model.features import filterbank_path
from model.params import ModelParams


def store_filterbank(params: ModelParams) -> Path:
    """Compute a filterbank with librosa and store it beside the weights.

    Parameters
    ----------
    params : ModelParams
        Sample rate, n_fft and number of bands.

    Returns
    -------
    Path
        The file written.
    """
    import librosa

    features = params.features
    filterbank = librosa.filters.mel(sr=params.audio.sample_rate_hz, n_fft=features.n_fft, n_mels=features.n_mels)
    path = filterbank_path(params)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, filterbank=filterbank.astype(np.float32))
    return path
