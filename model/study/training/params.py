"""How the two-block network is fitted."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from model.errors import ParameterError
from model.study.network import PRECISIONS


@dataclass(frozen=True)
class TrainParams:
    """How the network is fitted.

    Attributes
    ----------
    seed : int
        Of weights, batches, augmentation and dropout.
    epochs : int
        Most epochs; the learning rate falls to nearly nothing by then.
    steps_per_epoch, batch_size : int
        An epoch is this many batches; of labelled windows, drawn evenly over the genres, each holds this many.
    learning_rate, weight_decay : float
        Of AdamW (Loshchilov and Hutter, 2019); the rate rises for 200 steps, then follows a cosine.
    final_rate : float
        Share of the learning rate that is left at the end of the cosine, 0 to 1. Where it is high, the average of the
        weights does what a falling rate would do.
    averaging : float
        Memory of the exponential moving average of the weights, per step; 0 keeps the last weights.
    tag_weight : float
        Weight of learning the tagger's opinions beside the genre (Hinton et al., "Distilling the knowledge in a
        neural network", 2015).
    embedding_weight : float
        Weight of learning the other teacher's embedding, from the same layer as the genre.
    teacher_share : float
        Share of the teachers' genres in the targets of labelled windows, where there are any; 0 to 1.
    music_per_batch : int
        Windows of other music added to each batch, drawn evenly over the teachers' genres; their targets are the
        teachers' opinions.
    nonmusic_per_batch : int
        Windows that are no music added to each batch; the network learns to name no genre for them (Hendrycks et
        al., "Deep anomaly detection with outlier exposure", 2019).
    patience : int
        Epochs without a lower validation loss after which fitting stops.
    label_smoothing : float
        Share of each labelled window's target that is spread evenly over all genres, 0 to below 1 (Szegedy et al.,
        "Rethinking the Inception architecture", 2016).
    precision : {"float32", "mixed_bfloat16"}
        What the convolutions compute with while fitting. The second is nearly twice as fast on processors that have
        bfloat16 (Intel since Cooper Lake, AMD since Zen 4) and slower on others; the fitted network is float32.
    """

    seed: int = 0
    epochs: int = 32
    steps_per_epoch: int = 50
    batch_size: int = 64
    learning_rate: float = 2e-3
    weight_decay: float = 1e-3
    final_rate: float = 0.02
    averaging: float = 0.998
    tag_weight: float = 0.0
    embedding_weight: float = 0.0
    teacher_share: float = 0.0
    music_per_batch: int = 0
    nonmusic_per_batch: int = 10
    patience: int = 15
    label_smoothing: float = 0.0
    precision: str = "float32"

    def __post_init__(self) -> None:
        for name in ("epochs", "steps_per_epoch", "batch_size", "learning_rate", "patience"):
            if getattr(self, name) <= 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be positive.")
        for name in ("tag_weight", "embedding_weight", "music_per_batch", "nonmusic_per_batch"):
            if getattr(self, name) < 0:
                raise ParameterError(f"{name} is {getattr(self, name)}; it must be at least 0.")
        for name in ("averaging", "label_smoothing"):
            if not 0 <= getattr(self, name) < 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; use 0 to below 1.")
        for name in ("teacher_share", "final_rate"):
            if not 0 <= getattr(self, name) <= 1:
                raise ParameterError(f"{name} is {getattr(self, name)}; use 0 to 1.")
        if self.precision not in PRECISIONS:
            raise ParameterError(f"precision is {self.precision!r}; use one of {', '.join(PRECISIONS)}.")

    @property
    def has_teachers(self) -> bool:
        """Whether anything but the genre's own name is learnt."""
        return bool(self.tag_weight or self.embedding_weight or self.teacher_share or self.music_per_batch)

    def to_dict(self) -> dict[str, Any]:
        """Give the parameters as plain values, for the card."""
        return asdict(self)

    def rate_at(self, step: int) -> float:
        """Learning rate of a step, counted from 0."""
        total = self.epochs * self.steps_per_epoch
        cosine = 0.5 * (1 + np.cos(np.pi * min(1.0, step / total)))
        falling = (1 - self.final_rate) * cosine + self.final_rate
        return float(self.learning_rate * min(1.0, (step + 1) / 200) * falling)


WITH_TEACHERS: Final[dict[str, Any]] = {
    "epochs": 192,
    "batch_size": 48,
    "weight_decay": 0.2,
    "final_rate": 0.75,
    "averaging": 0.9995,
    "tag_weight": 0.5,
    "embedding_weight": 1.0,
    "music_per_batch": 64,
    "nonmusic_per_batch": 14,
}
"""What differs where the network learns from two teachers and other music beside GTZAN."""
