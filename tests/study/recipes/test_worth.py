"""What a claim is worth is said from the runs, and what was not measured is said too."""

from __future__ import annotations

from typing import Any

from model.study.recipes.worth import worth


def _row(claimed: float | None, leaking: list[float], honest: list[float], **more: Any) -> dict[str, Any]:
    claim = {"accuracy": claimed, "measured_on": "windows", "on_gtzan": more.pop("on_gtzan", True)}
    return {
        "claimed": claim,
        "windows_per_track": more.pop("windows_per_track", 10),
        "leaking": [{"accuracy": share} for share in leaking],
        "honest": [{"test": {"window_accuracy": share, "track_accuracy": share + 0.1}} for share in honest],
    }


def test_a_claim_stands_beside_what_the_rebuilt_system_does() -> None:
    text = worth(_row(0.83, [0.9, 0.8], [0.3]))
    assert text.startswith("83.0 % are claimed")
    assert "85.0 % of windows divided by chance and 30.0 % of windows when artists are kept apart" in text
    assert "55 points come from clips and artists met in training" in text


def test_a_recipe_that_takes_whole_clips_is_compared_by_tracks() -> None:
    assert "40.0 % of tracks when artists" in worth(_row(0.5, [0.6], [0.3], windows_per_track=1))


def test_what_is_not_measured_or_not_claimed_is_said() -> None:
    assert "not been measured" in worth(_row(0.8, [], [0.5]))
    assert worth(_row(0.8, [0.5], [])) == "Not measured with artists kept apart yet."
    assert worth(_row(None, [0.5], [0.4])).startswith("The source claims no figure")
    assert "cannot be checked here" in worth(_row(0.4, [0.5], [0.4], on_gtzan=False))
