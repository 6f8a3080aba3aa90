"""Model card of a version: what it was made of, what it is for, and where it ends.

After Mitchell et al. 2019, *Model Cards for Model Reporting* (FAT* '19): of their headings those
that a run of this project can fill, none with words that were not measured or decided.
"""

from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tiktok_segments.segments.advice import advise
from tiktok_segments.segments.description import (
    collect_facts,
    describe_fitness,
    tabulate_segments,
)
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.tracking.lineage import Lineage
from tiktok_segments.wording import markdown_table, markdown_text, percent, write_value

PACKAGES = ("tiktok-segments", "scikit-learn", "pandas", "mlflow", "skops")

FEW_FOLLOWERS = 1_000
"""Rates of accounts with fewer followers are ratios of little."""

INTENDED = (
    "Putting accounts of later exports with the same columns into these segments.",
    "Making lists of accounts from which people choose, with a reason for each.",
)
NOT_INTENDED = (
    "Accounts of other platforms, or measures in other units than those below.",
    "Decisions on persons beyond the choice of accounts to work with.",
    "Reach, prices or audiences: nothing of the kind was in the data.",
)


def build_card(
    segmentation: Segmentation,
    lineage: Lineage,
    record: Mapping[str, Any],
    baseline: Mapping[str, Any],
    licence: str | None,
) -> dict[str, Any]:
    """Gather what a version's card says.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of the run that was promoted.
    lineage : Lineage
        What MLflow holds about the run.
    record : mapping
        The gate's decision, as ``promotion.json`` has it.
    baseline : mapping
        What drift is measured from, as :func:`~tiktok_segments.registry.baseline.measure_baseline`
        returns it.
    licence : str or None
        Of the data, where somebody said it.

    Returns
    -------
    dict
        Plain data, a key for each section; a section of which nothing is known is left out.
    """
    dataset, config = segmentation.dataset, segmentation.config
    heading, text = lineage.explain_verdict(len(segmentation.names))
    card = {
        "model": {
            "algorithm": "k-means",
            "segments": len(segmentation.names),
            "features": str(config["features"]["name"]),
            "columns": dict(config["features"]["columns"]),
            "scaler": str(config["scaler"]["name"]),
            "run_id": segmentation.run_id,
            "sweep_id": lineage.sweep_id,
            "trained": lineage.started.isoformat(timespec="seconds"),
        },
        "data": {
            "export": Path(dataset.source).name,
            "sha256": dataset.sha256,
            "accounts": dataset.n_accounts,
            "synthetic": dataset.synthetic,
            "licence": licence,
        },
        "cleaning": dataset.cleaning.to_dict("records"),
        "verdict": {"heading": heading, "text": text},
        "segments": _segments(segmentation, lineage),
        "drift_baseline": {
            "accounts": int(baseline["accounts"]),
            "out_of_range_share": float(baseline["out_of_range_share"]),
            "ranges": {
                name: [float(column["minimum"]), float(column["maximum"])]
                for name, column in baseline["columns"].items()
            },
        },
        "gate": describe_gate(record),
        "intended_use": list(INTENDED),
        "not_intended_use": list(NOT_INTENDED),
        "limits": _limits(segmentation, lineage),
        "versions": {package: version(package) for package in PACKAGES},
    }  # fmt: skip
    return {name: section for name, section in card.items() if section}


def describe_gate(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a card says of a promotion, of the decision that ``promotion.json`` has."""
    return {name: record[name] for name in ("outcome", "reason", "conditions")}


def tabulate_conditions(record: Mapping[str, Any]) -> str:
    r"""Lay out in Markdown the conditions of the gate that ``promotion.json`` has.

    Examples
    --------
    >>> row = {"name": "size", "passed": False, "value": "A|B: 0.004", "threshold": "0.01"}
    >>> print(tabulate_conditions({"conditions": [row]}).splitlines()[-1])
    | size | failed | A\|B: 0.004 | 0.01 |
    """
    rows = [
        [row["name"], "passed" if row["passed"] else "failed", row["value"], row["threshold"]]
        for row in record["conditions"]
    ]
    return markdown_table(["condition", "result", "found", "asked for"], rows)


def _segments(segmentation: Segmentation, lineage: Lineage) -> list[dict[str, Any]]:
    facts = collect_facts(segmentation)
    rows = segmentation.segments.astype(object).where(segmentation.segments.notna(), None)
    found = []
    for cluster, row in enumerate(rows.to_dict("records")):
        use, avoid = advise(facts[cluster])
        own = {str(name): value for name, value in row.items() if value is not None}
        found.append({**own, "use": use, "avoid": avoid})
        if (stability := lineage.stability(cluster)) is not None:
            found[-1]["stability"] = stability
    return found


def _limits(segmentation: Segmentation, lineage: Lineage) -> list[str]:
    """Say in sentences where the model ends, each by a figure of this run."""
    dataset, frame = segmentation.dataset, segmentation.dataset.frame
    limits = []
    if dataset.synthetic:
        limits.append("It was fitted on synthetic accounts, which no real one resembles for sure.")
    if lineage.verdict == "continuum":
        limits.append("The borders between segments are drawn through a continuum, not found.")
    if lineage.verdict == "none":
        limits.append("The segments describe these accounts only: no cut of theirs comes back.")
    if lineage.verdict is None:
        limits.append("Nobody has examined whether the segments are really there.")
    border = float(segmentation.accounts["ambiguous"].mean())
    limits.append(f"{percent(border)} of the accounts are border cases between two segments.")
    small = float((frame["followers"] < FEW_FOLLOWERS).mean())
    if small > 0:
        limits.append(
            f"{percent(small)} of the accounts have fewer than {FEW_FOLLOWERS:,} followers, where "
            "rates are ratios of little."
        )
    if dataset.stored:
        limits.append(f"Such shares are of a sample of {len(frame):,} accounts.")
    return limits


def card_as_markdown(card: Mapping[str, Any], segmentation: Segmentation) -> str:
    """Write a card for people.

    Parameters
    ----------
    card : mapping
        As :func:`build_card` returns it.
    segmentation : Segmentation
        The same.

    Returns
    -------
    str
        Markdown.
    """
    model, data, gate = card["model"], card["data"], card["gate"]
    origin = "synthetic accounts" if data["synthetic"] else f"accounts of {data['export']}"
    columns = ", ".join(f"{name} ({how})" for name, how in model["columns"].items())
    reached = card["drift_baseline"]["ranges"]
    ranges = [[name, write_value(name, low), write_value(name, high)]
              for name, (low, high) in reached.items()]  # fmt: skip
    stability = [[row["segment"], f"{row['stability']:.2f}"] for row in card["segments"]
                 if "stability" in row]  # fmt: skip
    sections = {
        "Model": f"k-means with {model['segments']} clusters on the feature set "
        f"{model['features']}, {model['scaler']} scaler. It reads {columns}. Run "
        f"{model['run_id']}, trained {model['trained']}.",
        "Data": f"{data['accounts']:,} {markdown_text(origin)}, SHA-256 {data['sha256']}."
        + (f" Licence: {markdown_text(data['licence'])}." if data["licence"] else ""),
        "Cleaning": markdown_table(
            ["rule", "rows"], [[row["rule"], f"{row['rows']:,}"] for row in card["cleaning"]]
        ),
        "Verdict": f"**{markdown_text(card['verdict']['heading'])}.** "
        f"{markdown_text(card['verdict']['text'])}",
        "Segments": f"{tabulate_segments(segmentation)}\n\n{describe_fitness(segmentation)}",
        "Stability": "How much of a segment comes back when the accounts are drawn anew (Jaccard "
        f"overlap, 1 is all of it).\n\n{markdown_table(['segment', 'overlap'], stability)}"
        if stability
        else "",
        "What drift is measured from": f"{card['drift_baseline']['accounts']:,} accounts; the "
        "model saw values in these ranges.\n\n"
        f"{markdown_table(['column', 'smallest', 'largest'], ranges)}",
        "Promotion": f"{gate['outcome'].capitalize()}."
        + (f" Reason: {markdown_text(gate['reason'])}" if gate["reason"] else "")
        + f"\n\n{tabulate_conditions(gate)}",
        "Intended use": _listed(card["intended_use"]),
        "Not intended": _listed(card["not_intended_use"]),
        "Limits": _listed(card["limits"]),
        "Versions": ", ".join(f"{name} {number}" for name, number in card["versions"].items()),
    }
    return "\n\n".join(f"## {title}\n\n{text}" for title, text in sections.items() if text) + "\n"


def _listed(sentences: list[str]) -> str:
    return "\n".join(f"- {sentence}" for sentence in sentences)
