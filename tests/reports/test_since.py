from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from commands import Outcome
from examples import HOSTILE, make_accounts, make_lineage, make_segmentation
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.reports.page import render_report
from tiktok_segments.reports.page.since import compare_since


def test_accounts_that_moved_rose_came_and_went_are_told_apart() -> None:
    segmentation = make_segmentation()
    now = segmentation.dataset.frame
    then = now.iloc[:-5].copy()
    then["followers"] = then["followers"].astype("int64")
    then.loc[30, "followers"] //= 2  # it grew to twice as many
    extra = then.iloc[[40]].assign(account_id="left_us")
    earlier = replace(segmentation.dataset, frame=pd.concat([then, extra], ignore_index=True))
    found = compare_since(segmentation, earlier)
    assert (found["both"], found["new"], found["gone"]) == (75, 5, 1)
    assert found["leavers"] == ["left_us"]
    assert set(found["newcomers"]) == set(now["account_id"].iloc[-5:])
    assert "account_30" in {row["account_id"] for row in found["rising"]}
    assert sum(row["now"] for row in found["segments"]) == np.float64(1)
    assert found["moved"] == len(found["movers"])
    assert found["found"] == {"rising": 1, "movers": found["moved"], "newcomers": 5, "leavers": 1}
    page = render_report(segmentation, make_lineage(), None, earlier)
    assert "The first 20 of" not in page
    assert "What changed since export.csv" in page and "@left_us" in page
    assert HOSTILE[0] not in page.partition("<script")[0]


def test_a_list_that_is_cut_says_so() -> None:
    segmentation = make_segmentation()
    few = replace(segmentation.dataset, frame=segmentation.dataset.frame.iloc[:50])
    page = render_report(segmentation, make_lineage(), None, few)
    assert "The first 20 of 30." in page


def test_the_same_export_changed_nothing() -> None:
    segmentation = make_segmentation(make_accounts(60))
    found = compare_since(segmentation, segmentation.dataset)
    assert [found[name] for name in ("new", "gone", "moved")] == [0, 0, 0]
    assert found["rising"] == found["movers"] == found["newcomers"] == []


def test_the_command_takes_an_earlier_export(command: Callable[..., Outcome], root: Path) -> None:
    profiles = make_profiles(80, seed=0)[0]
    profiles.iloc[:70].to_csv(root / "may.csv", index=False)
    profiles.iloc[5:].to_csv(root / "june.csv", index=False)
    command("train.py", "-m", "k=3", f"data.path={root / 'june.csv'}", "figures=off")
    arguments = (f"since={root / 'may.csv'}", f"output={root / 'out'}")
    outcome = command("scripts/profile_segments.py", *arguments)
    assert outcome.status == 0, outcome.err
    page = (root / "out" / "report.html").read_text(encoding="utf-8")
    assert "65 accounts are in both exports" in page and "10 are new, 5 are gone" in page
