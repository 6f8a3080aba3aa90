"""Exports in another unit than the champion's are refused before anything is assigned by them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.account_sums import AccountSums
from tiktok_segments.monitoring.unit_change import check_units


def sums(**counts: list[int]) -> AccountSums:
    """Return accounts by bins of the model's columns; nothing else of them counts here."""
    bins = {name: np.array(count) for name, count in counts.items()}
    accounts = int(next(iter(bins.values())).sum())
    return AccountSums(accounts, np.empty(0), bins, np.empty(0), 0, {})


def test_nearly_all_above_the_highest_decile_is_another_unit_and_named_with_the_settings() -> None:
    found = sums(followers=[10, 10, 10, 10], engagement_rate=[0, 0, 1, 39])
    with pytest.raises(InputError, match=r"98 % .* above") as refusal:
        check_units(found)
    assert "data.units.engagement_rate=percent" in str(refusal.value)
    check_units(found, said=["engagement_rate"])
    with pytest.raises(InputError, match=r"assign_segments\.py takes data\.units\."):
        check_units(found, can_say=False)


@pytest.mark.parametrize(
    "counts",
    [
        {"followers": [40, 0, 0, 0], "engagement_rate": [0, 0, 1, 39]},  # other accounts
        {"followers": [10, 10, 10, 10], "engagement_rate": [0, 2, 10, 28]},  # other times
        {"followers": [1, 1, 1, 1], "engagement_rate": [0, 0, 0, 4]},  # too few
        {"videos": [0, 0, 0, 40]},  # nobody knows how large
    ],
)
def test_what_may_have_other_reasons_is_left_to_drift(counts: dict[str, list[int]]) -> None:
    check_units(sums(**counts))


def test_an_export_in_another_unit_is_not_assigned(
    command: Callable[..., Outcome], champion_root: Path
) -> None:
    profiles = make_profiles(300, seed=5)[0].drop(columns="likes")
    in_seconds = profiles.assign(videos=profiles["videos"] * 60)
    in_seconds.to_csv(champion_root / "new.csv", index=False)
    output = champion_root / "assigned.csv"
    profiled = command("scripts/profile_segments.py", f"data.path={champion_root / 'new.csv'}")
    assert profiled.status == 1 and "assign_segments.py takes data.units.videos=" in profiled.err
    arguments = (f"data.path={champion_root / 'new.csv'}", f"output={output}")
    outcome = command("scripts/assign_segments.py", *arguments)
    assert outcome.status == 1
    assert "videos seems to be in another unit than the model's" in outcome.err
    assert not output.exists()
    said = command("scripts/assign_segments.py", *arguments, "data.units.videos=one")
    assert said.status == 0, said.err
    assert len(pd.read_csv(output)) == 300
