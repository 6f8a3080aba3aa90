import pytest

from tiktok_segments.validation.conditions import (
    Condition,
    Thresholds,
    max_gate_z,
    partition_conditions,
    passes,
    separated_k,
    structure_conditions,
)

FINE = {
    "gate_z": 9.0,
    "valley": 0.3,
    "stability_min_jaccard": 0.9,
    "stability_ari": 0.9,
    "split_half_ari": 0.9,
    "smallest_share": 0.1,
    "n_samples": 1000,
    "k": 3,
}


def test_the_largest_k_that_passes_is_taken() -> None:
    sweep = [FINE | {"k": 2}, FINE | {"k": 3}, FINE | {"k": 4, "valley": 0.9}]
    assert separated_k(sweep, Thresholds()) == 3


def test_without_the_gate_no_k_is_separated() -> None:
    assert separated_k([FINE | {"gate_z": 3.9}], Thresholds()) == 1


def test_one_k_opens_the_gate_for_the_whole_space() -> None:
    sweep = [FINE | {"k": 2, "gate_z": 4.0}, FINE | {"k": 3, "gate_z": 1.0}]
    assert separated_k(sweep, Thresholds()) == 3


@pytest.mark.parametrize(
    "fault",
    [
        {"valley": 0.81},
        {"stability_min_jaccard": 0.74},
        {"smallest_share": 0.009},
        {"smallest_share": 0.02, "n_samples": 200},
        {"valley": None},
        {"stability_min_jaccard": float("nan")},
    ],
)
def test_each_fault_alone_fails_a_candidate(fault: dict[str, float | None]) -> None:
    assert passes(FINE, structure_conditions(Thresholds()))
    assert not passes(FINE | fault, structure_conditions(Thresholds()))


@pytest.mark.parametrize(
    "fault",
    [
        {"k": 8},
        {"stability_min_jaccard": 0.74},
        {"stability_ari": 0.79},
        {"split_half_ari": 0.69},
        {"smallest_share": 0.04},
    ],
)
def test_each_fault_alone_fails_a_partition(fault: dict[str, float]) -> None:
    assert passes(FINE, partition_conditions(Thresholds()))
    assert not passes(FINE | fault, partition_conditions(Thresholds()))


def test_a_bound_reached_exactly_passes() -> None:
    exact = FINE | {"valley": 0.8, "stability_min_jaccard": 0.75, "smallest_share": 0.01}
    assert passes(exact, structure_conditions(Thresholds()))


def test_the_outcome_is_said_with_figure_and_bound() -> None:
    valley, stability, *_ = structure_conditions(Thresholds())
    assert valley.in_words(FINE) == "passed: 0.30 is at most 0.80"
    assert stability.in_words(FINE | {"stability_min_jaccard": 0.5}) == (
        "missed: 0.50 is below 0.75"
    )
    assert stability.in_words(FINE | {"stability_min_jaccard": 0.749}) == (
        "missed: 0.749 is below 0.75"
    )
    assert valley.in_words({}) == "missed: not measured"


def test_the_share_of_a_rare_segment_is_said_in_as_many_decimals_as_tell_it() -> None:
    *_, share = structure_conditions(Thresholds())
    rare = FINE | {"smallest_share": 0.0002, "init": "rare"}
    assert share.in_words(rare) == "passed: 0.0002 is at least 0.0001"
    assert share.in_words(rare | {"init": "k-means++"}) == "missed: 0.0002 is below 0.01"


def test_a_space_that_was_not_measured_has_no_gate() -> None:
    assert max_gate_z([{"k": 2}, {"gate_z": None}]) == float("-inf")


def test_a_proposed_start_may_have_smaller_segments_and_no_other_may() -> None:
    conditions = structure_conditions(Thresholds())
    small = FINE | {"smallest_share": 0.006}
    assert passes(small | {"init": "proposed"}, conditions)
    assert not passes(small | {"init": "proposed", "smallest_share": 0.0049}, conditions)
    assert not passes(small | {"init": "k-means++"}, conditions)
    assert not passes(FINE | {"init": "proposed", "valley": 0.9}, conditions)


def test_a_partition_has_seven_segments_at_most_and_a_segment_five_accounts_at_least() -> None:
    assert passes(FINE | {"k": 7}, partition_conditions(Thresholds()))
    assert not passes(FINE | {"k": 8}, partition_conditions(Thresholds()))
    few = FINE | {"n_samples": 100}
    assert passes(few | {"smallest_share": 0.05}, structure_conditions(Thresholds()))
    assert not passes(few | {"smallest_share": 0.04}, structure_conditions(Thresholds()))


def test_a_shortfall_is_a_share_of_the_bound_or_what_it_is_where_that_is_zero() -> None:
    least = Condition("a", "a", lambda candidate: candidate["x"], 4.0)
    most = Condition("b", "b", lambda candidate: candidate["x"], 0.5, at_least=False)
    above_zero = Condition("c", "c", lambda candidate: candidate["x"], 0.0)
    assert [least.shortfall({"x": x}) for x in (1.0, 4.0, 9.0)] == [0.75, 0.0, 0.0]
    assert [most.shortfall({"x": x}) for x in (0.75, 0.5, 0.1)] == [0.5, 0.0, 0.0]
    assert above_zero.shortfall({"x": -0.25}) == 0.25
    assert least.shortfall({"x": float("nan")}) == 1.0
