"""The two-block network, this project's own and its default.

Source: Gregorutti's genre dashboard (github.com/bgregorutti/music-genre-classification): two convolutions of 32 and 128
filters, each with max pooling, dropout, global average pooling, a dense layer of 512, softmax; known for 94.61 % of
windows under a division by chance. `model.network` tells what this project changed in it, `model/EXPERIMENTS.md` why.
The source's own features are another recipe, `model.recipes.mfcc_hpss`.
"""

from __future__ import annotations

import tempfile
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.datasets.gtzan import WINDOWS_PER_TRACK, Clips, cut_windows
from model.errors import ParameterError
from model.params import ModelParams
from model.recipes.base import About, Claim, Examples, FitOptions, ServableNetwork, Windows
from model.recipes.keras_fit import KerasRecipe

if TYPE_CHECKING:
    import keras

_LEAKING_EPOCHS: Final = 40
_LEAKING_STEPS: Final = 125  # one pass over 80 % of 9990 windows
_SHORT_EPOCHS: Final = 1
_SHORT_STEPS: Final = 2


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
            "Honest fit: augmentation, a tagger's opinions as soft targets, non-music, averaged weights.",
            f"Leaking fit: none of these but the averaging, {_LEAKING_EPOCHS} passes over the windows.",
        ),
        learns_tags=True,
    )

    def features(self, examples: Examples) -> NDArray[np.float32]:
        """Cut windows of 38 columns, each relative to its own maximum."""
        return cut_windows(examples.clips.columns_db, per_track=self.about.windows_per_track)

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> keras.Model:
        """Build `model.network.build_network`.

        Raises
        ------
        ParameterError
            If the windows are not those of the default parameters.
        """
        import keras

        from model.network import NetworkParams, build_network

        if shape != ModelParams().input_shape:
            raise ParameterError(
                f"Windows have shape {shape}; the two-block network needs {ModelParams().input_shape}."
            )
        keras.utils.set_random_seed(seed)
        return build_network(NetworkParams(n_genres=n_genres))

    def fit(self, model: keras.Model, train: Windows, valid: Windows, options: FitOptions) -> keras.Model:
        """Fit as ``python -m model train`` does; where windows leak, without augmentation and soft targets."""
        from model.datasets.nonmusic import make_windows
        from model.datasets.speech import speech_is_possible
        from model.network import NetworkParams
        from model.training.augment import NO_AUGMENTATION, AugmentParams
        from model.training.fit import TrainParams
        from model.training.fit import fit as fit_network

        n_genres = model.output_shape[-1]
        honest = train.clips is not None and valid.clips is not None and not options.leaking
        short = {"epochs": _SHORT_EPOCHS, "steps_per_epoch": _SHORT_STEPS, "batch_size": 8} if options.quick else {}
        how: dict[str, Any] = {} if options.tags else {"tag_weight": 0.0}
        nonmusic: dict[str, NDArray[np.float32]] = {}
        if honest and not options.quick:
            nonmusic = make_windows(per_kind=40, seed=options.seed, measure=False, with_speech=speech_is_possible())
        elif not honest:
            how = {"epochs": _LEAKING_EPOCHS, "steps_per_epoch": _LEAKING_STEPS, "tag_weight": 0.0}
        settings = TrainParams(**{"seed": options.seed, "precision": options.precision, **how, **short})
        with nullcontext(options.run_folder) if options.run_folder else tempfile.TemporaryDirectory() as folder:
            return fit_network(
                train.clips if honest and train.clips else _as_clips(train),
                valid.clips if honest else None,
                Path(folder),
                n_genres=n_genres,
                tags=options.tags if honest else None,
                nonmusic=nonmusic,
                train=settings,
                network=NetworkParams(n_genres=n_genres),
                augment=AugmentParams() if honest else NO_AUGMENTATION,
                progress=options.progress,
            ).model

    def to_network(self, fitted: keras.Model) -> ServableNetwork:
        """Give the network itself: it takes log-mel as it is."""
        return ServableNetwork(fitted, ModelParams())


def _as_clips(windows: Windows) -> Clips:
    """Take each window for a clip of its own, exactly as long as a window."""
    names = tuple(f"window.{row}" for row in range(len(windows.labels)))
    return Clips(names, windows.labels, np.asarray(windows.values, np.float32))


RECIPE: Final = TwoBlock()
