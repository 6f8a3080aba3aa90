from typing import Any

import numpy as np
import pandas as pd
import pytest
from omegaconf import OmegaConf
from pandas.testing import assert_frame_equal

from tiktok_segments.defaults import default_file
from tiktok_segments.errors import InputError
from tiktok_segments.validation.conditions import Thresholds
from tiktok_segments.validation.examination import StructureSettings
from tiktok_segments.validation.selection import select
from tiktok_segments.validation.separation import examine
from tiktok_segments.validation.structure_rule import STARTED

FIGURES = {
    "gate_z": 9.0,
    "gap": 0.5,
    "valley": 0.3,
    "stability_min_jaccard": 0.9,
    "stability_ari": 0.9,
    "split_half_ari": 0.9,
    "smallest_share": 0.1,
    "n_samples": 1000,
    "silhouette": 0.4,
    "inertia": 100.0,
    "admissible": True,
    "inadmissible_reason": "",
    "log_space": True,
}


def _run(features: str, k: int, **figures: Any) -> dict[str, Any]:
    names = {"run_id": f"{features}-{k}", "features": features, "scaler": "standard", "k": k}
    return names | FIGURES | figures


def _table(*runs: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(runs))


def test_separated_segments_win_with_the_largest_k_that_passes() -> None:
    decision = select(_table(_run("core", 2), _run("core", 3), _run("core", 4, valley=1.0)))
    assert (decision.verdict, decision.run_id, decision.k) == ("separated", "core-3", 3)
    assert "3 separated segments on core (standard scaler)" in decision.reason


def test_between_spaces_the_larger_gap_wins_whatever_the_silhouette() -> None:
    table = _table(
        _run("core", 3, gap=0.2, silhouette=0.9), _run("reach", 4, gap=0.6, silhouette=0.3)
    )
    decision = select(table)
    assert decision.run_id == "reach-4"
    assert "of 2 spaces with separated segments" in decision.reason


def test_an_inadmissible_space_never_wins() -> None:
    table = _table(
        _run("raw", 2, admissible=False, inadmissible_reason="likes is skewed", gap=9.0),
        _run("core", 3, valley=1.0),
    )
    decision = select(table)
    assert (decision.verdict, decision.run_id) == ("continuum", "core-3")


def test_a_continuum_is_cut_at_the_largest_reproducible_k() -> None:
    table = _table(
        _run("core", 3, valley=1.0),
        _run("core", 4, valley=1.0),
        _run("core", 5, valley=1.0, split_half_ari=0.59),
        _run("core", 8, valley=1.0),
    )
    decision = select(table)
    assert (decision.verdict, decision.k) == ("continuum", 4)
    assert "one continuous cloud" in decision.reason
    assert "two segments touch without a gap" in decision.reason


def test_the_reason_of_a_closed_gate_names_its_figure() -> None:
    reason = select(_table(_run("core", 3, gate_z=1.5))).reason
    assert "no k is clearer than on data without groups (z = 1.5; 4 is needed)" in reason


def test_at_its_bounds_a_gap_is_one_and_what_lacks_is_that_segments_come_back() -> None:
    bound = Thresholds().valley
    at, over = (
        select(_table(_run("core", 3, valley=valley, smallest_share=0.06, n_samples=50)))
        for valley in (bound, bound + 1e-9)
    )
    assert at.verdict == over.verdict == "continuum"
    assert "no k has both gaps between all segments and segments that come back" in at.reason
    assert "two segments touch without a gap" in over.reason


@pytest.mark.parametrize("init", [None, "k-means++", "proposed", "rare"])
def test_the_reason_says_where_k_means_was_started_from_proposals_only(init: str | None) -> None:
    run = _run("core", 3) | ({} if init is None else {"init": init})
    decision = select(_table(run))
    assert decision.verdict == "separated"
    assert (STARTED in decision.reason) == (init in ("proposed", "rare"))


def test_without_the_partition_space_the_first_admissible_log_space_is_cut() -> None:
    table = _table(
        _run("linear", 3, valley=1.0, log_space=False),
        _run("skewed", 3, valley=1.0, admissible=False),
        _run("reach", 3, valley=1.0),
        _run("rest", 4, valley=1.0),
    )
    decision = select(table)
    assert decision.run_id == select(table.iloc[::-1]).run_id == "reach-3"
    assert "core (standard scaler) was not swept" in decision.reason
    assert "first admissible log space" in decision.reason


def test_none_names_the_nearest_candidate_and_what_it_misses() -> None:
    table = _table(
        _run("core", 2, valley=1.0, split_half_ari=0.1),
        _run("core", 3, valley=1.0, split_half_ari=0.65),
    )
    decision = select(table)
    assert (decision.verdict, decision.run_id) == ("none", "core-3")
    assert "agreement of two halves: 0.65 is below 0.70" in decision.reason


@pytest.mark.parametrize(
    ("figures", "verdict"),
    [({}, "separated"), ({"valley": 1.0}, "continuum"), ({"stability_ari": 0.1}, "none")],
)
def test_where_not_all_accounts_were_examined_the_reason_says_what_they_could_show(
    figures: dict[str, float], verdict: str
) -> None:
    run = _run("core", 3, structure_rows=5000.0, **(figures | {"n_samples": 1_000_000}))
    if verdict == "none":
        run |= {"valley": 1.0}
    decision = select(_table(run))
    assert decision.verdict == verdict
    assert "examined on 5,000 of the 1,000,000 accounts" in decision.reason
    assert "fewer than 1 % of the accounts is not told apart" in decision.reason
    assert "examined on" not in select(_table(run | {"n_samples": 5000})).reason


def test_when_no_space_is_admissible_the_verdict_is_none_with_the_fault() -> None:
    fault = {"admissible": False, "inadmissible_reason": "is_verified is binary"}
    decision = select(_table(_run("raw", 2, **fault)))
    assert (decision.verdict, decision.run_id) == ("none", "raw-2")
    assert "is_verified is binary" in decision.reason
    assert decision.reason.startswith("Nothing that was swept suits k-means")


def test_runs_without_diagnostics_give_none() -> None:
    nothing = dict.fromkeys(list(FIGURES)[:7])
    assert select(_table(_run("core", 2, **nothing))).verdict == "none"


def test_every_candidate_says_what_it_passed_and_missed() -> None:
    table = _table(_run("core", 2), _run("core", 3, valley=0.95))
    before = table.copy()
    candidates = select(table).candidates
    assert candidates["structure_valley"].tolist() == [
        "passed: 0.30 is at most 0.80",
        "missed: 0.95 is above 0.80",
    ]
    assert candidates["structure_gate"].tolist() == ["passed: 9 is at least 4"] * 2
    assert candidates["chosen"].tolist() == [True, False]
    pd.testing.assert_frame_equal(table, before)


def test_thresholds_are_configuration() -> None:
    table = _table(_run("core", 3, valley=0.9))
    assert select(table).verdict == "continuum"
    assert select(table, thresholds=Thresholds(valley=0.95)).verdict == "separated"


def test_the_order_of_runs_does_not_matter() -> None:
    table = _table(*(_run("core", k, valley=1.0) for k in (5, 2, 4, 3)))
    assert select(table).k == select(table.iloc[::-1]).k == 5


def test_the_silhouette_rule_stays_in_the_first_space() -> None:
    table = _table(_run("core", 2, silhouette=0.3), _run("core", 3, silhouette=0.4), _run("raw", 2))
    table.loc[2, "silhouette"] = 0.98
    decision = select(table, "silhouette")
    assert (decision.verdict, decision.run_id) == ("untested", "core-3")
    assert "other spaces were not looked at" in decision.reason


def test_the_elbow_rule_takes_the_elbow() -> None:
    inertias = {2: 100.0, 3: 40.0, 4: 12.0, 5: 10.0, 6: 9.0}
    table = _table(*(_run("core", k, inertia=inertia) for k, inertia in inertias.items()))
    decision = select(table, "elbow")
    assert decision.k == 4 and "elbow at k = 4" in decision.reason


def test_without_an_elbow_the_smallest_k_is_taken_and_said_so() -> None:
    decision = select(_table(_run("core", 3), _run("core", 2)), "elbow")
    assert decision.k == 2 and "no elbow" in decision.reason


def test_a_rule_or_table_that_does_not_serve_is_refused() -> None:
    table = _table(_run("core", 2))
    with pytest.raises(InputError, match="choose one of structure, silhouette, elbow"):
        select(table, "best")
    with pytest.raises(InputError, match="has no rows"):
        select(table.iloc[:0])
    with pytest.raises(InputError, match="lacks the columns inertia"):
        select(table.drop(columns="inertia"), "elbow")


def test_the_table_of_an_examination_is_chosen_from_like_the_runs_of_a_sweep() -> None:
    settings = StructureSettings(n_draws=5, n_resamples=9, n_splits=4)
    rng = np.random.default_rng(0)
    groups = rng.normal(size=(90, 2)) + 9 * np.repeat([[0, 0], [0, 1], [1, 0]], 30, axis=0)
    found = examine(groups, [2, 3, 4], settings=settings)
    before = found.table.copy()
    decision = select(found.table)
    assert (decision.verdict, decision.k, decision.run_id) == ("separated", found.k, "k=3")
    assert "3 separated segments on X:" in decision.reason
    assert decision.candidates["structure_stability"].str.startswith("missed").to_list() == [
        not met for met in found.table["structure_stability"]
    ]
    assert_frame_equal(found.table, before)


def test_an_examined_cloud_is_a_continuum_where_a_cut_comes_back() -> None:
    table = pd.DataFrame([FIGURES | {"k": 3, "gate_z": 0.5}]).drop(
        columns=["admissible", "inadmissible_reason", "log_space"]
    )
    decision = select(table)
    assert (decision.verdict, decision.k) == ("continuum", 3)
    assert "on X no k is clearer" in decision.reason


def test_a_table_of_runs_must_still_name_them() -> None:
    with pytest.raises(InputError, match="lacks the columns run_id, scaler"):
        select(pd.DataFrame({"features": ["core"], "k": [3], "silhouette": [0.4]}), "silhouette")


def test_the_bounds_are_those_of_the_configuration() -> None:
    conf = OmegaConf.load(default_file("selection/structure.yaml"))
    assert Thresholds(**conf.thresholds) == Thresholds()
