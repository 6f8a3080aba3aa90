"""Weeks that end early, and settings that cannot be meant."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection
from tiktok_segments.weekly import list_weeks

# Groups begin first: ten weeks, begun last, would have the other workers wait for their end.
pytestmark = pytest.mark.xdist_group("weeks")


def test_a_first_week_that_is_refused_leaves_no_champion_and_says_so(
    command: Callable[..., Outcome], root: Path
) -> None:
    export = root / "one kind.csv"
    make_profiles(300, seed=0)[0].to_csv(export, index=False)
    week = ("scripts/weekly.py", f"data.path={export}", "k=[4,5]")
    never = command(*week, "retrain=never")
    assert never.status == 0, never.out + never.err
    assert "Not retrained: as retrain=never asks for." in never.out
    refused = command(*week, "promotion.smallest_share=1", "accept=true", "reason=the same, to try")
    assert refused.status == 4, refused.out + refused.err
    assert re.search(r"^\S+ \S+-W\d\d sweep +2 done, 0 failed", refused.out, re.MULTILINE)
    assert "Next:" not in refused.out
    assert "There is still no champion." in refused.out and "Outcome: refused" in refused.out
    assert "No report: there is no champion" in refused.out
    assert "Accepted: the same, to try" in list_weeks()["reason"].iloc[-1]


def test_a_week_that_fails_says_why_and_is_kept(
    command: Callable[..., Outcome], root: Path
) -> None:
    (root / "no.csv").write_text("a,b\n1,2\n")
    for settings, word in (
        (["data.path=nowhere.csv"], "nowhere.csv"),
        ([f"data.path={root / 'no.csv'}"], "followers"),
        (["data.path=a.csv", "retrain=sometimes"], "sometimes"),
        (["data.path=a.csv", "k=5"], "brackets"),
        (["data.path=a.csv", "accept=true"], "reason"),
        (["data.path=a.csv", "weekly.new.least=0.9"], "weekly.new"),
        (["data.path=a.csv", "promotion.jaccard=75"], "from 0 to 1"),
        (["data.path=a.csv", "drift.share.watch=much"], "drift.share"),
        (["data.path=a.csv", "notify.command='mail \"x'"], "notify.command"),
        ([], "data.path"),
    ):
        outcome = command("scripts/weekly.py", *settings)
        assert outcome.status == 1 and word in outcome.err, (settings, outcome)
    connection.connect()
    weeks = list_weeks()
    assert weeks["outcome"].to_list() == ["failed", "failed"]
    assert "nowhere.csv" in weeks["reason"][0] and weeks["accounts"].isna().all()


def test_a_week_without_the_champions_columns_is_offered_no_acceptance(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    export = champion_root / "narrow.csv"
    make_profiles(200, seed=2)[0].drop(columns="videos").to_csv(export, index=False)
    held = command("scripts/weekly.py", f"data.path={export}")
    assert "Outcome: held" in held.out, held.out + held.err
    assert "No week goes on without videos, which the champion reads." in held.out
    assert "accept=true" not in held.out
