"""Promotions and the registry's versions in words, for the terminal."""

import json
from datetime import UTC, datetime

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.defaults import next_command
from tiktok_segments.registry.promotion import Promotion
from tiktok_segments.registry.versions import ModelVersion, registered_models
from tiktok_segments.reports.segment_printing import print_segments
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.tracking import run_names
from tiktok_segments.tracking.store import model_name


def print_promotion(segmentation: Segmentation, result: Promotion) -> None:
    """Print every condition, the outcome, and the segments as they are called from now on."""
    out = terminal.console()
    if result.decision is not None:
        rows = pd.DataFrame(result.decision.as_rows())
        shown = pd.DataFrame(
            {
                "condition": rows["name"],
                "outcome": rows["passed"].map({True: "passed", False: "failed"}),
                "found": rows["value"],
                "asked for": rows["threshold"],
            }
        )
        terminal.print_table(shown, f"Gate, run {segmentation.run_id}")
        out.print()
    name = model_name()
    number = result.version.version if result.version is not None else None
    failed = ", ".join(result.decision.failed) if result.decision is not None else ""
    if result.outcome == "refused":
        kept = f"; kept as version {number}, alias challenger" if number else ""
        none_yet = result.facts is not None and result.facts.champion is None
        stays = "There is still no champion." if none_yet else "The champion is unchanged."
        out.print(f"Refused: {failed}{kept}. {stays}", markup=False)
        return
    words = {
        "promoted": "is now the champion",
        "forced": f"is now the champion, by force (failed: {failed})",
        "unchanged": "is the champion already; nothing was changed",
    }[result.outcome]
    print_segments(segmentation.segments, f"{name} version {number} {words}.")
    for identity in segmentation.identities:
        if identity.origin != "new":
            until = f", called {identity.formerly} until now" if identity.formerly else ""
            out.print(f"{identity.name}: {identity.origin}{until}", markup=False, style="dim")
    facts = result.facts
    if facts is not None and facts.champion_synthetic and not facts.synthetic:
        out.print(
            f"No name is inherited: version {facts.champion} was made of synthetic accounts.",
            markup=False,
            style="dim",
        )
    use = f"mlflow.pyfunc.load_model('models:/{name}@champion')"
    following = next_command(
        "scripts/assign_segments.py",
        "data.path=new.csv",
        "output=assigned.csv",
        data=segmentation.config["data"],
    )
    out.print(f"\nUse it: {use}\nNext: {following}", markup=False, soft_wrap=True)


def gate_sentence(segmentation: Segmentation, result: Promotion, stays: str) -> str:
    """Say in a sentence what the gate decided, and by which conditions it refused.

    Parameters
    ----------
    segmentation : Segmentation
        What was to be promoted.
    result : Promotion
        What came of it.
    stays : str
        Said after a refusal: who is the champion.
    """
    if result.outcome == "refused":
        checks = result.decision.checks if result.decision is not None else ()
        failed = "; ".join(
            f"{check.name} ({check.value}; asked for: {check.threshold})"
            for check in checks
            if not check.passed
        )
        return f"Run {segmentation.run_id} is refused: {failed}. {stays}"
    kept = sum(identity.origin == "inherited" for identity in segmentation.identities)
    number = result.version.version if result.version is not None else "-"
    return (
        f"Passed: version {number} is the champion, {len(segmentation.identities)} segments, "
        f"{kept} of them inherited."
    )


def print_rollback(now: ModelVersion, before: ModelVersion | None) -> None:
    """Say which version is the champion after a rollback."""
    words = "is now the champion"
    if before is not None and before.version == now.version:
        words = "is the champion already; nothing was changed"
    elif before is not None:
        words += f" (it was version {before.version})"
    terminal.console().print(
        f"{model_name()} version {now.version} {words}: "
        f"{', '.join(json.loads(now.tags['segments']))}.",
        markup=False,
    )


def print_versions(known: list[ModelVersion]) -> None:
    """Print the versions of the registered model, the newest first."""
    if not known:
        others = registered_models()
        there = f" Registered are: {', '.join(others)}." if others else ""
        terminal.console().print(
            f"{model_name()} has no version yet.{there}\n"
            f"Promote a run: {next_command('scripts/promote_model.py')}",
            markup=False,
            soft_wrap=True,
        )
        return
    table = pd.DataFrame(
        {
            "version": [str(version.version) for version in known],
            "alias": [", ".join(version.aliases) for version in known],
            "made": [_date(version) for version in known],
            "verdict": [version.tags.get("verdict", "") for version in known],
            "segments": [
                ", ".join(json.loads(version.tags.get("segments", "[]"))) for version in known
            ],
            "data": [_data(version) for version in known],
            "run": [version.run_id for version in known],
        }
    )
    terminal.print_table(table, model_name())


def _date(version: ModelVersion) -> str:
    moment = datetime.fromtimestamp(version.creation_timestamp / 1000, tz=UTC)
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _data(version: ModelVersion) -> str:
    source = terminal.printable(version.tags.get(run_names.DATA_SOURCE, ""))
    return f"{source} ({version.tags.get(run_names.DATA_SHA256, '')[:12]})"
