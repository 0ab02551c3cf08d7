"""All that workers share, in one value: on disk for those of one host, in Redis for several hosts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dashboard.settings import Settings
from dashboard.sharing import in_redis
from dashboard.sharing.counts import Counts, CountsOfOne, CountsOnDisk
from dashboard.sharing.kept import Kept, KeptOnDisk
from dashboard.sharing.secret import read_secret


@dataclass(frozen=True, eq=False)
class Shared:
    """What workers share.

    Attributes
    ----------
    kept : Kept
        Results.
    counts : Counts
        Who takes part, and how often who asks.
    secret : str
        Signs visitors' cookies.
    redis : redis.Redis or None
        The connection, where several hosts share.
    """

    kept: Kept
    counts: Counts
    secret: str
    redis: Any = None

    def checks(self) -> dict[str, str]:
        """Look at what is shared over the network: ``ok``, or what is wrong with it."""
        return {} if self.redis is None else {"redis": in_redis.state(self.redis)}

    def close(self) -> None:
        """Let go of the network."""
        if isinstance(self.counts, in_redis.CountsInRedis):
            self.counts.close()
        if self.redis is not None:
            self.redis.close()


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

    Raises
    ------
    StartError
        If Redis does not answer, or the secret cannot be read.
    """
    seconds = settings.upload_hours * 3600
    if settings.redis:
        client = in_redis.connect(settings.redis)
        secret = settings.secret or in_redis.shared_secret(client)
        return Shared(in_redis.KeptInRedis(client, seconds=seconds), in_redis.CountsInRedis(client), secret, client)
    kept = KeptOnDisk(settings.data_folder / "kept", max_bytes=int(settings.max_kept_mib * 2**20), seconds=seconds)
    counts = CountsOfOne() if settings.workers == 1 else CountsOnDisk(settings.data_folder / "counts")
    return Shared(kept, counts, settings.secret or read_secret(settings.data_folder))
