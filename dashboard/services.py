"""Everything that a page or a route may ask, in one frozen value made per app."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import Final

from dashboard.decoding.decoders import shared_decoders
from dashboard.library.growing import GrowingFiles
from dashboard.library.library import Library
from dashboard.library.played import Played
from dashboard.library.record import SAMPLES_SUFFIX
from dashboard.library.sounds import Sounds
from dashboard.library.uploads import make_private
from dashboard.listening.live import Live
from dashboard.listening.models import Models
from dashboard.listening.scoring import Scoring
from dashboard.settings import Settings
from dashboard.sharing.shared import Shared, open_shared
from dashboard.watching.metrics import CountedKept, Metrics
from model.checkpoint import Card

_PATIENCE_SECONDS: Final = 10


@dataclass(frozen=True, eq=False)
class Services:
    """What one app is made of.

    Attributes
    ----------
    settings : Settings
        What the operator set.
    models : Models
        All models that can be asked.
    library : Library
        Samples and uploads.
    sounds : Sounds
        Their decoded sound.
    played : Played
        Their sound to play.
    scoring : Scoring
        Their scores.
    live : Live
        Who listens live at the moment.
    shared : Shared
        What other workers have made or count, too.
    metrics : Metrics
        What is counted of it.
    is_closing : threading.Event
        Set when it ends.
    askers : list of threading.Thread
        Of the server's own that ask the app; they end soon after `is_closing` is set.
    """

    settings: Settings
    models: Models
    library: Library
    sounds: Sounds
    played: Played
    scoring: Scoring
    live: Live
    shared: Shared
    metrics: Metrics
    is_closing: threading.Event = field(default_factory=threading.Event)
    askers: list[threading.Thread] = field(default_factory=list)

    @property
    def card(self) -> Card:
        """What the default model is."""
        return self.models.default.card

    def checks(self) -> dict[str, str]:
        """Look at each part: ``ok``, or what is wrong with it."""
        return {"model": self.models.default_state(), "disk": self.library.disk_state(), **self.shared.checks()}

    def close(self) -> None:
        """End the threads of the app; what others still ask for is answered first."""
        self.is_closing.set()
        self.live.close()
        self.scoring.close()
        for asker in self.askers:
            asker.join(_PATIENCE_SECONDS)
        self.played.close()
        self.sounds.close()
        self.models.close()
        self.shared.close()


def build_services(settings: Settings) -> Services:
    """Build what an app needs.

    Parameters
    ----------
    settings : Settings
        What the operator set.

    Returns
    -------
    Services
        Nothing is decoded or scored yet; the default model's weights are still being loaded.

    Raises
    ------
    StartError, CheckpointError
        If samples or the default model's card are missing or damaged, or the data folder cannot be used.
    """
    metrics = Metrics()
    models = Models(settings.checkpoint, settings.models_folder)
    make_private(settings.data_folder)
    shared = open_shared(settings)
    shared = replace(shared, kept=CountedKept(shared.kept, metrics))
    params = models.default.card.params
    library = Library(settings, params.audio, redis=shared.redis)
    decoders = shared_decoders()
    decoders.warm_up()
    sounds = Sounds(
        params.audio,
        settings.limits,
        decoders=decoders,
        bounds=settings.bounds,
        cache_bytes=int(settings.cache_mib * 0.75 * 2**20),
        max_jobs=settings.max_jobs,
        files=GrowingFiles(
            settings.data_folder,
            SAMPLES_SUFFIX,
            max_bytes=int(settings.max_heard_mib * 2**20),
            max_jobs=settings.max_jobs,
        ),
        metrics=metrics,
    )
    played = Played(
        sounds,
        settings.data_folder,
        max_bytes=int(settings.max_played_mib * 2**20),
        max_jobs=settings.max_jobs,
    )
    models.load_default()  # meanwhile the page answers
    scoring = Scoring(
        sounds,
        kept=shared.kept,
        metrics=metrics,
        cache_bytes=int(settings.cache_mib * 0.25 * 2**20),
        max_jobs=settings.max_jobs,
        max_waiting=settings.max_waiting_jobs,
    )
    live = Live(settings, shared.counts)
    return Services(settings, models, library, sounds, played, scoring, live, shared, metrics)
