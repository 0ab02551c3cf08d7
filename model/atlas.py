"""Where a window lies among known tracks: the network's last description of it, projected to a few axes.

The axes are the principal components of the windows of GTZAN's training list; the first two are the map that the page
draws. They follow from the weights: ``python -m model map`` makes the table anew, and one of other weights is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from model.checkpoint import Card, sha256
from model.errors import MapError, ParameterError

MAP_NAME: Final = "map.npz"


@dataclass(frozen=True, eq=False)
class Atlas:
    """Known tracks of one checkpoint's map, and the axes on which they lie.

    Attributes
    ----------
    tracks, genres : tuple of str
        Names such as ``jazz.00012``, and the genre of each.
    places : np.ndarray [shape=(n_tracks, n_axes)], float32
        The mean place of each track's windows.
    mean : np.ndarray [shape=(n_units,)], float32
        Of the embeddings of all windows.
    axes : np.ndarray [shape=(n_axes, n_units)], float32
        Orthonormal, the one of the largest variance first.
    shares : np.ndarray [shape=(n_axes,)], float32
        Share of the variance of all windows along each axis, 0 to 1.
    weights : str
        SHA-256 of the serving weights that it was made with.
    """

    tracks: tuple[str, ...]
    genres: tuple[str, ...]
    places: NDArray[np.float32]
    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    shares: NDArray[np.float32]
    weights: str

    @property
    def tag(self) -> str:
        """Name of its content: two maps of one tag place everything alike."""
        return sha256(self.places.tobytes() + self.axes.tobytes() + self.mean.tobytes())[:8]

    def place(self, embedding: NDArray[np.float32]) -> NDArray[np.float32]:
        """Project embeddings.

        Parameters
        ----------
        embedding : np.ndarray [shape=(..., n_units)], float32
            What `model.explain.Explainer.embed` gives.

        Returns
        -------
        np.ndarray [shape=(..., n_axes)], float32
            Coordinates; the first two are those of the drawn map.
        """
        if embedding.shape[-1] != len(self.mean):
            raise ParameterError(f"An embedding has {embedding.shape[-1]} numbers; the map needs {len(self.mean)}.")
        return np.asarray((embedding - self.mean) @ self.axes.T, np.float32)

    def nearest(self, place: NDArray[np.float32], n: int) -> list[Neighbour]:
        """Find the known tracks nearest to a place, on all axes.

        Parameters
        ----------
        place : np.ndarray [shape=(n_axes,)], float32
            From `place`.
        n : int
            How many.

        Returns
        -------
        list of Neighbour
            The nearest first.
        """
        distances = np.linalg.norm(self.places - place, axis=1)
        order = np.argsort(distances, kind="stable")[:n]
        return [Neighbour(self.tracks[row], self.genres[row], float(distances[row])) for row in order]

    def centres(self) -> dict[str, NDArray[np.float32]]:
        """Give the median place of each genre's tracks."""
        of = np.array(self.genres)
        return {genre: np.median(self.places[of == genre], axis=0) for genre in dict.fromkeys(self.genres)}


class Neighbour(NamedTuple):
    """A known track, and how far away it lies on the axes of the map."""

    track: str
    genre: str
    distance: float


def fit_atlas(
    embeddings: NDArray[np.float32], tracks: Sequence[str], genres: Sequence[str], weights: str, *, n_axes: int
) -> Atlas:
    """Fit the axes to windows of known tracks.

    Parameters
    ----------
    embeddings : np.ndarray [shape=(n_tracks, n_windows, n_units)], float32
        Of each track's windows.
    tracks, genres : sequence of str
        Their names and genres.
    weights : str
        SHA-256 of the serving weights.
    n_axes : int
        Axes to keep, at least 2.

    Returns
    -------
    Atlas
        Each axis points so that its largest number is positive: the same windows give the same map.
    """
    windows = embeddings.reshape(-1, embeddings.shape[-1]).astype(np.float64)
    mean = windows.mean(axis=0)
    variances, vectors = np.linalg.eigh(np.cov(windows - mean, rowvar=False))
    axes = vectors[:, ::-1][:, :n_axes].T
    axes *= np.sign(axes[np.arange(n_axes), np.abs(axes).argmax(axis=1)])[:, np.newaxis]
    places = (embeddings.mean(axis=1) - mean) @ axes.T
    shares = variances[::-1][:n_axes] / variances.sum()
    return Atlas(
        tuple(tracks),
        tuple(genres),
        places=np.asarray(places, np.float32),
        mean=np.asarray(mean, np.float32),
        axes=np.asarray(axes, np.float32),
        shares=np.asarray(shares, np.float32),
        weights=weights,
    )


def write_atlas(folder: Path, atlas: Atlas) -> None:
    """Write a map into its checkpoint's folder."""
    np.savez_compressed(
        folder / MAP_NAME,
        tracks=np.array(atlas.tracks),
        genres=np.array(atlas.genres),
        places=atlas.places.astype(np.float16),
        mean=atlas.mean,
        axes=atlas.axes.astype(np.float16),
        shares=atlas.shares,
        weights=np.array(atlas.weights),
    )


def has_map(folder: Path) -> bool:
    """Tell whether a checkpoint comes with a map."""
    return (folder / MAP_NAME).is_file()


def read_atlas(folder: Path, card: Card) -> Atlas:
    """Read the map of a checkpoint.

    Parameters
    ----------
    folder : Path
        The checkpoint.
    card : Card
        Its card.

    Returns
    -------
    Atlas
        Its map.

    Raises
    ------
    MapError
        If there is none, it cannot be read, or it was made for other weights.
    """
    make = "make one with python -m model map"
    path = folder / MAP_NAME
    if not path.is_file():
        raise MapError(f"The model {card.name} has no map of known tracks; ask another, or {make}.")
    try:
        with np.load(path) as stored:
            atlas = Atlas(
                tracks=tuple(map(str, stored["tracks"])),
                genres=tuple(map(str, stored["genres"])),
                places=stored["places"].astype(np.float32),
                mean=stored["mean"],
                axes=stored["axes"].astype(np.float32),
                shares=stored["shares"],
                weights=str(stored["weights"]),
            )
    except (OSError, ValueError, KeyError) as error:
        raise MapError(f"The map of {card.name} cannot be read ({error}); {make}.") from error
    if atlas.weights != card.files["litert"].sha256:
        raise MapError(f"The map of {card.name} was made for other weights than these; {make}.")
    return atlas
