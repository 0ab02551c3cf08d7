"""All that workers share, in one value: on disk for those of one host, in Redis for several hosts."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.settings import Settings
from dashboard.sharing.counts import Counts, CountsOfOne, CountsOnDisk
from dashboard.sharing.kept import Kept, KeptOnDisk


@dataclass(frozen=True, eq=False)
class Shared:
    """What workers share.

    Attributes
    ----------
    kept : Kept
        Results.
    counts : Counts
        Who takes part, and how often who asks.
    """

    kept: Kept
    counts: Counts


def open_shared(settings: Settings) -> Shared:
    """Open what the workers of these settings share.

    Parameters
    ----------
    settings : Settings
        The data folder, how many workers, and where Redis is.

    Returns
    -------
    Shared
        Ready.
    """
    seconds = settings.upload_hours * 3600
    kept = KeptOnDisk(settings.data_folder / "kept", max_bytes=int(settings.max_kept_mib * 2**20), seconds=seconds)
    is_alone = settings.workers == 1
    counts = CountsOfOne() if is_alone else CountsOnDisk(settings.data_folder / "counts")
    return Shared(kept, counts)
