"""What runs on the same accounts share, and that none of them can tell."""

import json
from itertools import product

import pytest
import skops.io
from hydra.utils import instantiate

from tiktok_segments import computing
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.computing import compute, digest_labels
from tiktok_segments.features import TRUSTED_TYPES
from tiktok_segments.metrics import sample_silhouettes, score_clusters
from tiktok_segments.pipeline import build_pipeline, fit_pipeline
from tiktok_segments.run_task import Accounts, RunTask

COLUMNS = {"followers": "log_count", "engagement_rate": "log_rate"}
SCALERS = (
    # The first one writes its result over what it is given.
    {"_target_": "sklearn.preprocessing.StandardScaler", "copy": False},
    {"_target_": "sklearn.preprocessing.RobustScaler"},
    {"_target_": "sklearn.preprocessing.MinMaxScaler", "copy": False},
)


def make_accounts() -> Accounts:
    return Accounts(make_profiles(120, seed=0)[0].select_dtypes(["number", "bool"]), synthetic=True)


def task(scaler: dict[str, object], k: int) -> RunTask:
    space = json.dumps([COLUMNS, scaler])
    return RunTask(space=space, k=k, n_init=1, seed=0, drawn=False, structure="")


def test_runs_that_share_steps_come_out_as_a_pipeline_fitted_on_its_own() -> None:
    accounts = make_accounts()
    for k, scaler in product((3, 4), SCALERS):
        computed = compute(task(scaler, k), accounts)
        pipeline = build_pipeline(COLUMNS, instantiate(scaler), k=k, n_init=1, seed=0)
        X, labels = fit_pipeline(pipeline, accounts.frame)
        _, silhouettes = sample_silhouettes(X, labels, 0)
        expected = score_clusters(X, labels, silhouettes)
        assert computed.labels_sha256 == digest_labels(labels)
        assert computed.metrics == expected | {"silhouette_rows": 120.0}
        loaded = skops.io.loads(computed.model, trusted=TRUSTED_TYPES)
        assert loaded.predict(accounts.frame).tolist() == labels.tolist()


def test_features_are_fitted_once_for_all_scalers_and_scaled_once_for_all_k() -> None:
    accounts = make_accounts()
    before = computing._transform.cache_info(), computing._scale.cache_info()
    for k, scaler in product((3, 4), SCALERS):
        compute(task(scaler, k), accounts)
    after = computing._transform.cache_info(), computing._scale.cache_info()
    assert [end.misses - start.misses for start, end in zip(before, after, strict=True)] == [1, 3]


def test_nothing_is_kept_of_too_many_accounts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(computing, "KEPT_ROWS", 119)
    accounts = make_accounts()
    before = computing._transform.cache_info(), computing._scale.cache_info()
    kept = compute(task(SCALERS[0], 3), accounts)
    assert (computing._transform.cache_info(), computing._scale.cache_info()) == before
    monkeypatch.setattr(computing, "KEPT_ROWS", 120)
    assert compute(task(SCALERS[0], 3), accounts).metrics == kept.metrics
