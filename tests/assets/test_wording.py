"""The page says of a moment in English what `model.words` says, from the numbers that it is sent."""

from __future__ import annotations

import json
import random
import subprocess

import numpy as np

from model.words import MEASURES, Moment, Place, places, quantiles, sentence, telling, what_speaks
from tests.assets.test_modules import HERE, node

SCRIPT = """
import "./speaking.mjs";
import { placeWords, speaksWords } from "../../assets/panels/wording.mjs";
const spoken = (genre) => (genre === "hiphop" ? "hip-hop" : genre);
const cases = JSON.parse(process.env.CASES);
console.log(JSON.stringify(cases.map((each) => [
    speaksWords(each, spoken), ...each.measures.map((measure) => placeWords(measure, each.leader, spoken)),
])));
"""


def moment(seed: int) -> tuple[Moment, str, str]:
    """A moment whose values lie at whole percents of some genre's tracks, so that no rounding decides."""
    chance = random.Random(seed)
    table = quantiles()
    leader, runner_up = chance.sample(sorted(table[MEASURES[0].name]), 2)
    values = {each.name: chance.choice(table[each.name][chance.choice([leader, runner_up])]) for each in MEASURES}
    return Moment(values, {}, np.zeros(20, np.float32)), leader, runner_up


def test_the_page_and_the_model_say_the_same_in_english() -> None:
    asked, said = [], []
    for seed in range(40):
        each, leader, runner_up = moment(seed)
        lies = [(one, places(one, each.values[one.name], sorted(quantiles()[one.name]))) for one in MEASURES]
        measures = [
            {"name": one.name, "share_below": {place.genre: place.share_below for place in found}}
            for one, found in lies
        ]
        names = [one.name for one, _ in telling(each, leader, runner_up)]
        asked.append({"measures": measures, "telling": names, "leader": leader, "runner_up": runner_up})
        said.append([what_speaks(each, leader, runner_up), *(sentence(one, found, leader) for one, found in lies)])
    script = [node(), "--input-type=module", "-e", SCRIPT]
    done = subprocess.run(
        script, cwd=HERE, env={"CASES": json.dumps(asked)}, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout) == said


def test_what_is_not_in_the_table_is_left_unsaid() -> None:
    each, leader, _ = moment(0)
    assert what_speaks(each, leader, "salsa") == ""
    assert sentence(MEASURES[0], [Place(leader, 0.5)], "salsa") == ""
