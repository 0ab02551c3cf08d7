"""The network as a picture, drawn from the layers of its own file."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.study.evaluation.plots import ACCENT, LINE, MUTED, new_figure

if TYPE_CHECKING:
    import keras

_HEADS: Final = ("InputLayer", "Conv1D", "Conv2D", "Dense", "Flatten", "MeanAndDeviation", "GlobalAveragePooling2D")


@dataclass
class Stage:
    """Layers that are drawn as one block.

    Attributes
    ----------
    title : str
        What the first layer does.
    shape : tuple of int
        What the last layer gives for one window.
    n_parameters : int
        Weights of all its layers.
    notes : list of str
        What the layers after the first do.
    """

    title: str
    shape: tuple[int, ...]
    n_parameters: int
    notes: list[str] = field(default_factory=list)


def stages(model: keras.Model) -> list[Stage]:
    """Gather a network's layers into stages: an input, convolution, pooling over everything or dense layer begins one.

    Parameters
    ----------
    model : keras.Model
        Layers in a row.

    Returns
    -------
    list of Stage
        From input to posterior.
    """
    found: list[Stage] = []
    for layer in model.layers:
        shape = tuple(int(size) for size in layer.output.shape[1:])
        if type(layer).__name__ in _HEADS:
            found.append(Stage(_describe(layer), shape, layer.count_params()))
        elif type(layer).__name__ == "Reshape":
            found[-1].shape = shape
        else:
            found[-1].shape = shape
            found[-1].n_parameters += layer.count_params()
            found[-1].notes.append(_describe(layer))
    return found


def draw_network(model: keras.Model, path: Path) -> None:
    """Draw a network's stages from left to right, each as high as its bands and as wide as its channels.

    Parameters
    ----------
    model : keras.Model
        Layers in a row.
    path : Path
        The PNG to write.
    """
    from matplotlib.patches import Rectangle

    parts = stages(model)
    with new_figure(path, (2.1 * len(parts), 5.2)) as figure:
        axes = figure.subplots()
        for place, part in enumerate(parts):
            is_map = len(part.shape) > 1
            height = 0.35 * np.log2(part.shape[1] if is_map else part.shape[0])
            channels = part.shape[2] if len(part.shape) > 2 else 1
            width = 0.09 * (1 + np.log2(channels)) if is_map else 0.09
            corner = (place - width / 2, -height / 2)
            axes.add_patch(Rectangle(corner, width, height, facecolor=ACCENT, alpha=0.85, linewidth=0))
            axes.text(place, 1.75, " x ".join(map(str, part.shape)), ha="center", fontsize=9, color=MUTED)
            axes.text(place, 2.0, part.title, ha="center", va="bottom", fontsize=10, fontweight="bold")
            weights = [f"{part.n_parameters:,} parameters"] if part.n_parameters else []
            axes.text(place, -1.75, "\n".join([*part.notes, *weights]), ha="center", va="top", fontsize=8.5)
        axes.axhline(0, color=LINE, zorder=0)
        axes.set(xlim=(-0.6, len(parts) - 0.4), ylim=(-3.3, 2.5))
        axes.set_axis_off()
        axes.set_title(f"{model.count_params():,} parameters; one window, frames x bands x channels")


def _describe(layer: Any) -> str:
    """Say in a few words what a layer does."""
    match type(layer).__name__:
        case "InputLayer":
            return "log-mel, dB"
        case "Conv2D" | "Conv1D" as kind:
            return f"{kind} {layer.filters}, {' x '.join(map(str, layer.kernel_size))}"
        case "Dense":
            return f"dense {layer.units}"
        case "MaxPooling2D" | "MaxPooling1D":
            return f"max pool {' x '.join(map(str, np.atleast_1d(layer.pool_size)))}"
        case "Dropout":
            return f"dropout {layer.rate:g}"
        case "BatchNormalization":
            return "batch normalisation"
        case "MeanAndDeviation":
            return "mean, deviation"
        case "Softmax":
            return "softmax"
        case "Activation" | "ReLU":
            return "ReLU"
        case _:
            return str(layer.name).replace("_", " ")
