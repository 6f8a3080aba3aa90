"""A week whose accounts are not all in memory."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.accounts import row_sample
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.weekly import list_weeks


def test_a_streamed_week_counts_assigns_and_reports_all_accounts(
    command: Callable[..., Outcome], champion_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_profiles(1000, seed=0)[0]
    newcomers = make_profiles(60, seed=9)[0].assign(account_id=[f"new{n}" for n in range(60)])
    exports, folder = champion_root / "exports", champion_root / "week"
    for name, frame in (("a", first), ("b", pd.concat([first.iloc[40:], newcomers]))):
        (exports / name).mkdir(parents=True)
        frame.iloc[:500].to_csv(exports / name / "1.csv", index=False)
        frame.iloc[500:].to_parquet(exports / name / "2.parquet")
    monkeypatch.setattr(row_sample, "FIT_ROWS", 400)
    accepted = ("accept=true", "reason=to try")
    week = ("scripts/weekly.py", "retrain=never", f"output={folder}", *accepted)
    before = command(*week, f"data.path={exports / 'a'}", "engine=memory")
    after = command(*week, f"data.path={exports / 'b'}", "engine=stream")
    assert (before.status, after.status) == (0, 0), before.out + after.out
    assert "new: 60, gone: 40" in after.out
    assert list_weeks()["accounts"].to_list() == [1000, 1020]
    placed = pd.read_parquet(folder / "accounts.parquet")
    assert placed["account_id"].to_list() == [*first["account_id"][40:], *newcomers["account_id"]]
    assert not (folder / "accounts.csv").exists()  # the first week's, of the same day
    assert "in 1,020 accounts" in (folder / "report.html").read_text()
