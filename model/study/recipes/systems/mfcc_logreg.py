"""Logistic regression on mean MFCCs: the smallest classifier that is still one.

Source: genreXpose (github.com/jazdev/genreXpose), after Richert and Coelho, "Building Machine Learning Systems with
Python" (2013), chapter 9: 13 cepstral coefficients, their means over the file, scikit-learn's logistic regression, a
model cached on disk, a ROC curve for each genre and a confusion matrix. Any folder of genres will do, of any music
(``python -m model recipe mfcc_logreg --data FOLDER``).

Two recipes: one vector a file, as the source, and one a window of 3 s, which can follow music live. The second is one
linear chain from log-mel to posterior, so it is also exported as a checkpoint that the page, the service and
``classify`` can load in place of the network.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import DatasetError, TrainingError
from model.params import ModelParams
from model.study.datasets.gtzan import WINDOWS_PER_TRACK, cut_windows
from model.study.recipes.about import About, Claim
from model.study.recipes.base import Examples, FitOptions, Recipe, ServableNetwork, Windows
from model.study.recipes.cepstra import cepstra, cosine_matrix

if TYPE_CHECKING:
    import keras

N_CEPSTRA: Final = 13
INVERSE_PENALTY: Final = 1.0
MOST_ITERATIONS: Final = 1000


@dataclass(frozen=True, eq=False)
class LogisticModel:
    """A fitted multinomial logistic regression on standardised features.

    Attributes
    ----------
    mean, deviation : np.ndarray [shape=(n_features,)], float64
        Of the features it learnt from.
    coefficients : np.ndarray [shape=(n_features, n_genres)], float64
        Weights of the standardised features.
    intercept : np.ndarray [shape=(n_genres,)], float64
        What is added.
    """

    mean: NDArray[np.float64]
    deviation: NDArray[np.float64]
    coefficients: NDArray[np.float64]
    intercept: NDArray[np.float64]

    def posteriors(self, values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Score feature vectors.

        Parameters
        ----------
        values : np.ndarray [shape=(n, n_features)]
            Features.

        Returns
        -------
        np.ndarray [shape=(n, n_genres)], float32
            Posteriors; rows sum to 1.
        """
        logits = (values - self.mean) / self.deviation @ self.coefficients + self.intercept
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(raised / raised.sum(axis=1, keepdims=True), np.float32)


class MfccLogreg(Recipe):
    """Means of 13 cepstra over a window, standardised, and scikit-learn's logistic regression."""

    about = About(
        name="mfcc_logreg",
        title="MFCC + logistic regression",
        source="github.com/jazdev/genreXpose",
        claim=Claim(None, "the source shows curves and states no figure"),
        window_seconds=3.0,
        windows_per_track=WINDOWS_PER_TRACK,
        deviations=(
            "Means over a window of 3 s, not over the middle four fifths of the clip, so that it follows music live.",
            "Cepstra of a log-mel of 128 bands in dB below the window's maximum (scikits.talkbox used 40 bands and "
            "absolute levels), so the level of the recording does not count.",
            "Standardised before the penalty, and one model of all genres; the source's scikit-learn fitted one each.",
        ),
    )

    def features(self, examples: Examples) -> NDArray[np.floating[Any]]:
        """Average the cepstra of each window."""
        windows = cut_windows(examples.clips.columns_db, per_track=self.about.windows_per_track)
        return np.asarray(cepstra(windows.mean(axis=2), N_CEPSTRA))

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> Any:  # noqa: ARG002
        """Make scikit-learn's scaler and estimator in one; nothing in it is left to chance."""
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        return make_pipeline(StandardScaler(), LogisticRegression(C=INVERSE_PENALTY, max_iter=MOST_ITERATIONS))

    def fit(self, model: Any, train: Windows, valid: Windows, options: FitOptions) -> LogisticModel:  # noqa: ARG002
        """Fit to the train windows; there is nothing to stop early, so the valid windows are not looked at.

        Raises
        ------
        TrainingError
            If the train windows lack a genre: the outputs would not be the genres.
        """
        found = np.unique(train.labels)
        n_genres = int(found.max(initial=-1)) + 1
        if len(found) != n_genres or n_genres < 2:
            raise TrainingError(f"Training windows have the labels {found.tolist()}; each genre from 0 up is needed.")
        model.fit(np.asarray(train.values, np.float64), train.labels)
        scaler, regression = (step for _, step in model.steps)
        n_features = regression.coef_.shape[1]
        mean = np.zeros(n_features) if scaler.mean_ is None else scaler.mean_
        deviation = np.ones(n_features) if scaler.scale_ is None else scaler.scale_
        coefficients, intercept = regression.coef_.T, regression.intercept_
        if n_genres == 2:  # scikit-learn keeps the second genre's logit only
            coefficients = np.concatenate([np.zeros_like(coefficients), coefficients], axis=1)
            intercept = np.concatenate([np.zeros_like(intercept), intercept])
        return LogisticModel(mean, deviation, coefficients, intercept)

    def predict(self, fitted: LogisticModel, values: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Score windows."""
        return fitted.posteriors(values)

    def count_parameters(self, fitted: LogisticModel) -> int:
        """Count weights, intercepts, means and deviations."""
        return sum(part.size for part in (fitted.mean, fitted.deviation, fitted.coefficients, fitted.intercept))

    def to_network(self, fitted: LogisticModel) -> ServableNetwork | None:
        """Give it as layers: the cosines as a dense layer, the mean over frames, the standardising, the regression."""
        params = ModelParams()
        return ServableNetwork(_as_keras(fitted, params), params)


def _as_keras(fitted: LogisticModel, params: ModelParams) -> keras.Model:
    import keras

    layers = keras.layers
    _, n_mels = params.input_shape
    n_features, n_genres = fitted.coefficients.shape
    window = keras.Input(params.input_shape, name="log_mel_db")
    cosines = layers.Dense(n_features, use_bias=False, trainable=False, name="cepstra")
    x = layers.GlobalAveragePooling1D(name="mean_over_frames")(cosines(window))
    scaled = layers.Normalization(mean=fitted.mean, variance=fitted.deviation**2, name="standardise")(x)
    regression = layers.Dense(n_genres, name="logits")
    posterior = layers.Softmax(name="posterior")(regression(scaled))
    cosines.set_weights([cosine_matrix(n_mels, n_features)])
    regression.set_weights([fitted.coefficients, fitted.intercept])
    return keras.Model(window, posterior, name="mfcc_logreg")


class MfccLogregOfFiles(MfccLogreg):
    """The source's: 13 mean cepstra a file, not standardised."""

    about = About(
        name="mfcc_logreg_files",
        title="MFCC + logistic regression, one vector a file",
        source=MfccLogreg.about.source,
        claim=MfccLogreg.about.claim,
        window_seconds=30.0,
        windows_per_track=1,
        deviations=(
            "librosa's cepstra, as the published table has them, not those of scikits.talkbox.",
            "Fitted until it has converged; one model of all genres, where the source's scikit-learn fitted one each.",
        ),
        table_columns=tuple(f"mfcc{number}_mean" for number in range(1, N_CEPSTRA + 1)),
    )

    def features(self, examples: Examples) -> NDArray[np.float64]:
        """Take the mean cepstra of each clip from the table.

        Raises
        ------
        DatasetError
            If the tracks come without descriptors.
        """
        if examples.table is None:
            raise DatasetError("One vector a file needs a table of hand-made features, and these tracks have none.")
        return examples.table.columns(self.about.table_columns)[:, np.newaxis]

    def build(self, shape: tuple[int, ...], n_genres: int, *, seed: int) -> Any:  # noqa: ARG002
        """Make scikit-learn's estimator behind a scaler that leaves everything as it is.

        Its solver is one that converges on features of such different size.
        """
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        unscaled = StandardScaler(with_mean=False, with_std=False)
        return make_pipeline(unscaled, LogisticRegression(C=INVERSE_PENALTY, solver="newton-cholesky"))

    def to_network(self, fitted: LogisticModel) -> ServableNetwork | None:  # noqa: ARG002
        """Give none: absolute levels are not in the log-mel that networks are served."""
        return None


RECIPE: Final = MfccLogreg()
WHOLE_FILES: Final = MfccLogregOfFiles()
