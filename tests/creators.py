"""Invented accounts as tables of tools have them, for the tests of what is made of exports."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.accounts.outcome import Export
from tiktok_segments.accounts.reading import read_export

HANDLES = [f"ana.{letter}" for letter in "abcdefghijkl"]
FOLLOWERS = np.array(
    [1287, 4870, 9463, 23411, 57803, 88154, 142307, 310931, 640209, 1480017, 5320043, 23700091]
)
VIDEOS = np.array([18, 240, 95, 310, 77, 420, 150, 660, 90, 1210, 530, 340])
AVERAGE = np.round(FOLLOWERS**0.8, 1)
BASE = pd.DataFrame(
    {
        "followers": FOLLOWERS,
        "following": VIDEOS % 97 + 3,
        "likes": (AVERAGE * VIDEOS).round().astype(int),
        "videos": VIDEOS,
    },
    index=pd.Index(HANDLES, name="username"),
)


def read(folder: Path, table: pd.DataFrame, **settings: Any) -> Export:
    table.to_csv(folder / "a.csv")
    return read_export(folder / "a.csv", **settings)


def assert_right(export: Export, columns: Sequence[str] = ("followers", "likes", "videos")) -> None:
    frame = export.frame.set_index("account_id")
    assert sorted(frame.index) == HANDLES, (list(frame.index), export.rejected)
    for name in columns:
        assert frame.loc[HANDLES, name].tolist() == BASE[name].tolist(), name
