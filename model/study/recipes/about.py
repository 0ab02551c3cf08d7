"""What a recipe says of itself: the system it rebuilds, that system's published accuracy, and deviations from it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """The accuracy a system is known for.

    Attributes
    ----------
    accuracy : float or None
        Share classified correctly, 0 to 1; None where none was stated.
    measured_on : str
        The data and the split.
    on_gtzan : bool
        Whether the data was GTZAN, so that the claim can be checked here.
    """

    accuracy: float | None
    measured_on: str
    on_gtzan: bool = True


@dataclass(frozen=True)
class About:
    """What a recipe is and where it comes from.

    Attributes
    ----------
    name, title : str
        Its key in the table of recipes, and what people call it.
    source : str
        The system: a paper, a repository, or what is known of it.
    claim : Claim
        The accuracy it is known for.
    window_seconds : float
        Length of sound behind one decision.
    windows_per_track : int
        Windows of a 30 s clip; 1 where it takes the whole clip.
    deviations : tuple of str
        Where it differs from its source, and why; a sentence each.
    table_columns : tuple of str
        Columns of the published table that its features come from; none where it takes the log-mel.
    takes_pieces : bool
        Whether its features are those of 3 s pieces (`Examples.pieces`), which few tracks have.
    fills_pieces : bool
        Whether tracks that have no pieces are learnt from too, by the means of the whole clip.
    most_windows : int or None
        The most windows it learns from, drawn by chance; None for all.
    """

    name: str
    title: str
    source: str
    claim: Claim
    window_seconds: float
    windows_per_track: int
    deviations: tuple[str, ...]
    table_columns: tuple[str, ...] = ()
    takes_pieces: bool = False
    fills_pieces: bool = False
    most_windows: int | None = None
