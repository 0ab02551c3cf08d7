"""Do explanations hold? Hide what they mark, and see whether the network changes its mind.

A tenth of a window's cells is hidden as `model.explain.hide` does it, and the log-odds of the genre that led are taken
before and after. An explanation that holds lowers them far more than a tenth taken at random, or the loudest tenth.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.classifier import Classifier
from model.explain import Explainer, hide, log_odds, marked
from model.study.datasets.gtzan import cut_windows, load_clips

SHARE: Final = 0.1
CURVES_EVERY: Final = 10  # a curve asks for fifty scores of a window
SHARES: Final = (0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)


def measure_explanations(classifier: Classifier, explainer: Explainer, *, seed: int) -> dict[str, Any]:
    """Measure explanations on the windows of the validation list: hiding on all of them, curves on every tenth.

    Parameters
    ----------
    classifier, explainer, seed
        As for `hiding`.

    Returns
    -------
    dict
        ``hiding`` and ``curves``, as these functions give them.

    Raises
    ------
    DatasetError
        If GTZAN's features or lists are not there.
    """
    tracks = cut_windows(load_clips("valid").columns_db)
    windows = tracks.reshape(-1, *tracks.shape[2:])
    return {
        "hiding": hiding(classifier, explainer, windows, seed=seed),
        "curves": curves(classifier, explainer, windows[::CURVES_EVERY], seed=seed),
    }


def hiding(
    classifier: Classifier, explainer: Explainer, windows_db: NDArray[np.float32], *, seed: int, share: float = SHARE
) -> dict[str, Any]:
    """Measure how far the leading genre's log-odds fall when a share of each window is hidden.

    Parameters
    ----------
    classifier : Classifier
        Scores the windows.
    explainer : Explainer
        Of the same checkpoint.
    windows_db : np.ndarray [shape=(n_windows, n_frames, n_mels)], float32
        Windows of music.
    seed : int
        Of what is hidden at random.
    share : float
        Share of a window's cells.

    Returns
    -------
    dict
        ``fall``, the mean fall in log-odds for what is hidden: ``marked``; ``random``, cells drawn at random;
        ``moved``, the marked cells' shape somewhere else; ``loudest``; and ``against``, the cells that speak most
        against the genre, which raises its log-odds. ``marked_to_random`` and ``marked_to_loudest`` are the ratios of
        these means, ``more_than_loudest`` the share of windows in which the marked cells count for more.
    """
    draws = np.random.default_rng(seed)
    falls: dict[str, list[float]] = {name: [] for name in ("marked", "random", "moved", "loudest", "against")}
    for window in windows_db:
        explanation = explainer.explain(window)
        index = classifier.card.genres.index(explanation.genre)
        mask = marked(explanation.relevance, share)
        shift = tuple(int(draws.integers(1, size)) for size in mask.shape)
        masks = {
            "marked": mask,
            "random": marked(draws.random(mask.shape, np.float32), share),
            "moved": np.roll(mask, shift, axis=(0, 1)),
            "loudest": marked(window, share),
            "against": marked(-explanation.relevance, share),
        }
        after = classifier.posteriors(np.stack([hide(window, hidden) for hidden in masks.values()]))
        for name, posterior in zip(masks, after, strict=True):
            falls[name].append(explanation.log_odds - log_odds(posterior, index))
    mean = {name: float(np.mean(values)) for name, values in falls.items()}
    return {
        "share_hidden": share,
        "n_windows": len(windows_db),
        "fall": mean,
        "marked_to_random": mean["marked"] / mean["random"],
        "marked_to_loudest": mean["marked"] / mean["loudest"],
        "more_than_loudest": float(np.mean(np.array(falls["marked"]) > np.array(falls["loudest"]))),
    }


def curves(
    classifier: Classifier, explainer: Explainer, windows_db: NDArray[np.float32], *, seed: int
) -> dict[str, Any]:
    """Hide more and more of each window, and show more and more of a hidden one.

    Parameters
    ----------
    classifier, explainer, windows_db, seed
        As for `hiding`.

    Returns
    -------
    dict
        ``shares``; ``deletion`` and ``insertion``, each with the mean log-odds of the leading genre at every share of
        the cells hidden or shown, those that speak most for the genre first (``marked``), the loudest first
        (``loudest``) or in random order (``random``).
    """
    draws = np.random.default_rng(seed)
    orders = ("marked", "loudest", "random")
    deletion, insertion = ({order: np.zeros(len(SHARES)) for order in orders} for _ in range(2))
    for window in windows_db:
        explanation = explainer.explain(window)
        index = classifier.card.genres.index(explanation.genre)
        values = (explanation.relevance, window, draws.random(window.shape, np.float32))
        for order, by in zip(orders, values, strict=True):
            masks = [marked(by, share) for share in SHARES]
            for curve, hidden in ((deletion, masks), (insertion, [~mask for mask in masks])):
                scored = classifier.posteriors(np.stack([hide(window, mask) for mask in hidden]))
                curve[order] += [log_odds(posterior, index) for posterior in scored]
    n_windows = len(windows_db)
    return {
        "n_windows": n_windows,
        "shares": list(SHARES),
        "deletion": {order: (sums / n_windows).tolist() for order, sums in deletion.items()},
        "insertion": {order: (sums / n_windows).tolist() for order, sums in insertion.items()},
    }
