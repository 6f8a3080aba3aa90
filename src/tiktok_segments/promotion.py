"""A challenger through the gate: judged, written down, and made the champion or refused."""

import json
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import mlflow
import numpy as np
from mlflow.entities.model_registry import ModelVersion
from omegaconf import DictConfig, OmegaConf

from tiktok_segments import history, registry, terminal, tracking
from tiktok_segments.baseline import measure_baseline
from tiktok_segments.challenger import measure_challenger
from tiktok_segments.dataset import load_every_account
from tiktok_segments.errors import InputError
from tiktok_segments.files import write_whole
from tiktok_segments.gate import Facts, GateDecision, judge
from tiktok_segments.named_model import load_named_model, log_named_model
from tiktok_segments.pipeline import raw_columns
from tiktok_segments.segmentation import Segmentation, as_document
from tiktok_segments.snapshot import out_of_range


@dataclass(frozen=True)
class Promotion:
    """What became of a challenger.

    Attributes
    ----------
    outcome : str
        ``promoted``, ``forced``, ``refused`` or ``unchanged`` (it is the champion already).
    version : ModelVersion or None
        The version that was registered or, under ``unchanged``, is the champion.
    decision : GateDecision or None
        The gate's; None under ``unchanged``.
    facts : Facts or None
        What it was based on.
    """

    outcome: str
    version: ModelVersion | None
    decision: GateDecision | None = None
    facts: Facts | None = None


def promote(
    segmentation: Segmentation,
    promotion: DictConfig,
    *,
    force: bool = False,
    reason: str | None = None,
    as_challenger: bool = False,
) -> Promotion:
    """Hold a run against the gate and, if it passes, make its model the champion.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    promotion : DictConfig
        Thresholds, as in ``conf/promotion``.
    force : bool, default False
        Promote even though a condition fails.
    reason : str, optional
        Why; required with ``force``, and kept.
    as_challenger : bool, default False
        Register a refused model under the alias ``challenger``.

    Returns
    -------
    Promotion
        What became of it. A refusal leaves the registry as it was.

    Raises
    ------
    InputError
        If the champion was tampered with, ``force`` comes without a reason, or another promotion
        is under way or came first.
    """
    if force and not (reason or "").strip():
        raise InputError('force=true wants a reason, which is kept: force=true reason="..."')
    current = registry.champion()
    if current is not None and _is_same(segmentation, current):
        return Promotion("unchanged", current)
    with terminal.console(stderr=True).status("Judging the challenger ..."):
        champion = registry.load_version(current) if current is not None else None
        facts = measure_challenger(
            segmentation, champion, str(current.version) if current is not None else None
        )
    decision = judge(facts, _plain(promotion))
    forced = force and not decision.passed and decision.forceable
    outcome = "promoted" if decision.passed else "forced" if forced else "refused"
    record = _record(segmentation, decision, facts, outcome, reason if forced else None, promotion)
    version = None
    if outcome != "refused":
        with registry.promotion_lock(current):
            version = _register(segmentation, facts, record)
            registry.set_alias(registry.CHAMPION, version)
    elif as_challenger:
        version = _register(segmentation, facts, record)
        registry.set_alias(registry.CHALLENGER, version)
    document = {**record, "version": str(version.version) if version is not None else None}
    tracking.log_text(
        segmentation.run_id, json.dumps(document, indent=2, ensure_ascii=False), "promotion.json"
    )
    return Promotion(outcome, version, decision, facts)


def roll_back(number: str) -> tuple[ModelVersion, ModelVersion | None]:
    """Move the alias ``champion`` to an earlier version.

    Parameters
    ----------
    number : str
        The version.

    Returns
    -------
    now, before : ModelVersion
        The champion, and what was it before (None where there was none).

    Raises
    ------
    InputError
        If there is no such version, or its files are not as they were promoted.
    """
    version, before = registry.get_version(number), registry.champion()
    registry.load_version(version)
    with registry.promotion_lock(before):
        registry.set_alias(registry.CHAMPION, version)
    return version, before


def _is_same(segmentation: Segmentation, version: ModelVersion) -> bool:
    """Whether a version is this run's model under these names and ids."""
    segments = [[i.segment_id for i in segmentation.identities]]
    segments.append([i.name for i in segmentation.identities])
    known = [json.loads(version.tags.get(tag, "[]")) for tag in ("segment_ids", "segments")]
    return bool(version.run_id == segmentation.run_id and known == segments)


def _same_version(segmentation: Segmentation) -> ModelVersion | None:
    for number in history.model_versions(segmentation.run_id):
        version = registry.get_version(number)
        if _is_same(segmentation, version):
            return version
    return None


def _plain(promotion: DictConfig) -> dict[str, Any]:
    plain: Any = OmegaConf.to_container(promotion)
    return dict(plain)


def _record(
    segmentation: Segmentation,
    decision: GateDecision,
    facts: Facts,
    outcome: str,
    reason: str | None,
    promotion: DictConfig,
) -> dict[str, Any]:
    return {
        "run_id": segmentation.run_id,
        "outcome": outcome,
        "reason": reason,
        "against_version": facts.champion,
        "conditions": decision.as_rows(),
        "thresholds": _plain(promotion),
        "segments": [
            {"segment_id": i.segment_id, "name": i.name, "origin": i.origin}
            for i in segmentation.identities
        ],
    }


def _register(segmentation: Segmentation, facts: Facts, record: dict[str, Any]) -> ModelVersion:
    """Log the model that answers with names, and register it; once for the same names."""
    if known := _same_version(segmentation):
        registry.describe(known, _description(record))
        return known
    dataset, config = segmentation.dataset, segmentation.config
    baseline = _baseline(segmentation)
    about = {
        "data_sha256": dataset.sha256,
        "data_source": dataset.source,
        "synthetic": dataset.synthetic,
        "features": str(config.features.name),
        "scaler": str(config.scaler.name),
        "outliers": str(config.outliers.name),
    }
    with mlflow.start_run(run_id=segmentation.run_id):
        address = log_named_model(
            segmentation.pipeline, dataset.frame, segmentation.identities, baseline, about
        )
    with TemporaryDirectory() as folder:
        document = json.dumps(as_document(segmentation), indent=2, ensure_ascii=False)
        file = write_whole(Path(folder) / "segments.json", document)
        tracking.log_files(segmentation.run_id, [file], "segments")
    tags = {"verdict": facts.verdict, "k": str(len(segmentation.names))}
    return registry.register(address, load_named_model(address), tags, _description(record))


def _baseline(segmentation: Segmentation) -> dict[str, Any]:
    """Measure what later exports are compared with: every account, outliers too, as they hold.

    The range that the model saw is that of the accounts it was fitted on.
    """
    pipeline, fitted = segmentation.pipeline, segmentation.dataset.frame
    columns = raw_columns(pipeline)
    everyone = load_every_account(segmentation.config).frame
    baseline = measure_baseline(
        everyone,
        np.asarray(pipeline[:-1].transform(everyone[columns])),
        np.asarray(pipeline.predict(everyone)),
        columns,
        len(segmentation.names),
    )
    for name in columns:
        seen = {"minimum": float(fitted[name].min()), "maximum": float(fitted[name].max())}
        baseline["columns"][name] |= seen
    return baseline | {"out_of_range_share": float(out_of_range(baseline, everyone).mean())}


def _description(record: dict[str, Any]) -> str:
    """Return the decision as the registry's page shows it."""
    lines = [f"**{record['outcome']}**, run {record['run_id']}"]
    if record["reason"]:
        lines.append(f"Forced: {record['reason']}")
    lines += ["", "| condition | | found | asked for |", "|---|---|---|---|"]
    lines += [
        f"| {row['name']} | {'passed' if row['passed'] else 'failed'} | {_cell(row['value'])} "
        f"| {_cell(row['threshold'])} |"
        for row in record["conditions"]
    ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
