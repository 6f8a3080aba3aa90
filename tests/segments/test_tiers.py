import numpy as np
import pandas as pd
import pytest

from tiktok_segments.segments.tiers import (
    assign_tiers,
    cross_tiers,
    tier_information,
    word_information,
)

TIERS = {"Starter": 0, "Nano": 1_000, "Mega": 1_000_000}


def test_a_tier_begins_at_its_bound() -> None:
    tier = assign_tiers(pd.Series([0, 999, 1_000, 999_999, 1_000_000]), TIERS)
    assert tier.to_list() == ["Starter", "Starter", "Nano", "Nano", "Mega"]
    assert tier.cat.categories.to_list() == list(TIERS)


def test_the_table_counts_every_account_once() -> None:
    tier = assign_tiers(pd.Series([5, 6, 2_000, 3_000]), TIERS)
    table = cross_tiers(tier, np.array([0, 1, 1, 1]), ["Small", "Large"])
    assert table.to_numpy().tolist() == [[1, 1], [0, 2], [0, 0]]
    assert table.index.to_list() == list(TIERS)


def test_information_is_one_for_the_same_partition_and_none_for_a_constant() -> None:
    tier = assign_tiers(pd.Series([5, 6, 2_000, 3_000]), TIERS)
    assert tier_information(tier, np.array([1, 1, 0, 0])) == pytest.approx(1)
    assert tier_information(tier, np.array([0, 1, 0, 1])) <= 0


def test_words_change_at_the_limits() -> None:
    assert "little more than follower bands" in word_information(0.75)
    assert "in part" in word_information(0.25)
    assert "something else" in word_information(0.24)
