"""Small segmentations and runs' records, made without MLflow."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from omegaconf import OmegaConf
from sklearn.preprocessing import (
    MinMaxScaler,
    PowerTransformer,
    QuantileTransformer,
    RobustScaler,
    StandardScaler,
)

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.clustering.pipeline import build_pipeline, fit_pipeline, naming_pipeline
from tiktok_segments.registry.baseline import measure_baseline
from tiktok_segments.segments.identity import new_identities
from tiktok_segments.segments.segmentation import Segmentation, segment_accounts
from tiktok_segments.tracking.lineage import Lineage
from tiktok_segments.tracking.named_model import NamedModel

CONF = Path(__file__).parents[1] / "conf"
CORE = {
    "followers": "log_count",
    "following": "log_count",
    "videos": "log_count",
    "engagement_rate": "log_rate",
}
SCALERS = [
    StandardScaler(),
    RobustScaler(),
    MinMaxScaler(),
    PowerTransformer(),
    QuantileTransformer(n_quantiles=100, random_state=0),
]
HOSTILE = [
    "<script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 1">',
    "&lt;img src=x onerror=window.hacked=1&gt;",
    "{{7*7}}",
    "</script><script>window.hacked = 1</script>",
    "<!--<script>",
    "\u202eevil\u202c\u2067",
    "x" * 10_000,
    '=HYPERLINK("http://example.org","click")',
    "+cmd|' /C calc'!A0",
    "-1+1",
    "@SUM(1,1)",
    "00123",
    "\u2028line\u2029",
    "javascript:window.hacked=1",
]


def make_accounts(n_accounts: int = 80) -> pd.DataFrame:
    """Return accounts of which the first carry hostile names, biographies and addresses."""
    frame, _ = make_profiles(n_accounts, seed=1)
    frame["account_id"] = [f"account_{number}" for number in range(n_accounts)]
    frame["url"] = "https://www.tiktok.com/@" + frame["account_id"]
    frame["region"] = np.where(np.arange(n_accounts) % 4 == 0, "DE", "US")
    frame["collected_at"] = "2026-01-02"
    for place, text in enumerate(HOSTILE):
        for column in ("account_id", "nickname", "biography", "url"):
            frame.loc[place, column] = text
    return frame


def make_segmentation(
    frame: pd.DataFrame | None = None, k: int = 3, synthetic: bool = False
) -> Segmentation:
    """Segment accounts as a run on those of the core features that they have would."""
    frame = make_accounts() if frame is None else frame
    naming = OmegaConf.to_container(OmegaConf.load(CONF / "naming" / "median.yaml"))
    config = {"seed": 0, "k": k, "naming": naming, "data": {"path": "export.csv"}}
    columns = {name: transform for name, transform in CORE.items() if name in frame}
    pipeline = build_pipeline(columns, StandardScaler(), k=k, n_init=2, seed=0)
    fit_pipeline(pipeline, frame)
    dataset = Dataset(
        frame=frame,
        source="export.csv",
        sha256="0123456789ab" * 5 + "0123",
        synthetic=synthetic,
        cleaning=pd.DataFrame(
            {"rule": ["rows in", "accounts kept"], "rows": [len(frame) + 1, len(frame)]}
        ),
        rejected=pd.DataFrame(),
        notes=(),
    )
    return segment_accounts("0" * 32, config, dataset, pipeline, naming)


def make_lineage(**changes: object) -> Lineage:
    """Return a run's record, of a run without a sweep unless changed."""
    lineage = Lineage(
        run_id="0" * 32,
        started=datetime(2026, 1, 2, 3, 4, tzinfo=UTC),
        params={"features": "core"},
        tags={"segmentation.code_sha256": "f" * 64},
        metrics={"silhouette": 0.25},
        sweep_id=None,
        sweep_tags={},
        figures={},
        candidates=None,
        versions=(),
    )
    return replace(lineage, **changes)


def make_named_model(frame: pd.DataFrame, k: int = 3, seed: int = 0) -> NamedModel:
    """Return the model that answers with names, as promotion makes it of such a run."""
    columns = {name: transform for name, transform in CORE.items() if name in frame}
    pipeline = build_pipeline(columns, StandardScaler(), k=k, n_init=2, seed=seed)
    X, labels = fit_pipeline(pipeline, frame)
    names = [f"Segment {letter}" for letter in "ABCDEFGHIJ"[:k]]
    return NamedModel(
        address="models:/example",
        run_id="0" * 32,
        pipeline=naming_pipeline(pipeline, names),
        segments=tuple(new_identities("0" * 32, names)),
        baseline=measure_baseline(frame, X, labels, list(columns), k),
        facts={"synthetic": True},
    )
