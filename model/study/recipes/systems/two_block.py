"""The two-block network, this project's own and its default.

Source: Gregorutti's genre dashboard (github.com/bgregorutti/music-genre-classification): two convolutions of 32 and 128
filters, each with max pooling, dropout, global average pooling, a dense layer of 512, softmax; known for 94.61 % of
windows under a division by chance. `model.study.network` says what this project changed in it,
`model/study/EXPERIMENTS.md` why. The source's own features are another recipe, `model.study.recipes.systems.mfcc_hpss`.
"""

from __future__ import annotations

import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import ParameterError
from model.params import ModelParams
from model.study.datasets.gtzan import WINDOWS_PER_TRACK, Clips, cut_windows, first_columns
from model.study.recipes.about import About, Claim
from model.study.recipes.base import Examples, FitOptions, ServableNetwork, Windows
from model.study.recipes.keras_fit import KerasRecipe

if TYPE_CHECKING:
    import keras

_LEAKING: Final[dict[str, Any]] = {
    "epochs": 40,
    "steps_per_epoch": 250,  # one pass over 80 % of 9990 windows
    "batch_size": 32,
    "weight_decay": 0.02,
    "label_smoothing": 0.1,
    "nonmusic_per_batch": 0,
}
_LEAKING_SHAPE: Final[dict[str, Any]] = {"filters": (32, 128), "pool_1": (2, 4)}  # that which its fit was chosen for
_SHORT: Final[dict[str, Any]] = {"epochs": 1, "steps_per_epoch": 2, "batch_size": 8, "nonmusic_per_batch": 0}


class TwoBlock(KerasRecipe):
    """The default recipe: what ``python -m model train`` fits, and the same network without help where windows leak."""

    about = About(
        name="two_block",
        title="Two-block CNN",
        source="github.com/bgregorutti/music-genre-classification, grown into this project's own network",
        claim=Claim(0.9461, "GTZAN, 3 s windows divided 80/10/10 by chance, which leaks"),
        window_seconds=3.0,
        windows_per_track=WINDOWS_PER_TRACK,
        deviations=(
            "Log-mel of 128 bands in place of MFCC, harmonic and percussive channels.",
            "Batch normalisation, a band coordinate, contrast channels, tall kernels, pooling of mean and deviation.",
            "Honest fit: augmentation, non-music, averaged weights; no teachers and no other music.",
            f"Leaking fit: of these the averaging alone; smoothed labels, {_LEAKING['epochs']} passes over the drawn "
            "windows, cut anywhere where two follow one another.",
        ),
    )

    def features(self, examples: Examples) -> NDArray[np.float32]:
        """Cut windows of 38 columns, each relative to its own maximum."""
        return cut_windows(examples.clips.columns_db, per_track=self.about.windows_per_track)

    def stretches(self, clips: Clips, drawn: NDArray[np.int64]) -> Clips:
        """Join windows to those that follow them."""
        return join_neighbours(clips, drawn, n_frames=ModelParams().input_shape[0])

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> keras.Model:
        """Build `model.study.network.build_network`.

        Raises
        ------
        ParameterError
            If the windows are not those of the default parameters.
        """
        import keras

        from model.study.network import NetworkParams, build_network

        if shape != ModelParams().input_shape:
            raise ParameterError(
                f"Windows have shape {shape}; the two-block network needs {ModelParams().input_shape}."
            )
        keras.utils.set_random_seed(seed)
        return build_network(NetworkParams(n_genres=n_genres))

    def fit(self, model: keras.Model, train: Windows, valid: Windows, options: FitOptions) -> keras.Model:
        """Fit as ``python -m model train`` does; where windows were drawn by chance, to those and nothing else.

        Raises
        ------
        ParameterError
            If there is neither a whole track to cut windows from nor a stretch of one.
        """
        from model.study.network import NetworkParams
        from model.study.training.augment import NO_AUGMENTATION, AugmentParams
        from model.study.training.params import TrainParams
        from model.study.training.two_block import fit_two_block

        clips = train.stretches or train.clips
        if clips is None:
            raise ParameterError("The two-block network cuts its own windows; give whole tracks, or stretches of them.")
        by_chance = train.stretches is not None
        settings: dict[str, Any] = {"seed": options.seed, "precision": options.precision}
        if by_chance:
            settings |= _LEAKING
        if options.quick:
            settings |= _SHORT
        n_genres = model.output_shape[-1]
        with nullcontext(options.run_folder) if options.run_folder else tempfile.TemporaryDirectory() as folder:
            return fit_two_block(
                clips,
                valid.clips,
                Path(folder),
                n_genres=n_genres,
                train=TrainParams(**settings),
                augment=NO_AUGMENTATION if by_chance else AugmentParams(),
                network=NetworkParams(n_genres=n_genres, **(_LEAKING_SHAPE if by_chance else {})),
                progress=options.progress,
            ).result.model

    def to_network(self, fitted: keras.Model) -> ServableNetwork:
        """Give the network itself: it takes log-mel as it is."""
        return ServableNetwork(fitted, ModelParams())


def join_neighbours(clips: Clips, drawn: NDArray[np.int64], *, n_frames: int) -> Clips:
    """Join each drawn window to the next of its track where that was drawn too, else to itself once more.

    A window cut anywhere out of such a stretch is new to the network, and all its sound is of drawn windows (or of the
    77 ms between two of them, which belong to no window).

    Parameters
    ----------
    clips : Clips
        Every track.
    drawn : np.ndarray [shape=(n,)], int64
        Rows of windows, counted over all tracks, `WINDOWS_PER_TRACK` a track.
    n_frames : int
        Columns of a window.

    Returns
    -------
    Clips
        One stretch a drawn window, in their order, two windows long.
    """
    starts = first_columns(clips.columns_db.shape[1], n_frames=n_frames)
    length = n_frames + int(np.diff(starts).min())
    is_drawn = np.zeros(len(clips.labels) * WINDOWS_PER_TRACK, bool)
    is_drawn[drawn] = True
    tracks, places = np.divmod(drawn, WINDOWS_PER_TRACK)
    followed = (places < WINDOWS_PER_TRACK - 1) & is_drawn[np.minimum(drawn + 1, len(is_drawn) - 1)]
    within = np.arange(length)
    columns = starts[places][:, None] + np.where(followed[:, None], within, within % n_frames)
    names = tuple(f"{clips.tracks[track]}.{place}" for track, place in zip(tracks, places, strict=True))
    return Clips(names, clips.labels[tracks], clips.columns_db[tracks[:, None], columns])


RECIPE: Final = TwoBlock()
