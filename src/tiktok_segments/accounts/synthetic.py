"""Synthetic profiles with five planted segments, for a first look and for tests."""

import hashlib
import math

import numpy as np
import pandas as pd

from tiktok_segments.accounts.outcome import Export
from tiktok_segments.errors import InputError
from tiktok_segments.schema import MAX_FOLLOWING

PLANTED = pd.DataFrame(
    {
        "share": [0.55, 0.08, 0.17, 0.12, 0.08],
        "followers": [106622.3, 12500000.0, 69711.39, 22703.6, 1452662.0],
        "following": [792.002336, 29.5, 776.858824, 7482.746269, 253.25],
        "likes": [2874820.0, 605250000.0, 1858375.0, 212836.9, 32207740.0],
        "videos": [422.656542, 1590.0, 155.317647, 580.253731, 590.25],
        "like_rate": [0.017047, 0.009462, 0.099318, 0.01746, 0.030952],
        "comment_rate": [0.000575, 0.000056, 0.002679, 0.001165, 0.0003],
        "verified_share": [0.0, 0.5, 0.0, 0.0, 1.0],
    },
    index=pd.Index(
        [
            "Mid-Tier Mainstream Influencers",
            "Celebrity Accounts",
            "Niche Engagement Specialists",
            "Community Builders",
            "Verified Content Creators",
        ],
        name="segment",
    ),
)
"""Share of accounts and median of each measure, a row per planted segment.

The medians are the means published with DiegoBoos/TitkTok-Influencer-Segmentation (March 2025);
the shares are this project's, so that each segment is large enough to be found.
"""

SPREAD = 0.4
"""Standard deviation of the natural logarithm of every measure around its segment's median."""

MIN_PROFILES = math.ceil(1 / PLANTED["share"].min())
"""From this number on, every planted segment has an account."""


def make_profiles(n_profiles: int, seed: int) -> tuple[pd.DataFrame, pd.Series]:
    """Draw synthetic profiles: lognormal around the medians of five planted segments.

    Parameters
    ----------
    n_profiles : int
        Number of accounts, at least :data:`MIN_PROFILES`.
    seed : int
        Seed of the draw.

    Returns
    -------
    profiles : DataFrame of shape (n_profiles, 11)
        Canonical columns. The planted segment is not among them.
    planted : Series of shape (n_profiles,)
        Name of the segment that each account was drawn from.

    Raises
    ------
    InputError
        If there are too few profiles for all planted segments.

    Examples
    --------
    >>> profiles, planted = make_profiles(1000, seed=0)
    >>> planted.value_counts().to_list()
    [550, 170, 120, 80, 80]
    >>> bool((profiles["engagement_rate"] >= profiles["like_rate"]).all())
    True
    """
    if n_profiles < MIN_PROFILES:
        raise InputError(
            f"data.n_profiles is {n_profiles}; the sample needs at least {MIN_PROFILES}, so that "
            "each planted segment has an account."
        )
    rng = np.random.default_rng(seed)
    edges = np.round(np.cumsum(PLANTED["share"].to_numpy()) * n_profiles).astype(int)
    segment = rng.permutation(np.repeat(np.arange(len(PLANTED)), np.diff(edges, prepend=0)))

    def around_median(measure: str) -> np.ndarray:
        medians = PLANTED[measure].to_numpy()[segment]
        return np.asarray(medians * rng.lognormal(sigma=SPREAD, size=n_profiles))

    counts = {
        name: np.round(around_median(name)).astype("int64")
        for name in ("followers", "following", "likes", "videos")
    }
    like_rate, comment_rate = around_median("like_rate"), around_median("comment_rate")
    width = len(str(n_profiles))
    account_id = pd.Series(range(1, n_profiles + 1)).map(f"synthetic_{{:0{width}d}}".format)
    profiles = pd.DataFrame(
        {
            "account_id": account_id.astype("str"),
            **counts,
            "following": counts["following"].clip(max=MAX_FOLLOWING),
            "engagement_rate": like_rate + comment_rate,
            "like_rate": like_rate,
            "comment_rate": comment_rate,
            "is_verified": rng.random(n_profiles) < PLANTED["verified_share"].to_numpy()[segment],
            "nickname": "Synthetic account",
            "biography": "Made by a random generator; no such account exists.",
        }
    )
    return profiles, pd.Series(PLANTED.index.to_numpy()[segment], name="planted")


def sample_export(n_profiles: int, seed: int) -> Export:
    """Return the profiles of :func:`make_profiles` as an export; its digest is of the values."""
    profiles, _ = make_profiles(n_profiles, seed)
    hashes = pd.util.hash_pandas_object(profiles, index=False).to_numpy()
    return Export.of(
        profiles,
        source=f"synthetic sample, {n_profiles} accounts, seed {seed}",
        sha256=hashlib.sha256(hashes.tobytes()).hexdigest(),
    )
