"""Pages of one file: every style, script, picture and table is inline."""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from platform import python_version
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.clustering.membership import AMBIGUOUS_BELOW
from tiktok_segments.monitoring.verdict import VERDICTS as DRIFT_VERDICTS
from tiktok_segments.plots import as_data_uri
from tiktok_segments.reports.page.cards import build_cards
from tiktok_segments.reports.page.data import MAP_ACCOUNTS, build_page_data, script_json
from tiktok_segments.reports.page.since import compare_since
from tiktok_segments.reports.page.trend import build_trend
from tiktok_segments.segments import plausibility
from tiktok_segments.segments.choice import Decisions
from tiktok_segments.segments.choice.purposes import COUNTED, recommend, sum_segments
from tiktok_segments.segments.expected_engagement import FORMULA
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.segments.tiers import cross_tiers, tier_information, word_information
from tiktok_segments.tracking.artifacts import to_yaml
from tiktok_segments.tracking.lineage import Lineage
from tiktok_segments.tracking.model_loading import PACKAGES
from tiktok_segments.validation.candidates import summarise_candidates
from tiktok_segments.wording import percent, short_number, whole_percent

FIGURES = {
    "structure": "Structure: silhouettes of the data against data without any groups",
    "elbow": "Elbow: inertia over the number of segments",
    "silhouette": "Mean silhouette over the number of segments",
    "run": "Silhouettes, size and engagement of the accounts, and centres, by segment",
}
"""Figures that explain how k was chosen, with their alternative texts, in this order."""


def render_report(
    segmentation: Segmentation,
    lineage: Lineage,
    decisions: Decisions | None = None,
    earlier: Dataset | None = None,
    weeks: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Render the report of a run's segments.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    lineage : Lineage
        What MLflow holds about the run.
    decisions : Decisions, optional
        That the page opens with.
    earlier : Dataset, optional
        An earlier export, for what changed since.
    weeks : sequence of mapping
        As for :func:`~tiktok_segments.reports.page.trend.build_trend`, to draw what became of the
        segments.

    Returns
    -------
    str
        HTML that asks for nothing from anywhere; all text of the accounts is escaped or data.
    """
    tier = segmentation.accounts["tier"]
    stability = {
        cluster: value
        for cluster in range(len(segmentation.names))
        if (value := lineage.stability(cluster)) is not None
    }
    data = build_page_data(segmentation, list(tier.cat.categories))
    return (
        _environment()
        .get_template("report.html")
        .render(
            segmentation=segmentation,
            dataset=segmentation.dataset,
            lineage=lineage,
            verdict=lineage.explain_verdict(len(segmentation.names)),
            cards=build_cards(segmentation, stability),
            tiers=_tiers(segmentation),
            sums=_sums(segmentation),
            recommendations=recommend(segmentation.accounts),
            counted=COUNTED,
            goals=list(data["scores"]),
            figures=_figures(lineage.figures),
            candidates=_candidates(lineage.candidates),
            cleaning=segmentation.dataset.cleaning.to_dict("records"),
            collected=_collected(segmentation),
            signals=[signal.rule for signal in plausibility.SIGNALS],
            n_marked=int((segmentation.accounts["check"] != "").sum()),
            n_ambiguous=int(segmentation.accounts["ambiguous"].sum()),
            ambiguous_below=AMBIGUOUS_BELOW,
            formula=FORMULA,
            drift=_drift(lineage.drift),
            trend=build_trend(weeks, segmentation),
            since=None if earlier is None else compare_since(segmentation, earlier),
            n_shown=len(data["accounts"]["segment"]),
            n_points=MAP_ACCOUNTS,
            has_map=data["curve"] is not None,
            regions=_values(data["accounts"], "region"),
            languages=_values(data["accounts"], "language"),
            packages=_packages(),
            config=to_yaml(segmentation.config),
            data=script_json(data),
            decisions=script_json(decisions.table.to_dict("records") if decisions else []),
        )
    )


def render_page(template: str, **context: Any) -> str:
    """Render another page of this package, such as the shortlist, by the same rules."""
    return _environment().get_template(template).render(**context)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tiktok_segments.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "short": short_number,
        "percent": percent,
        "whole_percent": whole_percent,
        "grouped": "{:,}".format,
    }
    environment.globals["source"] = _source
    return environment


@cache
def _source(name: str) -> Markup:
    """Return a style sheet or script of this package, to stand in the page as it is."""
    text = (files("tiktok_segments.reports") / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 - this package's own files


def _tiers(segmentation: Segmentation) -> dict[str, Any]:
    names = [name.name for name in segmentation.names]
    tier = segmentation.accounts["tier"]
    table = cross_tiers(tier, segmentation.labels, names)
    information = tier_information(tier, segmentation.labels)
    bounds = dict(segmentation.tiers)
    return {
        "rows": [
            {
                "tier": name,
                "from": short_number(bounds[name]),
                "total": int(row.sum()),
                "cells": [
                    {"count": int(count), "share": count / max(row.sum(), 1)} for count in row
                ],
            }
            for name, row in zip(table.index, table.to_numpy(), strict=True)
        ],
        "information": f"{information:.2f}",
        "sentence": word_information(information),
    }


def _sums(segmentation: Segmentation) -> list[dict[str, Any]]:
    sums = sum_segments(segmentation.accounts).sort_values("accounts", ascending=False)
    return [{str(name): value for name, value in row.items()}
            for row in sums.reset_index().to_dict("records")]  # fmt: skip


def _drift(document: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return what the newest measurement of drift says, with the segments' shares."""
    if document is None:
        return None
    shares = [change for change in document["changes"] if change["measure"] == "share"]
    return {**document, "title": DRIFT_VERDICTS[document["verdict"]], "shares": shares}


def _candidates(candidates: pd.DataFrame | None) -> list[dict[str, Any]]:
    if candidates is None:
        return []
    table = summarise_candidates(candidates).assign(chosen=candidates["chosen"])
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _figures(figures: Mapping[str, bytes]) -> list[dict[str, Any]]:
    return [
        {
            "text": text,
            "wide": name in ("structure", "run"),
            "address": as_data_uri(figures[name]),
        }
        for name, text in FIGURES.items()
        if name in figures
    ]


def _collected(segmentation: Segmentation) -> str | None:
    """Return the days on which the accounts were collected, None where that is not known."""
    frame = segmentation.dataset.frame
    if "collected_at" not in frame or not frame["collected_at"].notna().any():
        return None
    days = frame["collected_at"].dropna().astype("str")
    first, last = days.min()[:10], days.max()[:10]
    return first if first == last else f"{first} to {last}"


def _values(accounts: Mapping[str, list[Any]], name: str) -> list[str]:
    """Return the different values of a column, to choose from."""
    return sorted({value for value in accounts.get(name, []) if value})


def _packages() -> dict[str, str]:
    return {"python": python_version(), **{name: version(name) for name in PACKAGES}}
