"""What a system's claim is worth when artists are kept apart: one sentence a row of the table, made of its own runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean
from typing import Any


def worth(row: Mapping[str, Any]) -> str:
    """Compare a claim with what the same system does here, leaking and honest.

    Parameters
    ----------
    row : mapping
        A recipe's row of the table.

    Returns
    -------
    str
        One sentence; it says what has not been measured.
    """
    claim = row["claimed"]
    leaking = _mean(row.get("leaking", []), lambda run: run["accuracy"])
    by_window = row["windows_per_track"] > 1
    key = "window_accuracy" if by_window else "track_accuracy"
    honest = _mean(row.get("honest", []), lambda run: run["test"][key])
    unit = "windows" if by_window else "tracks"
    if honest is None:
        return "Not measured with artists kept apart yet."
    apart = f"{_percent(honest)} of {unit} when artists are kept apart"
    if leaking is None:
        return f"{_claimed(claim)}it gets {apart}; divided by chance it has not been measured here."
    chance = f"{_percent(leaking)} of {unit} divided by chance"
    sentence = f"{_claimed(claim)}it gets {chance} and {apart}"
    met = "clips and artists" if by_window else "artists and repeated recordings"
    points = f"{100 * (leaking - honest):.0f} points"
    return f"{sentence}: {points} come from {met} met in training, and from more tracks there."


def _claimed(claim: Mapping[str, Any]) -> str:
    if not claim["accuracy"]:
        return "The source claims no figure; here "
    if not claim.get("on_gtzan", True):
        return f"{_percent(claim['accuracy'])} are claimed of other music, which cannot be checked here; on GTZAN "
    return f"{_percent(claim['accuracy'])} are claimed, measured by chance; rebuilt here, "


def _mean(runs: Sequence[Mapping[str, Any]], value: Callable[[Mapping[str, Any]], float]) -> float | None:
    return fmean(value(run) for run in runs) if runs else None


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
