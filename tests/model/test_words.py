"""Musicians' words: right about the sound, and about where it lies among the tracks of the table."""

from __future__ import annotations

import json

import numpy as np
import pytest

from model.audio.decode import decode
from model.descriptors.window import N_MFCC, Descriptors
from model.genres import GENRES
from model.words import (
    MEASURES,
    QUANTILES_PATH,
    Moment,
    Place,
    against,
    in_units,
    measure,
    places,
    quantiles,
    sentence,
    telling,
    what_speaks,
)
from tests.gtzan import ROOT, needs_gtzan

BY_NAME = {each.name: each for each in MEASURES}
TIME = np.arange(66_150) / 22_050


def moment_of(samples: np.ndarray) -> Moment:
    return measure(Descriptors(), samples.astype(np.float32))


def middle(genre: str) -> dict[str, float]:
    """Values that every measure has in the middle of a genre."""
    return {name: table[genre][len(table[genre]) // 2] for name, table in quantiles().items()}


def test_a_tone_is_named_by_its_note_its_level_and_its_height() -> None:
    found = moment_of(0.5 * np.sin(2 * np.pi * 440 * TIME))
    assert max(found.notes, key=lambda note: found.notes[note]) == "A"
    assert found.values["loudness"] == pytest.approx(20 * np.log10(0.5 / np.sqrt(2)), abs=0.2)
    assert found.values["brightness"] == pytest.approx(440, rel=0.1)
    assert found.values["noisiness"] == pytest.approx(100 * 880 / 22_050, rel=0.05)


def test_noise_is_brighter_wider_and_noisier_than_a_tone() -> None:
    tone = moment_of(0.5 * np.sin(2 * np.pi * 440 * TIME)).values
    noise = moment_of(0.1 * np.random.default_rng(0).standard_normal(66_150)).values
    for name in ("brightness", "width", "reach", "noisiness"):
        assert noise[name] > 3 * tone[name]
    assert noise["loudness"] < tone["loudness"]


def test_silence_is_measured_without_a_fault() -> None:
    found = moment_of(np.zeros(66_150))
    assert np.isfinite([*found.values.values(), *found.notes.values()]).all()
    assert found.values["tempo"] == 0


def test_the_table_rises_and_knows_every_genre() -> None:
    assert set(quantiles()) == set(BY_NAME)
    for genres in quantiles().values():
        assert set(genres) == set(GENRES)
        assert all(np.all(np.diff(row) >= 0) and len(row) == 21 for row in genres.values())


@needs_gtzan
def test_the_table_is_what_its_command_makes() -> None:
    from model.study.cli.quantiles import make_table

    assert json.loads(QUANTILES_PATH.read_text(encoding="utf-8")) == make_table()


@needs_gtzan
@pytest.mark.parametrize("track", ["blues.00000", "classical.00000", "metal.00000"])
def test_what_is_measured_is_what_the_table_was_made_of(track: str) -> None:
    """Else a moment would be compared with tracks that were measured in another way."""
    from model.study.datasets.features_table import load_table

    mfccs = tuple(f"mfcc{number}_mean" for number in range(1, N_MFCC + 1))
    columns = (*(each.column for each in MEASURES), "chroma_stft_mean", *mfccs)
    published = dict(zip(columns, load_table(ROOT, columns).of([track])[0], strict=True))
    found = measure(Descriptors(), decode(ROOT / "audio" / track.split(".")[0] / f"{track}.flac").samples)
    for each in MEASURES:
        assert found.values[each.name] == pytest.approx(in_units(each, published[each.column]), rel=1e-3), each.name
    assert np.mean(list(found.notes.values())) == pytest.approx(published["chroma_stft_mean"], abs=5e-4)
    np.testing.assert_allclose(found.timbre, [published[name] for name in mfccs], atol=0.1)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_value_lies_where_the_tracks_say(name: str) -> None:
    row = quantiles()[name]["jazz"]
    for value, share in ((row[0] - 1, 0), (row[5], 0.25), (row[10], 0.5), (row[20] + 1, 1)):
        assert places(BY_NAME[name], value, ["jazz"])[0].share_below == pytest.approx(share, abs=0.051)


def test_sentences_tell_the_side_and_the_likeness() -> None:
    brightness = BY_NAME["brightness"]
    value = quantiles()["brightness"]["jazz"][17]
    told = sentence(brightness, places(brightness, value, GENRES), "jazz")
    assert told.startswith("brighter than 85 % of jazz tracks, as bright as the middle of ")
    assert against(brightness, 0.1, "hiphop") == "darker than 90 % of hip-hop tracks"
    assert against(brightness, 1.0, "rock") == "brighter than all rock tracks known here"
    assert sentence(brightness, places(brightness, value, ["tango"]), "tango") == ""


def test_the_likeness_is_with_the_genre_whose_middle_is_nearest() -> None:
    found = [Place("jazz", 0.9), Place("blues", 0.1), Place("hiphop", 0.52), Place("rock", 1.0)]
    told = sentence(BY_NAME["brightness"], found, "jazz")
    assert told == "brighter than 90 % of jazz tracks, as bright as the middle of hip-hop"


@pytest.mark.parametrize("runner_up", GENRES)
@pytest.mark.parametrize("leader", GENRES)
def test_the_most_telling_measures_come_first_and_are_joined_in_a_sentence(leader: str, runner_up: str) -> None:
    moment = Moment(middle(leader), {}, np.zeros(20, np.float32))
    gains = {}
    for each in MEASURES:
        (own,), (other,) = ([abs(place.share_below - 0.5) for place in places(each, moment.values[each.name], [genre])]
                            for genre in (leader, runner_up))  # fmt: skip
        if other >= 0.25 and other > own:
            gains[each.name] = other - own
    found = telling(moment, leader, runner_up)
    assert [each.name for each, _ in found] == sorted(gains, key=lambda name: -gains[name])[:3]
    if said := [against(each, share, runner_up) for each, share in found]:
        joined = {1: "{}", 2: "{} and {}", 3: "{}, {} and {}"}[len(said)].format(*said)
        assert what_speaks(moment, leader, runner_up).startswith(f"This moment is {joined}, and nearer to the middle ")


def test_the_timbre_is_the_mean_of_the_cepstrum_over_time() -> None:
    samples = (0.1 * np.random.default_rng(0).standard_normal(66_150)).astype(np.float32)
    series, _ = Descriptors().series_and_tempo(samples)
    assert measure(Descriptors(), samples).timbre.tolist() == series["mfcc"].mean(axis=0).tolist()


def test_what_speaks_is_what_sets_the_leader_apart_from_the_runner_up() -> None:
    def told(values: dict[str, float], leader: str, runner_up: str) -> str:
        return what_speaks(Moment(values, {}, np.zeros(20, np.float32)), leader, runner_up)

    said = told(middle("metal"), "metal", "classical")
    assert said.startswith("This moment is ")
    assert "classical tracks" in said
    assert said.count("than") <= 3
    assert told(middle("rock"), "metal", "rock") == "Nothing that is measured here sets this moment apart from rock."
    assert told(middle("rock"), "tango", "rock") == ""
