import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_segments.segments.heirs import Heir, find_heirs
from tiktok_segments.segments.identity import SegmentIdentity, new_identities
from tiktok_segments.segments.inheritance import Ancestors, inherit, keep_names
from tiktok_segments.segments.naming import SegmentName

OLD = [SegmentIdentity("seg_a", "Small"), SegmentIdentity("seg_b", "Large")]
NAMES = [segment.name for segment in OLD]


def by_rules(*names: str, **facts: float) -> list[SegmentName]:
    claims = {"tier": None, "share": 0.5, "when": {}}
    return [SegmentName(name, "Nano", "", claims, facts) for name in names]


def identify(old: list[int], new: list[int], fresh: list[str]) -> list[SegmentIdentity]:
    heirs = find_heirs(np.array(old), np.array(new), NAMES, len(fresh))
    return inherit(heirs, OLD, by_rules(*fresh), "run")


def test_names_and_ids_follow_the_accounts_and_not_the_cluster_numbers() -> None:
    found = identify([0, 0, 0, 1, 1], [1, 1, 1, 0, 0], ["X", "Y"])
    assert found == [
        SegmentIdentity("seg_b", "Large", "inherited"),
        SegmentIdentity("seg_a", "Small", "inherited"),
    ]


def test_a_half_of_overlap_is_enough_and_less_is_not() -> None:
    # Of Small's 2 accounts, 1 and no other: 1 / 2. Every two segments share 1 of 3: 1 / 3.
    assert find_heirs(np.array([0, 0, 1]), np.array([0, 1, 1]), NAMES, 2)[0].old == 0
    assert find_heirs(np.array([0, 0, 1, 1]), np.array([0, 1, 1, 0]), NAMES, 2)[0].old is None


def test_a_split_keeps_the_name_with_the_larger_part_and_says_where_the_other_came_from() -> None:
    found = identify([0, 0, 1, 1, 1, 1, 1], [0, 0, 1, 1, 1, 2, 2], ["X", "Y", "Z"])
    assert [(s.name, s.origin) for s in found] == [
        ("Small", "inherited"),
        ("Large", "inherited"),
        ("Z", "split from Large"),
    ]


def test_a_merger_names_both_it_came_from() -> None:
    old = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2]
    heirs = find_heirs(np.array(old), np.array([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), ["A", "B", "C"], 2)
    assert heirs[0].old is None
    assert heirs[0].origin == "merged from A, B and C"
    assert heirs[1].origin == "split from C"


def test_a_fresh_name_never_takes_one_that_an_old_segment_had() -> None:
    heirs = [Heir(None, 0.1, "new"), Heir(None, 0.1, "new")]
    found = inherit(heirs, OLD, by_rules("Small", "Small (new)"), "run")
    assert [segment.name for segment in found] == ["Small (new)", "Small (new) (new)"]
    assert len({segment.segment_id for segment in found} | {"seg_a", "seg_b"}) == 4


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 4)), min_size=1, max_size=60))
def test_names_and_ids_stay_unique_and_each_old_segment_has_one_heir_at_most(
    pairs: list[tuple[int, int]],
) -> None:
    old, new = np.array(pairs).T
    ancestors = new_identities("old", ["A", "B", "C", "D"])
    heirs = find_heirs(old, new, ["A", "B", "C", "D"], 5)
    found = inherit(heirs, ancestors, by_rules("A", "B", "E", "F", "G"), "new")
    assert len({segment.name for segment in found}) == 5
    assert len({segment.segment_id for segment in found}) == 5
    continued = [heir.old for heir in heirs if heir.old is not None]
    assert len(continued) == len(set(continued))


@pytest.mark.parametrize("order", [[0, 1], [1, 0]])
def test_the_same_accounts_in_the_same_segments_inherit_all(order: list[int]) -> None:
    labels = np.array([0, 1, 1, 0, 1])
    heirs = find_heirs(labels, np.array(order)[labels], NAMES, 2)
    assert [heir.jaccard for heir in heirs] == [1.0, 1.0]


MICRO = {"tier": "Micro", "share": 0.5, "when": {"p_videos": [0.75, None]}}
"""What the rules meant by Micro High-Volume Publishers."""


@pytest.mark.parametrize(
    ("facts", "kept"),
    [
        ({"tier Micro": 0.5, "p_videos": 0.75}, True),
        ({"tier Micro": 0.5, "p_videos": 0.71}, True),  # a step over the edge renames nobody
        ({"tier Micro": 0.5, "p_videos": 0.69}, False),
        ({"tier Micro": 0.49, "p_videos": 0.9}, False),
        ({"p_videos": 0.9}, False),
    ],
)
def test_a_name_the_rules_made_is_renewed_where_its_words_do_not_hold_and_the_id_stays(
    facts: dict[str, float], kept: bool
) -> None:
    old = [SegmentIdentity("seg_a", "Micro Publishers", claims=MICRO)]
    (found,) = inherit([Heir(0, 0.9, "inherited")], old, by_rules("Macro Accounts", **facts), "run")
    assert (found.segment_id, found.origin) == ("seg_a", "inherited")
    assert found.name == ("Micro Publishers" if kept else "Macro Accounts")
    assert found.formerly == ("" if kept else "Micro Publishers")
    assert found.claims == (MICRO if kept else by_rules("x")[0].claims)


def test_an_analysts_own_name_is_kept_whatever_the_segment_becomes() -> None:
    own = [SegmentIdentity("seg_a", "Our Micro Friends", claims=None)]
    (found,) = inherit([Heir(0, 0.9, "inherited")], own, by_rules("Macro Accounts"), "run")
    assert (found.name, found.formerly) == ("Our Micro Friends", "")


def test_a_renewed_name_never_takes_that_of_another_segment() -> None:
    old = [
        SegmentIdentity("seg_a", "Micro Publishers", claims=MICRO),
        SegmentIdentity("seg_b", "Large"),
    ]
    heirs = [Heir(0, 0.9, "inherited"), Heir(1, 0.9, "inherited")]
    found = inherit(heirs, old, by_rules("Large", "X"), "run")
    assert [segment.name for segment in found] == ["Large II", "Large"]
    found = inherit(heirs, old, by_rules("Large", "X", **{"tier Nano": 0.5}), "run")
    assert [segment.name for segment in found] == ["Nano Large", "Large"]
    assert found[0].claims == by_rules("x")[0].claims | {"tier": "Nano"}
    assert found[0].formerly == "Micro Publishers"


def test_what_the_promoted_model_says_of_a_renewed_name_names_the_old_one() -> None:
    promoted = (SegmentIdentity("seg_a", "Large", formerly="Small"), SegmentIdentity("seg_b", "X"))
    names, identities = keep_names("run", by_rules("Large", "X"), np.array([0, 1]),
                                   Ancestors("2", promoted, None))  # fmt: skip
    assert [name.evidence for name in names] == ["; before version 2 it was called Small", ""]
    assert tuple(identities) == promoted
