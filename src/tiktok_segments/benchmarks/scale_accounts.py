"""Files of many made-up accounts: with the planted segments of the sample, or without any."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.schema import MAX_FOLLOWING

GROUP = 1_000_000
"""Accounts that are made at a time."""


def write_profiles(path: Path, rows: int, seed: int, kind: str = "planted") -> None:
    """Write made-up profiles as Parquet, a part at a time.

    Parameters
    ----------
    path : Path
        The file: account_id and the eight columns of numbers and flags.
    rows : int
        How many accounts; those of the last part are 13 at least.
    seed : int
        Same seed, same accounts.
    kind : str, default "planted"
        One of :data:`KINDS`.
    """
    writer = None
    for part, start in enumerate(range(0, rows, GROUP)):
        profiles = KINDS[kind](min(GROUP, rows - start), seed + part)
        table = pa.Table.from_pandas(profiles, preserve_index=False)
        ids = pa.array(np.arange(start, start + len(profiles))).cast(pa.string())
        ids = pc.binary_join_element_wise("creator", ids, "_")
        table = table.add_column(0, "account_id", ids)
        writer = writer or pa.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def planted(rows: int, seed: int) -> pd.DataFrame:
    """Draw accounts of five separated segments, those of the built-in sample."""
    profiles, _ = make_profiles(rows, seed)
    return profiles.drop(columns=["account_id", "nickname", "biography"])


def continuum(rows: int, seed: int) -> pd.DataFrame:
    """Draw accounts without segments, as those of most exports are.

    Every measure is spread evenly around one middle, in logarithms. Rates fall with the size of an
    account, the more the larger it is, and have heavy tails: Student's t of five degrees.

    Parameters
    ----------
    rows : int
        Number of accounts.
    seed : int
        Seed of the draw.

    Returns
    -------
    DataFrame of shape (rows, 8)
        Canonical columns of numbers and flags.

    Examples
    --------
    >>> accounts = continuum(2000, seed=0)
    >>> large = accounts["followers"] > 10 * accounts["followers"].median()
    >>> bool(accounts[large]["like_rate"].median() < accounts[~large]["like_rate"].median() / 2)
    True
    """
    rng = np.random.default_rng(seed)
    size = rng.standard_normal(rows)
    followers = np.round(np.exp(11.0 + 1.8 * size)).astype("int64")
    following = np.round(np.exp(6.0 + 1.2 * rng.standard_normal(rows))).astype("int64")
    videos = np.round(np.exp(5.5 + 0.4 * size + 0.9 * rng.standard_normal(rows))).astype("int64")
    fall = 0.4 * size + 0.15 * size**2
    like_rate = np.exp(-3.8 - fall + 0.6 * rng.standard_t(5, rows)).clip(max=1.0)
    comment_rate = like_rate * np.exp(-3.5 + 0.5 * rng.standard_normal(rows)).clip(max=1.0)
    return pd.DataFrame(
        {
            "followers": followers,
            "following": following.clip(max=MAX_FOLLOWING),
            "likes": np.round(followers * like_rate * videos).astype("int64"),
            "videos": videos,
            "engagement_rate": like_rate + comment_rate,
            "like_rate": like_rate,
            "comment_rate": comment_rate,
            "is_verified": rng.random(rows) < 1 / (1 + np.exp(4 - 1.5 * size)),
        }
    )


KINDS = {"planted": planted, "continuum": continuum}
"""What the accounts of a file are like, by name."""
