"""The network's picture tells of the layers that the network has."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.study.evaluation.drawing import draw_network, stages
from model.study.network import NetworkParams, build_network, count_parameters

pytestmark = pytest.mark.filterwarnings("ignore:::tensorflow", "ignore:::keras", "ignore:::google")


def test_stages_hold_every_parameter_and_end_with_the_posterior(tmp_path: Path) -> None:
    model = build_network(NetworkParams(n_genres=3, filters=(4, 8), pool_1=(2, 4), pool_2=(2, 2), dense_units=16))
    found = stages(model)
    assert sum(stage.n_parameters for stage in found) == count_parameters(model)
    assert [stage.shape for stage in found] == [(38, 128, 4), (19, 32, 4), (9, 16, 8), (16,), (16,), (3,)]
    assert found[1].title == "Conv2D 4, 3 x 7"
    assert found[-1].notes == ["softmax"]
    draw_network(model, tmp_path / "network.png")
    assert (tmp_path / "network.png").stat().st_size > 10_000
