"""Figures for Prometheus: one set an app, summed over all workers of the program."""

from __future__ import annotations

import os
from typing import Final, Literal

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

from dashboard.sharing.kept import Kept
from dashboard.watching.workers import FOLDER_VARIABLE

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST

_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30)


class Metrics:
    """What is counted.

    Attributes
    ----------
    requests : Counter
        Requests answered, by route, method and status.
    request_seconds : Histogram
        How long answers take, by route.
    windows : Counter
        Windows scored, by source: ``track``, ``file`` or ``live``.
    decoding_seconds : Counter
        Seconds in which decoder processes were at work.
    live : Gauge
        Sounds listened to live.
    jobs : Gauge
        Tracks that are scored or wait for it.
    kept : Counter
        Results that were looked for, by kind (``scores``, ``drawn``, ``told``) and outcome (``hit``, ``miss``).
    refused : Counter
        Requests refused, by reason: ``rate`` or ``capacity``.
    """

    def __init__(self) -> None:
        own = self._registry = CollectorRegistry()
        what = "From a request to the first byte of its answer."
        live: Literal["livesum"] = "livesum"  # of the workers that are there
        self.requests = Counter("genre_requests", "Requests answered.", ["route", "method", "status"], registry=own)
        self.request_seconds = Histogram("genre_request_seconds", what, ["route"], buckets=_SECONDS, registry=own)
        self.windows = Counter("genre_windows_scored", "Windows scored.", ["source"], registry=own)
        self.decoding_seconds = Counter("genre_decoding_seconds", "Seconds of decoders at work.", registry=own)
        self.live = Gauge("genre_live_connections", "Sounds listened to live.", multiprocess_mode=live, registry=own)
        self.jobs = Gauge("genre_scoring_jobs", "Tracks scored or waiting.", multiprocess_mode=live, registry=own)
        self.kept = Counter("genre_kept_results", "Results looked for.", ["kind", "outcome"], registry=own)
        self.refused = Counter("genre_refused_requests", "Requests refused.", ["reason"], registry=own)

    def text(self) -> bytes:
        """Write all figures, of all workers, as Prometheus reads them."""
        if FOLDER_VARIABLE not in os.environ:
            return generate_latest(self._registry)
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)


class CountedKept:
    """Results that are kept, and how often they were there.

    Parameters
    ----------
    kept : Kept
        Keeps them.
    metrics : Metrics
        Counts.
    """

    def __init__(self, kept: Kept, metrics: Metrics) -> None:
        self._kept = kept
        self._metrics = metrics
        self.put = kept.put
        self.forget = kept.forget

    def get(self, key: str, *, of: str) -> bytes | None:
        """Give a result, or None; see `Kept`."""
        content = self._kept.get(key, of=of)
        self._metrics.kept.labels(key.partition("-")[0], "miss" if content is None else "hit").inc()
        return content
