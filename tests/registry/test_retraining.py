"""Names over retrainings on the published accounts, in the default space."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from published import needs_published
from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline
from tiktok_segments.segments.heirs import find_heirs
from tiktok_segments.segments.identity import new_identities
from tiktok_segments.segments.inheritance import Ancestors, inherit, keep_names
from tiktok_segments.segments.naming import SegmentName, name_segments
from tiktok_segments.segments.naming_rules import load_naming
from tiktok_segments.segments.tiers import assign_tiers

CORE = {
    "followers": "log_count",
    "following": "log_count",
    "videos": "log_count",
    "engagement_rate": "log_rate",
}
K = 4


@pytest.fixture(scope="module")
def accounts(published: Path, aliases: dict) -> pd.DataFrame:
    return clean_profiles(read_export(published, aliases=aliases)).frame


def fit(frame: pd.DataFrame, seed: int) -> Pipeline:
    pipeline = build_pipeline(CORE, StandardScaler(), k=K, n_init=10, seed=seed)
    fit_pipeline(pipeline, frame)
    return pipeline


def names_after(pipeline: Pipeline, frame: pd.DataFrame, old: np.ndarray) -> np.ndarray:
    """Names that a retrained model gives the accounts, inherited from the old labels."""
    ancestors = new_identities("old", [f"segment {cluster}" for cluster in range(K)])
    new = pipeline.predict(frame)
    heirs = find_heirs(old, new, [segment.name for segment in ancestors], K)
    fresh = [SegmentName(f"fresh {cluster}", "Nano", "") for cluster in range(K)]
    heritage = inherit(heirs, ancestors, fresh, "new")
    return np.array([segment.name for segment in heritage])[new]


@needs_published
def test_accounts_keep_their_segments_name_over_twenty_retrainings(accounts: pd.DataFrame) -> None:
    old = fit(accounts, seed=42).predict(accounts)
    before = np.array([f"segment {cluster}" for cluster in range(K)])[old]
    kept = []
    for seed in range(10):
        reseeded = fit(accounts, seed=seed)
        redrawn = fit(accounts.sample(frac=1, replace=True, random_state=seed), seed=seed)
        kept += [
            (names_after(model, accounts, old) == before).mean() for model in (reseeded, redrawn)
        ]
    assert len(kept) == 20
    assert np.mean(kept) >= 0.95, np.round(kept, 3)
    assert np.mean(kept[1::2]) >= 0.95, np.round(kept, 3)  # the redrawn ones alone


@needs_published
def test_the_names_of_fifty_retrainings_fit_their_members(accounts: pd.DataFrame) -> None:
    naming = load_naming()
    tiers = assign_tiers(accounts["followers"], naming["tiers"])
    first = fit(accounts, seed=42).predict(accounts)
    names, identities = keep_names("first", name_segments(accounts, first, naming), first, None)
    ancestors = Ancestors("1", tuple(identities), first)
    inherited = []
    for seed in range(25):
        redrawn = accounts.sample(frac=1, replace=True, random_state=seed)
        for training in (accounts, redrawn):
            labels = fit(training, seed=seed).predict(accounts)
            fresh = name_segments(accounts, labels, naming)
            names, found = keep_names("next", fresh, labels, ancestors)
            assert len({name.name for name in names}) == K
            for cluster, name in enumerate(names):
                members = tiers[labels == cluster]
                for word in naming["tiers"]:
                    if word in name.name.split():
                        assert (members == word).mean() >= 0.5, name
            inherited += [segment.origin == "inherited" for segment in found]
    assert len(inherited) == 50 * K
    assert np.mean(inherited) >= 0.95
