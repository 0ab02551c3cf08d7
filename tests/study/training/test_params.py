"""Parameters of a fit: the learning rate's course."""

from itertools import pairwise

import pytest

from model.errors import ParameterError
from model.study.training.params import TrainParams


def test_the_rate_rises_for_200_steps_and_falls_to_its_final_share() -> None:
    train = TrainParams(epochs=40, steps_per_epoch=50, learning_rate=1e-3, final_rate=0.75)
    rates = [train.rate_at(step) for step in range(2001)]
    assert rates[0] == pytest.approx(1e-3 / 200)
    assert rates[99] == pytest.approx(0.5e-3, rel=0.01)
    assert max(rates) == pytest.approx(1e-3, rel=0.01)
    assert rates[1000] == pytest.approx(0.875e-3)
    assert rates[2000] == pytest.approx(0.75e-3)
    assert all(later <= earlier for earlier, later in pairwise(rates[200:]))


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_a_final_rate_outside_0_to_1_is_refused(share: float) -> None:
    with pytest.raises(ParameterError, match="final_rate"):
        TrainParams(final_rate=share)
