"""Exports as people have them, looked at before a run: read right, or stopped with the setting."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from commands import PROJECT, Outcome
from tiktok_segments.accounts.synthetic import make_profiles

SCRIPT = "scripts/check_export.py"
CASES = PROJECT.parent / "shared" / "cases"
EXPECTED: dict[str, Any] = (
    json.loads((CASES / "expected.json").read_text()) if CASES.is_dir() else {}
)
SAID = {
    "05-percent-without-sign.json": ["data.units.engagement_rate=percent"],
    "07-counts-in-thousands.xlsx": ["data.units.followers=thousands"],
}
"""What an analyst answers to the question for a unit."""

needs_cases = pytest.mark.skipif(not EXPECTED, reason="the invented exports are not there")


def assert_read_right(file: Path, expected: dict[str, Any]) -> None:
    """Hold the accounts that a check wrote against those that are owed."""
    accounts = pd.read_csv(file, dtype={"account_id": str}).set_index("account_id")
    number = expected["accounts"]
    least, most = number if isinstance(number, list) else (number, number)
    assert least <= len(accounts) <= most
    for column, values in expected.get("values", {}).items():
        for account, value in values.items():
            found = accounts.loc[account, column]
            right = found == value if isinstance(value, str) else np.isclose(found, value, 0.01)
            assert right, (column, account, found, value)
    for column, ranges in expected.get("never", {}).items():
        for account, (low, high) in ranges.items():
            assert column not in accounts or not low <= accounts.loc[account, column] <= high


@needs_cases
@pytest.mark.parametrize("name", EXPECTED)
def test_a_case_is_read_right_or_stopped_with_the_setting_that_reads_it_right(
    command: Callable[..., Outcome], root: Path, name: str
) -> None:
    arguments = (f"data.path={CASES / name}", f"output={root / 'accounts.csv'}")
    outcome = command(SCRIPT, *arguments)
    if outcome.status != 0 and EXPECTED[name].get("or_stop"):
        assert not (root / "accounts.csv").exists()
        for setting in SAID[name]:
            assert setting in outcome.err
        outcome = command(SCRIPT, *arguments, *SAID[name])
    assert outcome.status == 0, outcome.err
    assert_read_right(root / "accounts.csv", EXPECTED[name])


def test_a_check_shows_columns_units_rows_and_feature_sets_and_writes_nothing(
    command: Callable[..., Outcome], root: Path
) -> None:
    file = root / "export.csv"
    file.write_text(
        "Handle;Follower;Likes;Videos;Verifiziert\n"
        "ana;12.400;1.200.000;210;ja\nbea;8.100;310.000;95;nein\nBea;8.100;310.000;95;nein\n"
        "cleo;zw\u00f6lf;1;1;nein\n",
        encoding="utf-8",
    )
    store = (root / "mlflow.db").read_bytes()
    outcome = command(SCRIPT, f"data.path={file}")
    assert outcome.status == 0, outcome.err
    assert not (root / "outputs").exists()  # a folder that may only be read is enough
    printed = " ".join(outcome.out.split())
    for words in (
        "A row is an account.",
        "stand in line 1",
        "followers Follower one, and its values agree",
        "rejected: unreadable followers 1",
        "rejected: identical duplicate 1 8.1K",
        "12.400",
        "12,400",
        "size_likes can run",
        "core needs following, engagement_rate",
        "like_rate = likes / videos / followers",
    ):
        assert words in printed, (words, outcome.out)
    assert (root / "mlflow.db").read_bytes() == store and not (root / "mlruns").exists()


def test_a_file_that_no_feature_set_can_use_ends_with_one(
    command: Callable[..., Outcome], root: Path
) -> None:
    (root / "a.csv").write_text("username,followers\nana,100\nbea,200\n")
    outcome = command(SCRIPT, f"data.path={root / 'a.csv'}")
    assert outcome.status == 1
    assert "size_likes needs like_rate" in " ".join(outcome.out.split())


def test_rejections_that_would_stop_a_training_end_with_one(
    command: Callable[..., Outcome], root: Path
) -> None:
    profiles = make_profiles(40, seed=0)[0].astype({"followers": object})
    profiles.loc[profiles.index[:8], "followers"] = "12 zillion"
    profiles.to_csv(root / "a.csv", index=False)
    outcome = command(SCRIPT, f"data.path={root / 'a.csv'}")
    printed = " ".join(outcome.out.split())
    assert outcome.status == 1
    assert "'unreadable followers' rejects 8 of 40 rows, as in '12 zillion'" in printed
    allowed = "clean.allow_selective_rejection=true"
    assert allowed in printed
    assert command(SCRIPT, f"data.path={root / 'a.csv'}", allowed).status == 0


@pytest.mark.parametrize("ending", ["csv", "parquet", "xlsx"])
def test_the_clean_accounts_are_written_with_canonical_columns(
    command: Callable[..., Outcome], root: Path, ending: str
) -> None:
    profiles = make_profiles(60, seed=0)[0].rename(columns={"followers": "Abonn\u00e9s"})
    profiles.to_csv(root / "a.csv", index=False)
    output = root / f"accounts.{ending}"
    outcome = command(SCRIPT, f"data.path={root / 'a.csv'}", f"output={output}")
    assert outcome.status == 0, outcome.err
    read = {"csv": pd.read_csv, "parquet": pd.read_parquet, "xlsx": pd.read_excel}[ending]
    written: pd.DataFrame = read(output)
    assert written["followers"].tolist() == profiles["Abonn\u00e9s"].tolist()
    assert list(pd.read_csv(root / "accounts.rejected.csv"))[:4] == [
        "line", "account", "rule", "value",
    ]  # fmt: skip


def test_what_is_missing_is_told_in_a_line(command: Callable[..., Outcome], root: Path) -> None:
    assert "Which export?" in command(SCRIPT).err
    assert "does not exist" in command(SCRIPT, f"data.path={root / 'none.csv'}").err
