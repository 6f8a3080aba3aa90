"""Where the published profiles and figures are; the repository does not contain them."""

from pathlib import Path

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
