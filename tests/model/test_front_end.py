"""A network gets what it was trained on: the window's log-mel, or its descriptors."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from model.checkpoint import find_checkpoint
from model.classifier import Classifier
from model.descriptors.window import MEANS, Descriptors
from model.errors import CheckpointError, ParameterError
from model.features import LogMel
from model.front_end import front_end
from model.params import ModelParams
from model.scorer import Scorer, State
from model.windows import Window
from tests.sounds import chord

N_SAMPLES = 66_150


def test_the_front_end_is_the_log_mel_unless_the_card_names_descriptors() -> None:
    samples = chord(3.0)
    np.testing.assert_array_equal(front_end(ModelParams())(samples), LogMel()(samples))
    described = ModelParams(descriptors=MEANS)
    assert described.input_shape == (26,)
    np.testing.assert_array_equal(front_end(described)(samples), Descriptors()(samples))


def test_the_parameters_survive_their_card() -> None:
    for params in (ModelParams(), ModelParams(descriptors=MEANS)):
        assert ModelParams.from_dict(json.loads(json.dumps(params.to_dict()))) == params
    assert "descriptors" not in ModelParams().to_dict()


def test_descriptors_that_cannot_be_computed_are_refused() -> None:
    with pytest.raises(CheckpointError, match="loudness"):
        front_end(ModelParams(descriptors=("loudness",)))


def test_the_feature_mlp_scores_sound_with_its_descriptors_computed_live() -> None:
    scorer = Scorer(Classifier(find_checkpoint("feature_mlp")))
    samples = chord(3.0)
    score = scorer.score(Window(0, 0, N_SAMPLES, samples))
    expected = scorer.classifier.posteriors(Descriptors()(samples)[np.newaxis])[0]
    np.testing.assert_array_equal(score.probabilities, expected)
    assert float(score.probabilities.sum()) == pytest.approx(1, abs=1e-5)
    assert scorer.score(Window(0, 0, N_SAMPLES, np.zeros(N_SAMPLES, np.float32))).state is State.SILENCE
    with pytest.raises(ParameterError, match=r"the network needs \(n_windows, \*\(26,\)\)"):
        scorer.classifier.posteriors(np.zeros((1, 38, 128), np.float32))
    scorer.close()


def test_its_card_states_how_often_it_is_right_and_on_how_many_tracks() -> None:
    card = Classifier(find_checkpoint("feature_mlp")).card
    assert card.params == replace(ModelParams(), descriptors=MEANS)
    assert card.figures["n_windows"] == 10 * card.figures["n_tracks"]
    assert card.figures["n_tracks"] < 290
