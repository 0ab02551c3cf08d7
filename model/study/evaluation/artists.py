"""Faults of GTZAN that Sturm's index of its artists shows, in counts: the names are no part of the project."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

from model.genres import GENRES
from model.recordings import INDEX_NAME, UNKNOWN, Recording, index_of_artists
from model.study.datasets.gtzan import gtzan_home, read_split


def read_artists(home: Path | None = None) -> dict[str, Recording]:
    """Read the index in GTZAN's folder; raises as `model.recordings.index_of_artists` does."""
    return index_of_artists((home or gtzan_home()) / INDEX_NAME)


def facts(home: Path | None = None) -> dict[str, Any]:
    """Count what the index and the lists show about repeated artists.

    Parameters
    ----------
    home : Path, optional
        GTZAN's folder.

    Returns
    -------
    dict
        ``most_by_one_artist``: for each genre, how many tracks the artist with most of them has; ``n_filtered_out``:
        tracks in none of the three lists; ``n_shared``: test tracks whose artist is also in train or valid.
    """
    home = home or gtzan_home()
    recordings = read_artists(home)
    test = read_split("test", home)
    listed = {*read_split("train", home), *read_split("valid", home), *test}
    most_by_one_artist = {}
    for genre in GENRES:
        named = Counter(
            recording.artist
            for track, recording in recordings.items()
            if track.startswith(f"{genre}.") and recording.artist.lower() != UNKNOWN
        )
        if named:
            most_by_one_artist[genre] = max(named.values())
    return {
        "most_by_one_artist": most_by_one_artist,
        "n_filtered_out": 100 * len(GENRES) - len(listed),
        "n_shared": len(test) - len(read_split("artist_clean", home)),
    }


def describe_faults(found: dict[str, Any]) -> list[str]:
    """Describe GTZAN's faults in words.

    Parameters
    ----------
    found : dict
        From `facts`.

    Returns
    -------
    list of str
        One paragraph per fault.
    """
    most = sorted(found["most_by_one_artist"].items(), key=lambda item: -item[1])[:3]
    counted = ", another ".join(f"{count} of 100 in {genre}" for genre, count in most)
    return [
        "**Repetitions.** Some clips occur twice, and others are different parts or versions of one recording. Split "
        "by chance, a network is tested on what it has memorised (Sturm, 2013).",
        "**Wrong labels.** Some clips carry a label that few listeners would agree with, so no system can or should "
        "be right on all of them (Sturm, 2013).",
        "**Distortions.** Some clips are damaged (Sturm, 2013); in the copies in use jazz.00054 cannot be decoded.",
        f"**Few artists.** A single artist has {counted}. Artists, albums and studios sound alike, so what looks like "
        "genre may be the sound of one record. (Counted in Sturm's index of artists.)",
        "**What is done here.** The lists are those of Kereliuk, Sturm and Larsen (2015), made by hand with the faults "
        f"in view: {found['n_filtered_out']} clips are left out and artists are kept apart as far as they were known. "
        f"By the later index, {found['n_shared']} of the test tracks still share an artist with train or valid; the "
        "figures without them stand beside (artist-clean).",
        "**Why published figures are higher.** Most cut the clips into windows and split the windows by chance, so "
        "that windows of one clip lie on both sides. Such figures leak; they measure memory, and cannot be compared "
        "with these.",
    ]


SOURCES: Final = (
    'B. L. Sturm, "The GTZAN dataset: Its contents, its faults, their effects on evaluation, and its future use", '
    "arXiv:1306.1461, 2013.",
    'C. Kereliuk, B. L. Sturm, J. Larsen, "Deep learning and music adversaries", IEEE Transactions on Multimedia 17 '
    "(11), 2059-2071, 2015.",
    'G. Tzanetakis, P. Cook, "Musical genre classification of audio signals", IEEE Transactions on Speech and Audio '
    "Processing 10 (5), 293-302, 2002.",
)
