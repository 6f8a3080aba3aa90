"""Naming rules that cannot be used, told in plain words."""

import string
from typing import Any

import numpy as np
import pandas as pd
import pytest

from plain_naming import PLAIN
from tiktok_segments.errors import InputError
from tiktok_segments.segments.naming import name_segments
from tiktok_segments.segments.naming_rules import check_naming


def test_an_unknown_statistic_is_refused() -> None:
    frame = pd.DataFrame({"followers": [1, 2]})
    with pytest.raises(InputError, match="'mode'; valid are 'median' and 'mean'"):
        name_segments(frame, np.array([0, 1]), PLAIN | {"follower_statistic": "mode"})


def test_rules_that_leave_a_segment_without_a_name_are_refused() -> None:
    frame = pd.DataFrame({"followers": [1, 2]})
    with pytest.raises(InputError, match="No naming rule holds"):
        name_segments(frame, np.array([0, 1]), PLAIN | {"rules": PLAIN["rules"][:1]})


def test_a_rule_about_something_that_is_never_measured_is_refused() -> None:
    rules = [{"name": "Builders", "when": {"p_folowing": [0.85, None]}}, *PLAIN["rules"]]
    frame = pd.DataFrame({"followers": [1, 2], "following": [3, 4]})
    with pytest.raises(InputError, match="p_folowing"):
        name_segments(frame, np.array([0, 1]), PLAIN | {"rules": rules})


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ({"rules": [{"name": "X", "when": {"p_vidoes": [0.5, None]}}]}, "did you mean p_videos?"),
        ({"rules": [{"name": "X", "when": {"charm": [1, 2]}}]}, "valid are followers, p_comment_"),
        ({"rules": [{"name": "X", "when": {"followers": 5000}}]}, "give [smallest, largest]"),
        ({"rules": [{"name": "X", "when": {"followers": [9, 5]}}]}, "give [smallest, largest]"),
        (
            {"rules": [{"name": "X", "when": {"followers": ["9", None]}}]},
            "give [smallest, largest]",
        ),
        ({"rules": [{"name": "X", "when": None}]}, "write when: {}"),
        ({"rules": [{"when": {}}]}, "has no name"),
        ({"rules": [{"name": "{size} X", "when": {}}]}, "only {tier} is filled in"),
        ({"rules": [{"name": "{} X", "when": {}}]}, "only {tier} is filled in"),
        ({"rules": [{"name": "{tier X", "when": {}}]}, "a brace that is left open"),
        ({"rules": {}}, "naming.rules must be a list"),
        ({"tiers": {"Micro": 10_000, "Nano": 0}}, "they are Micro 10,000, Nano 0"),
        ({"tiers": {"Nano": "none"}}, "naming.tiers.Nano is 'none'"),
        ({"tiers": {}}, "naming.tiers must name"),
        ({"tier_share": 50}, "naming.tier_share is 50; it must be a share from 0 to 1"),
        ({"follower_statistic": "mode"}, "valid are 'median' and 'mean'"),
    ],
)
def test_rules_that_cannot_be_used_are_told_whatever_the_accounts(
    part: dict[str, Any], told: str
) -> None:
    check_naming(PLAIN)
    with pytest.raises(InputError) as error:
        check_naming(PLAIN | part)
    assert told in str(error.value)


def test_a_sound_rule_names_before_a_faulty_one_is_reached() -> None:
    rules = [*PLAIN["rules"], {"name": "{size} Builders", "when": {"p_folowing": [0.85, None]}}]
    frame = pd.DataFrame({"followers": [1, 2_000_000]})
    segments = name_segments(frame, np.array([0, 1]), PLAIN | {"rules": rules})
    assert [segment.name for segment in segments] == ["Creators", "Celebrities"]


def test_tiers_that_begin_above_a_segment_are_refused_in_plain_words() -> None:
    frame = pd.DataFrame({"followers": [10, 5_000]})
    with pytest.raises(InputError, match="tier"):
        name_segments(frame, np.array([0, 1]), PLAIN | {"tiers": {"Nano": 1000, "Micro": 10_000}})


def test_the_tables_say_what_the_configuration_has(
    by_median: dict[str, Any], by_mean: dict[str, Any]
) -> None:
    assert by_median["follower_statistic"] == "median"
    assert by_mean["follower_statistic"] == "mean"
    assert by_median["tier_share"] == 0.5
    assert by_mean["tiers"] == by_median["tiers"]
    fields = {
        field
        for rule in by_median["rules"]
        for _, field, _, _ in string.Formatter().parse(rule["name"])
        if field
    }
    assert fields == {"tier"}
