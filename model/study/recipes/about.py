"""What a recipe says of itself: the system it retells, the figure that is known for, and where the two differ."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Claim:
    """The figure a system is known for.

    Attributes
    ----------
    accuracy : float or None
        Share decided rightly, 0 to 1; None where none was stated.
    measured_on : str
        The data and the split.
    """

    accuracy: float | None
    measured_on: str


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
        The figure it is known for.
    window_seconds : float
        How much sound one decision hears.
    windows_per_track : int
        Windows of a 30 s clip; 1 where it hears the whole clip.
    deviations : tuple of str
        Where this retelling differs from its source, and why; each a sentence.
    table_columns : tuple of str
        Columns of the published table that its features come from; none where it takes the log-mel.
    learns_tags : bool
        Whether an honest fit takes `FitOptions.tags`.
    """

    name: str
    title: str
    source: str
    claim: Claim
    window_seconds: float
    windows_per_track: int
    deviations: tuple[str, ...]
    table_columns: tuple[str, ...] = ()
    learns_tags: bool = False
