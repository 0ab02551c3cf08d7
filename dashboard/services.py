"""Everything that a page or a route may ask, in one frozen value made per app."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.library import Library
from dashboard.scoring import Scoring
from dashboard.settings import Settings
from dashboard.sounds import Sounds
from model.checkpoint import Card
from model.classifier import Classifier
from model.scorer import Scorer


@dataclass(frozen=True, eq=False)
class Services:
    """What one app is made of.

    Attributes
    ----------
    settings : Settings
        What the operator set.
    card : Card
        What the model is.
    library : Library
        Samples and uploads.
    sounds : Sounds
        Their decoded sound.
    scoring : Scoring
        Their scores.
    scorer : Scorer
        Scores windows.
    """

    settings: Settings
    card: Card
    library: Library
    sounds: Sounds
    scoring: Scoring
    scorer: Scorer

    def close(self) -> None:
        """End the threads of the app."""
        self.scoring.close()
        self.scorer.close()


def build_services(settings: Settings) -> Services:
    """Build what an app needs.

    Parameters
    ----------
    settings : Settings
        What the operator set.

    Returns
    -------
    Services
        Ready; nothing is decoded or scored yet.

    Raises
    ------
    StartError, CheckpointError
        If samples or model are missing or damaged, or the data folder cannot be used.
    """
    classifier = Classifier(settings.checkpoint)
    scorer = Scorer(classifier)
    params = classifier.card.params
    library = Library(settings, params.audio)
    sounds = Sounds(
        params.audio,
        settings.limits,
        cache_bytes=int(settings.cache_mib * 0.75 * 2**20),
        max_jobs=settings.max_jobs,
    )
    scoring = Scoring(
        scorer,
        sounds,
        cache_bytes=int(settings.cache_mib * 0.25 * 2**20),
        max_jobs=settings.max_jobs,
        max_waiting=settings.max_waiting_jobs,
    )
    return Services(settings, classifier.card, library, sounds, scoring, scorer)
