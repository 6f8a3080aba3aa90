import pandas as pd
import pytest

from examples import make_accounts, make_segmentation
from tiktok_segments.segments.choice.purposes import recommend, sum_segments


def test_sums_are_those_of_the_accounts_without_a_mark() -> None:
    accounts = make_segmentation(make_accounts(200)).accounts.copy()
    accounts.loc[50, "check"] = "check: x"
    sums = sum_segments(accounts)
    plain = accounts[accounts["check"] == ""]
    assert sums["accounts"].sum() == len(plain)
    assert sums["followers"].sum() == plain["followers"].sum()
    total = (plain["followers"] * plain["engagement_rate"]).sum()
    assert sums["interactions"].sum() == pytest.approx(total)


def test_each_purpose_names_the_segment_that_has_most_and_by_how_much() -> None:
    accounts = make_segmentation(make_accounts(200)).accounts
    found = {one.purpose: one for one in recommend(accounts)}
    assert len(found) == 4
    plain = accounts[accounts["check"] == ""]
    largest = plain.groupby("segment")["followers"].median().idxmax()
    assert found["Few accounts that reach many"].segment == largest
    assert all("; " in one.reason for one in found.values())


def test_a_single_segment_is_recommended_for_nothing() -> None:
    accounts = pd.DataFrame({"segment": ["A"], "followers": [10], "check": [""]})
    assert recommend(accounts) == []


def test_where_no_segment_is_livelier_than_usual_none_is_named_so() -> None:
    accounts = make_segmentation(make_accounts(200)).accounts.assign(engagement_vs_size=1.02)
    found = {one.purpose: one for one in recommend(accounts)}
    lively = found["An audience livelier than usual for its size"]
    assert lively.segment == "none of them"
    assert "more than 1 × the engagement" in lively.reason
