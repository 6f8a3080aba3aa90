"""Where the published profiles and figures are; the repository does not contain them."""

from pathlib import Path

import pandas as pd
import pytest

_shared = Path(__file__).resolve().parents[2] / "shared"

PROFILES = _shared / "data" / "profiles_dataset.csv"
"""The 1,000 published profiles."""

FIGURES = _shared / "reference" / "published_segments.json"
"""The published recipe, its inertia, silhouette and segments."""

needs_published = pytest.mark.skipif(
    not (PROFILES.is_file() and FIGURES.is_file()),
    reason="the published profiles and figures are not beside the repository",
)
"""Leaves a test out where the files are not there."""


NAMES = {
    "engagement_rate": "awg_engagement_rate",
    "comment_rate": "comment_engagement_rate",
    "like_rate": "like_engagement_rate",
    "followers": "followers",
    "following": "following",
    "likes": "likes",
    "videos": "videos_count",
    "is_verified": "is_verified",
}
"""The eight columns of the published recipe: canonical name to published name."""

OUTLIER_COLUMNS = ["engagement_rate", "comment_rate", "like_rate"]
"""Columns that the published recipe's outlier rule looks at, in its order."""


def published_profiles() -> pd.DataFrame:
    """Read the eight columns under canonical names; the file lacks no value in them."""
    frame = pd.read_csv(PROFILES, usecols=list(NAMES.values()))
    return frame.rename(columns={theirs: ours for ours, theirs in NAMES.items()})
