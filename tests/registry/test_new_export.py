"""A new export under an older champion: every command serves it, and its figures are right."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection

Command = Callable[..., Outcome]


@pytest.fixture
def export(champion_root: Path) -> Path:
    """An export that the champion was not fitted on."""
    profiles, _ = make_profiles(400, seed=5)
    file = champion_root / "week 3.csv"
    profiles.assign(account_id="late_" + profiles["account_id"]).to_csv(file, index=False)
    return file


def test_report_shortlist_and_explanation_are_of_the_new_export(
    command: Command, champion_root: Path, export: Path
) -> None:
    out = champion_root / "mine"
    for script, *settings in (
        ("assign_segments", f"output={out / 'assigned.csv'}"),
        ("profile_segments", f"output={out}"),
        ("shortlist", "goal=reach", "n=10", f"output={out}"),
    ):
        done = command(f"scripts/{script}.py", f"data.path={export}", *settings)
        assert done.status == 0, done.out + done.err
    profiles = pd.read_csv(export)
    assigned = pd.read_csv(out / "assigned.csv").set_index("account_id")
    accounts = pd.read_csv(out / "accounts.csv").set_index("account_id")
    assert sorted(accounts.index) == sorted(profiles["account_id"])
    assert (accounts["segment"] == assigned["segment"].reindex(accounts.index)).all()
    assert accounts["confidence"].to_numpy() == pytest.approx(
        assigned["confidence"].reindex(accounts.index).to_numpy(), abs=1e-9
    )
    segments = pd.read_csv(out / "segments.csv").set_index("segment")
    groups = profiles.set_index("account_id").groupby(assigned["segment"])
    for name in ("followers", "engagement_rate"):
        medians = groups[name].median().reindex(segments.index)
        assert segments[f"{name}_median"].to_numpy() == pytest.approx(medians.to_numpy())
    assert segments["accounts"].to_dict() == groups.size().to_dict()
    listed = pd.read_csv(out / "shortlist.csv")
    largest = profiles.nlargest(10, "followers")["account_id"]
    assert set(listed["account_id"]) == set(largest)
    assert "Assigned, not fitted" in (out / "shortlist.html").read_text()
    page = (out / "report.html").read_text()
    assert (
        "Assigned, not fitted" in page
        and "Since the model was fitted" in page
        and str(export) in page
    )
    name = largest.iloc[0]
    said = command("scripts/explain_account.py", f"account={name}", f"data.path={export}")
    assert said.status == 0 and assigned.loc[name, "segment"] in said.out
    assert "Assigned, not fitted" in said.out and "the page" not in said.out


def test_segments_without_accounts_are_left_out_and_named(
    command: Command, champion_root: Path, export: Path
) -> None:
    out = champion_root / "mine"
    command("scripts/assign_segments.py", f"data.path={export}", f"output={out / 'a.csv'}")
    assigned = pd.read_csv(out / "a.csv")
    gone = assigned["segment"].iloc[0]
    few = champion_root / "few.csv"
    some = assigned.loc[assigned["segment"] != gone, "account_id"]
    profiles = pd.read_csv(export)
    profiles[profiles["account_id"].isin(some)].to_csv(few, index=False)
    done = command("scripts/profile_segments.py", "model=1", f"data.path={few}", f"output={out}")
    assert done.status == 0, done.err
    assert f"No account is in {gone}, which is left out here" in " ".join(done.out.split())
    segments = pd.read_csv(out / "segments.csv").set_index("segment")["accounts"]
    expected = assigned.loc[assigned["segment"] != gone, "segment"].value_counts()
    assert segments.to_dict() == expected.to_dict()


def test_an_export_is_checked_against_the_champion(
    command: Command, champion_root: Path, export: Path
) -> None:
    done = command("scripts/check_export.py", f"data.path={export}", "model=champion")
    assert done.status == 0, done.err
    assert "Model, version 1" in done.out and "It would assign them to" in done.out
    lacking = champion_root / "lacking.csv"
    dropped = ["likes", "engagement_rate", "like_rate", "comment_rate"]
    pd.read_csv(export).drop(columns=dropped).to_csv(lacking, index=False)
    asked = command("scripts/check_export.py", f"data.path={lacking}", "model=1")
    assert asked.status == 1 and "It cannot assign these accounts. It lacks" in asked.out
    silent = command("scripts/check_export.py", f"data.path={lacking}")
    assert silent.status == 0 and "Model" not in silent.out


def test_a_run_that_is_named_keeps_to_its_own_accounts(
    command: Command, champion_root: Path, export: Path
) -> None:
    connection.connect()
    from tiktok_segments.tracking import history

    run_id = history.best_run_id()
    done = command("scripts/shortlist.py", f"run={run_id}", f"data.path={export}")
    assert done.status == 1 and "with model= into that model's" in done.err
