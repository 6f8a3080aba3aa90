"""Rejections that select stop a training, with the spelling that failed and the way on."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from commands import Outcome
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.tracking import connection

TRAIN = ("k=3", "structure=off", "figures=off", "features=core")


def write(root: Path, spoiled: np.ndarray) -> str:
    profiles = make_profiles(120, seed=0)[0].astype({"videos": object})
    profiles.loc[spoiled, "videos"] = "a dozen"
    profiles.to_csv(root / "export.csv", index=False)
    return f"data.path={root / 'export.csv'}"


def count_runs() -> int:
    connection.connect()
    return len(connection.client().search_runs([connection.experiment_id()]))


def test_a_rule_that_rejects_over_a_tenth_stops_before_any_run_and_can_be_allowed(
    command: Callable[..., Outcome], root: Path
) -> None:
    path = write(root, np.arange(120) % 8 == 0)
    for arguments in (TRAIN, ("-m", *TRAIN)):
        outcome = command("train.py", *arguments, path)
        assert outcome.status == 1
        assert "'unreadable videos' rejects 15 of 120 rows, as in 'a dozen'" in outcome.err
        assert "clean.allow_selective_rejection=true" in outcome.err
    assert count_runs() == 0
    outcome = command("train.py", path, *TRAIN, "clean.allow_selective_rejection=true")
    assert outcome.status == 0, outcome.err


def test_a_few_rows_stop_a_training_where_they_are_the_large_accounts(
    command: Callable[..., Outcome], root: Path
) -> None:
    followers = make_profiles(120, seed=0)[0]["followers"]
    path = write(root, (followers.rank(ascending=False) <= 8).to_numpy())
    outcome = command("train.py", path, *TRAIN)
    assert outcome.status == 1
    assert "Mann-Whitney" in outcome.err and "followers in the median" in outcome.err
    fair = np.zeros(120, dtype=bool)
    fair[pd.Series(followers).sort_values().index[::16]] = True
    outcome = command("train.py", write(root, fair), *TRAIN)
    assert outcome.status == 0, outcome.err
