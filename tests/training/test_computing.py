"""What runs on the same accounts share, and that none of them can tell."""

from itertools import product

import numpy as np
import pandas as pd
import skops.io
from hydra.utils import instantiate

from tiktok_segments.accounts.row_sample import Accounts, account_keys
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.engines.in_memory import fit
from tiktok_segments.clustering.features import TRUSTED_TYPES
from tiktok_segments.clustering.fitted import digest_labels, sum_clusters
from tiktok_segments.clustering.metrics import score_clusters
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline
from tiktok_segments.clustering.silhouettes import silhouette_samples
from tiktok_segments.training.computing import SpaceCache, compute
from tiktok_segments.training.task import RunTask, SpaceSettings

COLUMNS = {"followers": "log_count", "engagement_rate": "log_rate"}
SCALERS = (
    # The first one writes its result over what it is given.
    {"_target_": "sklearn.preprocessing.StandardScaler", "copy": False},
    {"_target_": "sklearn.preprocessing.RobustScaler"},
    {"_target_": "sklearn.preprocessing.MinMaxScaler", "copy": False},
)


def make_accounts(n_accounts: int = 120) -> Accounts:
    frame = make_profiles(n_accounts, seed=0)[0]
    return Accounts(frame.select_dtypes(["number", "bool"]), True, account_keys(frame))


def task(scaler: dict[str, object], k: int) -> RunTask:
    space = SpaceSettings(tuple(COLUMNS.items()), scaler)
    return RunTask(space=space, k=k, n_init=1, seed=0, drawn=False, structure=None, proposals=None)


def test_runs_that_share_steps_come_out_as_a_pipeline_fitted_on_its_own() -> None:
    accounts = make_accounts()
    spaces = SpaceCache(accounts)
    for k, scaler in product((3, 4), SCALERS):
        computed = compute(task(scaler, k), spaces)
        pipeline = build_pipeline(COLUMNS, instantiate(scaler), k=k, n_init=1, seed=0)
        X, labels = fit_pipeline(pipeline, accounts.frame)
        expected = score_clusters(sum_clusters(X, labels), silhouette_samples(X, labels))
        assert computed.labels_sha256 == digest_labels(labels)
        assert computed.metrics == expected | {
            "silhouette_rows": 120.0, "sample_rows": 120.0, "passes": 0.0
        }  # fmt: skip
        loaded = skops.io.loads(computed.model, trusted=TRUSTED_TYPES)
        assert loaded.predict(accounts.frame).tolist() == labels.tolist()


def test_a_space_is_made_once_for_all_k_and_told_from_others_by_its_settings() -> None:
    spaces = SpaceCache(make_accounts())
    made = [spaces.scale(task(dict(scaler), k).space) for k, scaler in product((3, 4), SCALERS)]
    assert [made.index(space) for space in made[:3]] == [0, 1, 2]
    assert all(again is first for again, first in zip(made[3:], made[:3], strict=True))


def test_what_follows_a_fit_is_the_same_in_any_order_of_the_accounts() -> None:
    accounts = make_accounts(6_000)
    order = np.random.default_rng(0).permutation(6_000)
    shuffled = Accounts(accounts.frame.iloc[order], True, accounts.keys[order])
    fits = []
    for given in (accounts, shuffled):
        space = SpaceCache(given).scale(task(SCALERS[1], 3).space)
        fits.append(fit(space, given, k=3, n_init=10, seed=0))
    first, second = fits
    assert 5_000 <= len(first.sample.labels) < 5_010
    assert set(first.sample.frame.index) == set(second.sample.frame.index)
    by_place = [pd.Series(f.sample.labels, f.sample.frame.index).sort_index() for f in fits]
    assert by_place[0].equals(by_place[1])
    np.testing.assert_array_equal(first.clusters.counts, second.clusters.counts)
    for name in ("sums", "scatter", "distances"):
        both = (getattr(found.clusters, name) for found in fits)
        np.testing.assert_allclose(*both, rtol=1e-6, atol=1e-6)
