"""The shipped samples: catalogued, of the promised length, and heard for what they are."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import soundfile

from model.analyzer import Analyzer
from model.audio.decode import decode
from model.classifier import Classifier
from model.genres import GENRES
from model.scorer import Scorer
from samples.compose.check import FOLDER, VARIANTS, hear
from samples.compose.render import ComposeError, require_tools

CATALOGUE = json.loads((FOLDER / "catalogue.json").read_text())
BY_ID = {item["id"]: item for item in CATALOGUE}
SAMPLE_RATE_HZ = 22_050


@pytest.fixture(scope="module")
def scorer() -> Iterator[Scorer]:
    scorer = Scorer(Classifier())
    yield scorer
    scorer.close()


def test_catalogue_lists_exactly_the_files_that_are_there() -> None:
    assert [item["id"] for item in CATALOGUE] == ["jazz", "reggae", "metal", "medley"]
    assert {item["file"] for item in CATALOGUE} == {path.name for path in FOLDER.glob("*.ogg")}


@pytest.mark.parametrize("item", CATALOGUE, ids=lambda item: item["id"])
def test_entry_states_title_licence_origin_and_true_length(item: dict) -> None:
    assert item["title"]
    assert item["licence"] == "CC0-1.0"
    assert "FluidR3" in item["origin"]
    info = soundfile.info(FOLDER / item["file"])
    assert (info.samplerate, info.channels, info.format) == (44_100, 2, "OGG")
    assert item["duration_seconds"] == pytest.approx(info.duration, abs=0.01)
    shortest, longest = (60, 75) if item["id"] == "medley" else (45, 60)
    assert shortest <= info.duration <= longest


def test_medley_moves_from_jazz_to_reggae_to_metal() -> None:
    assert BY_ID["medley"]["genre"] is None
    sections = BY_ID["medley"]["sections"]
    assert [section["genre"] for section in sections] == ["jazz", "reggae", "metal"]
    starts = [section["start_seconds"] for section in sections]
    assert starts[0] == 0
    assert all(later - earlier > 15 for earlier, later in itertools.pairwise(starts))
    assert {item["genre"] for item in CATALOGUE} - {None} <= set(GENRES)


def test_samples_together_stay_below_8_mb() -> None:
    assert sum((FOLDER / item["file"]).stat().st_size for item in CATALOGUE) < 8_000_000


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", BY_ID)
def test_network_hears_each_sample_for_what_it_is(name: str, variant: str, scorer: Scorer) -> None:
    item = BY_ID[name]
    for heard in hear(FOLDER / item["file"], item, variant, scorer, hop_seconds=1.0):
        assert heard.track_genre == heard.genre, heard
        assert heard.share > 0.7, heard


def test_medley_switches_within_three_seconds_of_its_true_changes(scorer: Scorer) -> None:
    item = BY_ID["medley"]
    windows = list(Analyzer(scorer, hop_seconds=0.5).analyze(decode(FOLDER / item["file"])))
    for section in item["sections"][1:]:
        change = section["start_seconds"] * SAMPLE_RATE_HZ
        heard = [GENRES[score.probabilities.argmax()] for score in windows if score.end_sample >= change]
        ends = [score.end_sample for score in windows if score.end_sample >= change]
        switched = next(end for place, end in enumerate(ends) if set(heard[place : place + 4]) == {section["genre"]})
        assert switched - change <= 3 * SAMPLE_RATE_HZ, section


def test_rendering_without_the_soundfont_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    with pytest.raises(ComposeError, match="fluid-soundfont-gm"):
        require_tools(tmp_path / "none.sf2")
