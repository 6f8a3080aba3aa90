from dataclasses import replace

import numpy as np
import pytest

from tiktok_segments.errors import InputError
from tiktok_segments.registry.gate import GateFacts, judge
from tiktok_segments.registry.gate_thresholds import check_promotion

PROMOTION = {
    "verdicts": ["separated", "continuum"],
    "jaccard": 0.75,
    "smallest_share": 0.05,
    "accounts": 0.2,
    "agreement": 0.6,
    "tolerance": 0.1,
}
GOOD = GateFacts(
    predicts=True,
    verdict="continuum",
    jaccards={"Small": 0.75, "Large": 0.9},
    shares={"Small": 0.05, "Large": 0.95},
    names=["Small", "Large"],
    synthetic=False,
    champion="3",
    champion_synthetic=False,
    agreement=0.6,
    accounts=(200, 1000),
    scores=(0.75, 0.85),
)


def test_a_challenger_that_just_meets_every_bound_passes() -> None:
    decision = judge(GOOD, PROMOTION)
    assert decision.passed and decision.failed == []


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"predicts": False}, "model"),
        ({"verdict": "none"}, "verdict"),
        ({"jaccards": {"Small": 0.749, "Large": 0.9}}, "stability"),
        ({"jaccards": {"Small": np.nan, "Large": 0.9}}, "stability"),
        ({"jaccards": {}}, "stability"),
        ({"shares": {"Small": 0.049, "Large": 0.951}}, "size"),
        ({"names": ["Small", "Small"]}, "names"),
        ({"synthetic": True}, "real data"),
        ({"accounts": (199, 1000)}, "accounts"),
        ({"agreement": 0.59}, "agreement"),
        ({"agreement": None}, "agreement"),
        ({"scores": (0.74, 0.85)}, "not worse"),
        ({"scores": (np.nan, 0.85)}, "not worse"),
    ],
)
def test_each_condition_fails_alone_and_is_named(change: dict, failed: str) -> None:
    decision = judge(replace(GOOD, **change), PROMOTION)
    assert decision.failed == [failed]
    assert decision.forceable == (failed != "real data")


def test_the_segment_that_misses_a_bound_is_named_with_its_figure() -> None:
    decision = judge(replace(GOOD, jaccards={"Small": 0.5, "Large": np.nan}), PROMOTION)
    (stability,) = [check for check in decision.checks if check.name == "stability"]
    assert stability.value == "Small: 0.500; Large: not measurable"


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"jaccard": "high"}, "promotion.jaccard is high; give a number from 0 to 1"),
        ({"smallest_share": 5}, "promotion.smallest_share is 5; give a number from 0 to 1"),
        ({"agreement": None}, "promotion.agreement is None; give a number from -1 to 1"),
        ({"tolerance": True}, "promotion.tolerance is True; give a number from 0 to 1"),
        ({"verdicts": "separated"}, "as in promotion.verdicts=[separated]"),
        ({"verdicts": ["seperated"]}, "give a list of separated, continuum, none"),
        ({"verdicts": []}, "give a list of separated, continuum, none"),
    ],
)
def test_thresholds_that_cannot_be_meant_are_told(part: dict, told: str) -> None:
    check_promotion(PROMOTION)
    with pytest.raises(InputError) as error:
        check_promotion(PROMOTION | part)
    assert told in str(error.value)


def test_a_figure_that_misses_a_bound_is_not_rounded_to_it() -> None:
    near = replace(GOOD, jaccards={"Small": 0.7499}, shares={"Small": 0.0496}, agreement=0.59999)
    found = {check.name: check.value for check in judge(near, PROMOTION).checks}
    assert (found["stability"], found["size"]) == ("Small: 0.7499", "Small: 0.0496")
    assert found["agreement"] == "0.59999"


def test_a_small_group_that_was_searched_for_is_refused_with_the_setting_that_lets_it_in() -> None:
    rare = replace(GOOD, shares={"Small": 0.0002, "Large": 0.9998}, init="rare")
    (size,) = [check for check in judge(rare, PROMOTION).checks if check.name == "size"]
    assert not size.passed and size.value == "Small: 0.0002"
    assert "rare groups were searched for" in size.threshold
    assert "promotion.smallest_share" in size.threshold
    by_chance = judge(replace(rare, init="k-means++"), PROMOTION)
    assert "searched for" not in str(by_chance.as_rows())
    let_in = judge(rare, PROMOTION | {"smallest_share": 0.0001})
    assert let_in.passed and "smallest 0.0002" in str(let_in.as_rows())
    assert "searched for" not in str(let_in.as_rows())


def test_synthetic_may_replace_synthetic_and_anything_may_be_first() -> None:
    both = replace(GOOD, synthetic=True, champion_synthetic=True)
    assert judge(both, PROMOTION).passed
    first = replace(GOOD, synthetic=True, champion=None, agreement=None, scores=None)
    assert judge(first, PROMOTION).passed


def test_runs_of_different_spaces_are_not_compared_by_stability() -> None:
    assert judge(replace(GOOD, scores=None), PROMOTION).passed


def test_a_challenger_that_is_better_than_every_bound_passes() -> None:
    better = replace(GOOD, agreement=0.97, scores=(0.95, 0.8), jaccards={"Small": 0.99})
    assert judge(better, PROMOTION).passed


@pytest.mark.parametrize(("least", "passes"), [(0.0, True), (-1.0, True), (0.001, False)])
def test_a_champion_that_cannot_assign_the_accounts_stands_in_the_way_of_a_bound_alone(
    least: float, passes: bool
) -> None:
    decision = judge(replace(GOOD, agreement=None), PROMOTION | {"agreement": least})
    assert decision.passed == passes
    assert judge(GOOD, PROMOTION | {"agreement": least}).passed


def test_every_check_says_what_was_found() -> None:
    found = {check.name: check.value for check in judge(GOOD, PROMOTION).checks}
    assert found == {
        "model": "loads and predicts",
        "verdict": "continuum",
        "stability": "smallest 0.750",
        "size": "smallest 0.050",
        "names": "2 different names of 2 segments",
        "real data": "real",
        "agreement": "0.600",
        "accounts": "200, version 3 1,000",
        "not worse": "smallest overlap 0.750, version 3 0.850",
    }
    bad = replace(GOOD, predicts=False, synthetic=True, agreement=None, scores=None)
    found = {check.name: check.value for check in judge(bad, PROMOTION).checks}
    assert found["model"] == "answers unlike the run's clusters"
    forgotten = judge(replace(bad, gone=1), PROMOTION).checks[0].value
    assert forgotten.endswith("clusters: 1 account of the run forgotten since; train again")
    assert found["real data"] == "synthetic"
    assert found["agreement"] == "version 3 cannot assign these accounts"
    assert found["not worse"] == "of another space, not comparable"
