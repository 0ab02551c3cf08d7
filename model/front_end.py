"""What turns a window of sound into a network's input: its log-mel, or its descriptors, as the card says."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from model.errors import CheckpointError
from model.features import LogMel
from model.params import ModelParams

FrontEnd = Callable[[NDArray[np.float32]], NDArray[np.float32]]


def front_end(params: ModelParams) -> FrontEnd:
    """Make the front end that a network was trained with.

    Parameters
    ----------
    params : ModelParams
        From its card.

    Returns
    -------
    callable
        Samples of one window in, an array of shape `ModelParams.input_shape` out.

    Raises
    ------
    CheckpointError
        If the card names descriptors that cannot be computed here.
    """
    if not params.descriptors:
        return LogMel(params)
    from model.descriptors.window import MEANS, Descriptors  # a network that takes the log-mel starts without them

    if params.descriptors != MEANS:
        raise CheckpointError(f"The card asks for the descriptors {params.descriptors}; there are just {MEANS}.")
    return Descriptors(params.audio)
