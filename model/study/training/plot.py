"""The history of a training run as a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def plot_history(history: Sequence[dict[str, float]], path: Path, *, best_epoch: int) -> None:
    """Draw loss and accuracy over the epochs, for train and, where there is one, for valid.

    Parameters
    ----------
    history : sequence of dict
        One entry an epoch, as `model.study.training.fit.fit` gives.
    path : Path
        The PNG to write.
    best_epoch : int
        Marked with a line.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    epochs = [entry["epoch"] for entry in history]
    figure = Figure(figsize=(10, 4), dpi=120, layout="constrained")
    FigureCanvasAgg(figure)
    loss, accuracy = figure.subplots(1, 2)
    curves = (
        (loss, "loss", "train (augmented)"),
        (loss, "valid_loss", "valid"),
        (accuracy, "accuracy", "train windows (augmented)"),
        (accuracy, "valid_window_accuracy", "valid windows"),
        (accuracy, "valid_track_accuracy", "valid tracks"),
    )
    for axes, key, label in curves:
        if key in history[-1]:
            axes.plot(epochs, [entry[key] for entry in history], label=label)
    loss.set_ylabel("mean log loss")
    accuracy.set_ylabel("share right")
    for axes in (loss, accuracy):
        axes.axvline(best_epoch, color="0.6", linestyle=":", label=f"kept: epoch {best_epoch}")
        axes.set_xlabel("epoch")
        axes.grid(alpha=0.3)
        axes.legend(frameon=False)
    figure.savefig(path)
