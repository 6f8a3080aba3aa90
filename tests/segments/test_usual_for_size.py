import numpy as np
import pandas as pd

from examples import make_accounts, make_segmentation
from tiktok_segments.segments.choice.benchmark import benchmark, standing, word_for_size


def test_quartiles_are_those_of_a_plain_group_by() -> None:
    accounts = make_segmentation(make_accounts(200)).accounts
    table = benchmark(accounts)
    own = table[(table["group"] == "all") & (table["measure"] == "engagement_rate")]
    expected = accounts.groupby("tier", observed=True)["engagement_rate"].quantile(
        [0.25, 0.5, 0.75]
    )
    assert set(own["tier"]) == set(accounts["tier"])
    for row in own.to_dict("records"):
        assert [row["low"], row["median"], row["high"]] == expected[row["tier"]].to_list()
        assert row["accounts"] == (accounts["tier"] == row["tier"]).sum()


def test_regions_are_shown_from_thirty_accounts_in_a_tier_on() -> None:
    accounts = make_segmentation(make_accounts(200)).accounts
    regions = benchmark(accounts).query("group == 'region'")
    counts = accounts.groupby(["region", "tier"], observed=True).size()
    assert set(zip(regions["value"], regions["tier"], strict=True)) == set(
        counts[counts >= 30].index
    )
    assert (regions["accounts"] >= 30).all()


def test_accounts_are_above_usual_or_below_by_the_quartiles_of_their_tier() -> None:
    accounts = make_segmentation(make_accounts(200)).accounts
    rate, tier = accounts["engagement_rate"], accounts["tier"]
    words = word_for_size(rate, tier)
    assert words.equals(accounts["for_its_size"])
    large = [name for name, own in rate.groupby(tier, observed=True) if len(own) >= 10]
    for name in large:
        own = words[tier == name]
        assert (own == "above").mean() <= 0.26 and (own == "below").mean() <= 0.26
    assert (words[~tier.isin(large)] == "").all()


def test_a_place_is_the_share_of_the_group_that_has_at_most_as_much() -> None:
    accounts = make_segmentation(make_accounts(100)).accounts
    places = standing(accounts, accounts["segment"], np.arange(100))
    row = accounts.iloc[30]
    own = accounts.loc[accounts["segment"] == row["segment"], "followers"]
    assert places["followers"].iloc[30] == np.round((own <= row["followers"]).mean() * 100)
    assert places.to_numpy().min() >= 0 and places.to_numpy().max() == 100


def test_numbers_of_a_frame_stay_as_they_are() -> None:
    accounts = make_segmentation().accounts
    before = accounts.copy()
    benchmark(accounts)
    standing(accounts, accounts["tier"], np.arange(3))
    pd.testing.assert_frame_equal(accounts, before)
