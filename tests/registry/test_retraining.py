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
from tiktok_segments.segments.identity import new_identities
from tiktok_segments.segments.inheritance import find_heirs, inherit

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
    heritage = inherit(heirs, ancestors, [f"fresh {cluster}" for cluster in range(K)], "new")
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
