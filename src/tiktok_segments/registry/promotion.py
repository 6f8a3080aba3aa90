"""Promotions: a challenger is judged by the gate, and made the champion or refused."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mlflow.entities.model_registry import ModelVersion

from tiktok_segments import terminal
from tiktok_segments.errors import InputError
from tiktok_segments.registry import versions
from tiktok_segments.registry.challenger import measure_challenger
from tiktok_segments.registry.gate import GateDecision, GateFacts, judge
from tiktok_segments.registry.gate_thresholds import check_promotion
from tiktok_segments.registry.registration import is_same, register_segmentation
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.tracking import artifacts


@dataclass(frozen=True)
class Promotion:
    """The outcome for a challenger.

    Attributes
    ----------
    outcome : str
        ``promoted``, ``forced``, ``refused`` or ``unchanged`` (it is the champion already).
    version : ModelVersion or None
        The version that was registered or, under ``unchanged``, is the champion.
    decision : GateDecision or None
        The gate's; None under ``unchanged``.
    facts : GateFacts or None
        What it was based on.
    """

    outcome: str
    version: ModelVersion | None
    decision: GateDecision | None = None
    facts: GateFacts | None = None


def promote(
    segmentation: Segmentation,
    promotion: Mapping[str, Any],
    *,
    force: bool = False,
    reason: str | None = None,
    as_challenger: bool = False,
    licence: str | None = None,
) -> Promotion:
    """Judge a run by the gate and, if it passes, make its model the champion.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    promotion : mapping
        Thresholds, as in ``conf/promotion``.
    force : bool, default False
        Promote even though a condition fails.
    reason : str, optional
        Why; required with ``force``, and kept.
    as_challenger : bool, default False
        Register a refused model under the alias ``challenger``.
    licence : str, optional
        Of the data, for the model card.

    Returns
    -------
    Promotion
        Its outcome. A refusal leaves the registry as it was.

    Raises
    ------
    InputError
        If a threshold cannot be meant, the champion was tampered with, ``force`` comes without a
        reason, or another promotion came first.
    """
    check_promotion(promotion)
    if force and not (reason or "").strip():
        raise InputError('force=true needs a reason, which is kept: force=true reason="..."')
    current = versions.champion()
    if current is not None and is_same(segmentation, current):
        return Promotion("unchanged", current)
    with terminal.console(stderr=True).status("Judging the challenger ..."):
        champion = versions.load_version(current) if current is not None else None
        facts = measure_challenger(
            segmentation, champion, str(current.version) if current is not None else None
        )
    decision = judge(facts, promotion)
    forced = force and not decision.passed and decision.forceable
    outcome = "promoted" if decision.passed else "forced" if forced else "refused"
    record = _record(segmentation, decision, facts, outcome, reason if forced else None, promotion)
    version = None
    if outcome != "refused":
        with versions.promotion_lock(current):
            version = register_segmentation(segmentation, facts, record, licence)
            versions.make_champion(version, current)
    elif as_challenger:
        version = register_segmentation(segmentation, facts, record, licence)
        versions.set_alias(versions.CHALLENGER, version)
    document = {**record, "version": str(version.version) if version is not None else None}
    artifacts.log_text(
        segmentation.run_id, json.dumps(document, indent=2, ensure_ascii=False), artifacts.PROMOTION
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
    version, before = versions.get_version(number), versions.champion()
    versions.load_version(version)
    with versions.promotion_lock(before):
        versions.make_champion(version, before)
    return version, before


def _record(
    segmentation: Segmentation,
    decision: GateDecision,
    facts: GateFacts,
    outcome: str,
    reason: str | None,
    promotion: Mapping[str, Any],
) -> dict[str, Any]:
    return {
        "run_id": segmentation.run_id,
        "outcome": outcome,
        "reason": reason,
        "against_version": facts.champion,
        "conditions": decision.as_rows(),
        "thresholds": dict(promotion),
        "segments": [
            {"segment_id": i.segment_id, "name": i.name, "origin": i.origin}
            for i in segmentation.identities
        ],
    }
