"""The model that answers with names: its pipeline, its segments' identities, what it saw.

MLflow is imported where a model is logged or loaded: Spark's executors use models without it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml
from sklearn.pipeline import Pipeline

from tiktok_segments.clustering.pipeline import naming_pipeline, raw_columns
from tiktok_segments.defaults import next_command
from tiktok_segments.errors import InputError
from tiktok_segments.segments.identity import SegmentIdentity


@dataclass(frozen=True)
class NamedModel:
    """A promoted model, or one made to be promoted.

    Attributes
    ----------
    address : str
        Where it was loaded from; ``run <id>`` for a run that was never promoted.
    run_id : str
        The training run that made it.
    pipeline : Pipeline
        Features, scaler and a nearest-centroid classifier that answers with names.
    segments : tuple of SegmentIdentity
        One per centre, in the order of the centres and of ``classes_``.
    baseline : mapping
        What it saw, as :func:`~tiktok_segments.registry.baseline.measure_baseline` returns it.
    facts : mapping of str to str or bool
        ``data_sha256``, ``data_source``, ``synthetic``, ``features``, ``scaler``, ``outliers`` and
        ``pseudonyms``, the id of the key of its accounts' pseudonyms, where they have any;
        ``round``, the digits of their numbers that are handed on, where not all are.
    """

    address: str
    run_id: str
    pipeline: Pipeline
    segments: tuple[SegmentIdentity, ...]
    baseline: Mapping[str, Any]
    facts: Mapping[str, Any]

    @property
    def label(self) -> str:
        """What people call it: ``version 3``, ``run 0123abcd``, or else its address."""
        if found := re.fullmatch(r"models:/[^/@]+/(\d+)", self.address):
            return f"version {found[1]}"
        return self.address[:12] if self.address.startswith("run ") else self.address

    @property
    def names(self) -> list[str]:
        """Name of each segment, in the order of the centres."""
        return [segment.name for segment in self.segments]

    @property
    def columns(self) -> list[str]:
        """Canonical columns that the model reads."""
        return raw_columns(self.pipeline)

    @property
    def centres(self) -> np.ndarray:
        """Centres in the scaled space, of shape (n_segments, n_features)."""
        return np.asarray(self.pipeline[-1].centroids_)

    def require_columns(self, frame: pd.DataFrame) -> None:
        """Refuse accounts that lack a column which the model reads.

        Raises
        ------
        InputError
            Naming it.
        """
        if missing := [name for name in self.columns if name not in frame]:
            raise InputError(
                f"The model {self.address} reads {', '.join(missing)}, which this data lacks."
            )

    def can_assign(self, frame: pd.DataFrame) -> bool:
        """Whether every account has all columns that the model reads."""
        there = set(self.columns) <= set(frame.columns)
        return there and not frame[self.columns].isna().to_numpy().any()

    def scale(self, frame: pd.DataFrame) -> np.ndarray:
        """Return accounts in the scaled space, of shape (n_accounts, n_features)."""
        return np.asarray(self.pipeline[:-1].transform(frame[self.columns]))

    def assign(self, frame: pd.DataFrame) -> np.ndarray:
        """Return the position of each account's segment, of shape (n_accounts,).

        Raises
        ------
        InputError
            If a column that the model reads is not there.
        """
        self.require_columns(frame)
        places = pd.Series(range(len(self.segments)), index=self.pipeline.classes_)
        return places.loc[self.pipeline.predict(frame)].to_numpy()


def log_named_model(
    run_id: str,
    clusters: Pipeline,
    example: pd.DataFrame,
    segments: Sequence[SegmentIdentity],
    baseline: Mapping[str, Any],
    facts: Mapping[str, Any],
) -> str:
    """Log the model that answers with names to the run that it is made of, which stays finished.

    Parameters
    ----------
    run_id : str
        The training run.
    clusters : Pipeline
        Fitted, ending in k-means.
    example : DataFrame of shape (n_accounts, n_columns)
        Profiles, whose quartiles become the input example.
    segments : sequence of SegmentIdentity
        One per cluster.
    baseline, facts : mapping
        As in :class:`NamedModel`.

    Returns
    -------
    str
        The model's address, ``models:/<id>``.
    """
    import skops.io

    from tiktok_segments.tracking import connection, model_loading
    from tiktok_segments.tracking.model_saving import ModelContent, log_model

    pipeline = naming_pipeline(clusters, [segment.name for segment in segments])
    content = ModelContent(
        pipeline=skops.io.dumps(pipeline),
        columns=raw_columns(pipeline),
        answer="string",
        accounts=example,
        metadata={
            "segments": [asdict(segment) for segment in segments],
            "baseline": dict(baseline),
            **facts,
        },
    )
    params = connection.client().get_run(run_id).data.params
    return f"models:/{log_model(run_id, model_loading.NAMED_MODEL, content, params)}"


def load_named_model(address: str, expected_digest: str | None = None) -> NamedModel:
    """Load a model that answers with names.

    Parameters
    ----------
    address : str
        ``models:/<name>/<version>``, ``models:/<name>@<alias>``, ``models:/<id>`` or
        ``runs:/<run id>/named_model``.
    expected_digest : str or None
        What :func:`~tiktok_segments.tracking.model_loading.digest_of_model` said when it was
        promoted.

    Returns
    -------
    NamedModel
        The model.

    Raises
    ------
    InputError
        If there is no such model, it was changed since, is no skops file, or has no names.
    """
    from tiktok_segments.tracking import model_loading

    folder = model_loading.download_model(address)
    if expected_digest is not None and model_loading.digest_of_model(folder) != expected_digest:
        raise InputError(
            f"Model {address} is not what was promoted: its files were changed since. Refused.\n"
            "Roll back with: " + next_command("scripts/promote_model.py", "version=N")
        )
    about = _read_description(folder, address)
    pipeline = model_loading.read_model(folder, address)
    facts = dict(about["metadata"])
    segments = tuple(SegmentIdentity(**segment) for segment in facts.pop("segments"))
    baseline = facts.pop("baseline")
    return NamedModel(address, str(about["run_id"]), pipeline, segments, baseline, facts)


def _read_description(folder: Path, address: str) -> dict[str, Any]:
    """Read the ``MLmodel`` file as plain data."""
    from tiktok_segments.tracking import artifacts

    try:
        about = yaml.safe_load((folder / artifacts.DESCRIPTION).read_text())
    except (OSError, yaml.YAMLError) as error:
        raise InputError(f"Model {address} cannot be read: {error}") from None
    if "segments" not in (about.get("metadata") or {}):
        raise InputError(
            f"Model {address} has no named segments; promote a run to make one:\n"
            + next_command("scripts/promote_model.py", "run=ID")
        )
    return dict(about)
