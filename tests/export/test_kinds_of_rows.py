"""Rows of exports that are no accounts of ours: told by their values, their place, their kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from creators import BASE, HANDLES, assert_right, read


def with_row(name: Any, row: pd.Series) -> pd.DataFrame:
    """Return the accounts with one more row below them."""
    below = pd.DataFrame([row.to_numpy()], [name], BASE.columns)
    return pd.concat([BASE, below]).rename_axis("username")


@pytest.mark.parametrize("name", ["Count", "Anzahl", "Max", "min", "Std. Dev.", None, "Summa"])
def test_a_lone_row_that_sums_up_is_told_by_its_values(tmp_path: Path, name: str | None) -> None:
    rows = {
        "Count": BASE.count(), "Anzahl": BASE.count(), "Max": BASE.max(), "min": BASE.min(),
        "Std. Dev.": BASE.std(), None: BASE.mean().round(1), "Summa": BASE.sum(),
    }  # fmt: skip
    export = read(tmp_path, with_row(name, rows[name]))
    assert_right(export)
    assert export.rejected["rule"].tolist() == ["total or average of the others"]


@pytest.mark.parametrize("name", ["max", "count", "n", "top"])
def test_a_handle_with_numbers_of_its_own_is_an_account(tmp_path: Path, name: str) -> None:
    export = read(tmp_path, with_row(name, BASE.iloc[3] + 7))
    assert sorted(export.frame["account_id"]) == sorted([*HANDLES, name])


def test_short_links_are_no_sign_of_videos_and_no_better_than_those_of_profiles(
    tmp_path: Path,
) -> None:
    short = [f"https://vm.tiktok.com/ZM{number}/" for number in range(len(BASE))]
    full = [f"https://www.tiktok.com/@{one}?lang=en" for one in HANDLES]
    table = BASE.assign(url=short, profileUrl=full).set_index("url")
    assert_right(read(tmp_path, table))
