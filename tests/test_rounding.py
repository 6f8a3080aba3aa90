"""Numbers of accounts that are handed on have as many digits as were asked for."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from traces import traces


def test_no_exact_number_of_an_account_is_handed_on(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    profiles, _ = make_profiles(80, seed=2)
    export = champion_root / "export.csv"
    profiles.assign(account_id=[f"creator_{n}" for n in range(80)]).to_csv(export, index=False)
    given = (f"data.path={export}", "privacy.round=2")
    later = champion_root / "later.csv"
    profiles.assign(
        account_id=[f"creator_{n}" for n in range(80)], followers=profiles["followers"] * 3
    ).to_csv(later, index=False)
    outputs = champion_root / "outputs"
    for script, *arguments in (
        ("scripts/assign_segments.py", f"output={outputs}/assigned.csv", "log=false"),
        ("scripts/profile_segments.py", "model=1"),
        ("scripts/shortlist.py", "model=1"),
        ("scripts/check_export.py", f"output={outputs}/clean.csv"),
        (
            "scripts/compare_snapshots.py",
            f"old={export}",
            f"new={later}",
            f"output={outputs}/moved",
        ),
    ):
        done = command(script, *given, *arguments)
        assert done.status == 0, done.err
    exact = profiles["followers"][profiles["followers"] > 100_000].astype(str).tolist()
    exact += (profiles["followers"] * 3)[profiles["followers"] > 100_000].astype(str).tolist()
    assert len(pd.read_csv(outputs / "moved" / "rising.csv")) > 0
    assert len(exact) > 5 and traces([outputs], exact) == []
    told = pd.read_csv(outputs / "assigned.csv", index_col="account_id")
    first = profiles["followers"].iloc[0]
    assert told["followers"].iloc[0] == float(f"{first:.2g}")
    wrong = command("scripts/shortlist.py", f"data.path={export}", "privacy.round=0", "model=1")
    assert wrong.status == 1 and "privacy.round is 0" in wrong.err


def test_what_a_champion_was_made_with_holds_for_what_is_made_with_it(
    command: Callable[..., Outcome], root: Path
) -> None:
    profiles, _ = make_profiles(120, seed=2)
    profiles["account_id"] = [f"creator_{n}" for n in range(120)]
    export, later = root / "export.csv", root / "later.csv"
    profiles.to_csv(export, index=False)
    profiles.assign(followers=profiles["followers"] * 3).to_csv(later, index=False)
    quick = ("k=5", f"data.path={export}", "structure=off", "figures=off")
    for digits in ("abc", "0", "-2", "true"):
        refused = command("train.py", *quick, f"privacy.round={digits}")
        assert refused.status == 1 and "privacy.round is" in refused.err
    assert command("train.py", "-m", *quick, "privacy.round=2").status == 0
    promoted = command("scripts/promote_model.py", "force=true", "reason=a test")
    assert promoted.status == 0, promoted.out
    outputs = root / "outputs"
    for script, *arguments in (
        ("scripts/assign_segments.py", f"data.path={later}", f"output={outputs}/assigned.csv"),
        (
            "scripts/compare_snapshots.py",
            f"old={export}",
            f"new={later}",
            f"output={outputs}/moved",
        ),
        ("scripts/profile_segments.py", "model=1", f"data.path={later}"),
    ):
        done = command(script, *arguments)
        assert done.status == 0, done.err
    large = profiles["followers"][profiles["followers"] > 100_000]
    assert traces([outputs], [*large.astype(str), *(large * 3).astype(str)]) == []
