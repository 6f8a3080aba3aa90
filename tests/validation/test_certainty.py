"""How sure a verdict is: in how many redraws the rule chooses the same."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import make_blobs

from tiktok_segments.validation.examination import StructureSettings
from tiktok_segments.validation.selection import select
from tiktok_segments.validation.separation import examine

FIGURES = {
    "gate_z": 9.0, "valley": 0.1, "stability_min_jaccard": 0.9, "stability_ari": 0.9,
    "split_half_ari": 0.9, "smallest_share": 0.2,
}  # fmt: skip


def candidate(k: int, redraws: dict[str, list[float]] | None = None) -> dict[str, Any]:
    figures = {name: np.full(4, value) for name, value in FIGURES.items()}
    changed = {name: np.array(values) for name, values in (redraws or {}).items()}
    return {"k": k, "n_samples": 500, "redraws": figures | changed, **FIGURES}


@pytest.mark.parametrize(
    ("redraws", "certainty"),
    [
        ({}, 1.0),
        ({"valley": [0.1, 0.9, 0.1, 0.1]}, 0.75),  # there k = 2 is the largest
        ({"valley": [0.9, 0.9, 0.1, 0.1], "smallest_share": [0.2, 0.2, 0.001, 0.2]}, 0.25),
    ],
)
def test_it_is_the_share_of_redraws_with_the_same_verdict_and_k(
    redraws: dict[str, list[float]], certainty: float
) -> None:
    decision = select(pd.DataFrame([candidate(2), candidate(3, redraws)]))
    assert (decision.verdict, decision.k, decision.certainty) == ("separated", 3, certainty)
    assert f"in {4 * certainty:.0f} of 4 redraws of half of the accounts" in decision.reason
    assert ("close call" in decision.reason) == (certainty < 0.8)
    assert "redraws" not in decision.candidates


def test_another_verdict_on_a_redraw_counts_against_it() -> None:
    no_gate = {"gate_z": [9.0, 9.0, 1.0, 1.0]}
    decision = select(pd.DataFrame([candidate(2, no_gate), candidate(3, no_gate)]))
    assert decision.certainty == 0.5


def test_without_redraws_nothing_is_said() -> None:
    decision = select(pd.DataFrame([candidate(2)]).drop(columns="redraws"))
    assert np.isnan(decision.certainty)
    assert "redraws" not in decision.reason


def test_far_groups_come_back_on_every_half_and_a_cloud_stays_one() -> None:
    quick = StructureSettings(n_draws=8, n_resamples=6, n_splits=5, n_init=3)
    groups, _ = make_blobs(150, centers=3, n_features=3, random_state=3)
    assert examine(groups, [2, 3, 4], settings=quick).certainty == 1.0
    cloud = np.random.default_rng(0).normal(size=(150, 3))
    assert examine(cloud, [2, 3, 4], settings=quick).certainty == 1.0
