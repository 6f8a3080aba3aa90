"""Pages of one file: every style, script, picture and table is inline."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import Any

import pandas as pd

from tiktok_segments.accounts.dataset import Dataset
from tiktok_segments.accounts.privacy import without_names
from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.monitoring.drift_log import read_document, segments_table
from tiktok_segments.monitoring.drift_words import say_reasons, say_verdict
from tiktok_segments.plots import as_data_uri
from tiktok_segments.reports.page.cards import build_cards
from tiktok_segments.reports.page.data import MAP_ACCOUNTS, build_page_data, script_json
from tiktok_segments.reports.page.environment import environment
from tiktok_segments.reports.page.fates import word_fate
from tiktok_segments.reports.page.marks import marked_in
from tiktok_segments.reports.page.rounding import handed_on
from tiktok_segments.reports.page.since import compare_since
from tiktok_segments.reports.page.small_groups import sum_up
from tiktok_segments.reports.page.trend import build_trend
from tiktok_segments.segments.choice import Decisions
from tiktok_segments.segments.choice.purposes import COUNTED, recommend, sum_segments
from tiktok_segments.segments.effects import DEGREES
from tiktok_segments.segments.expected_engagement import FORMULA
from tiktok_segments.segments.plausibility import SIGNALS
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.segments.tiers import cross_tiers, tier_information, word_information
from tiktok_segments.tracking.artifacts import to_yaml
from tiktok_segments.tracking.lineage import Lineage
from tiktok_segments.tracking.model_loading import PACKAGES
from tiktok_segments.validation.candidates import LEGEND, summarise_candidates
from tiktok_segments.validation.examination import read_structure
from tiktok_segments.validation.redraws import Certainty
from tiktok_segments.validation.results import CERTAINTY, meaning_of
from tiktok_segments.wording import say_model

FIGURES = {
    "structure": message("Structure: silhouettes of the data against data without any groups"),
    "elbow": message("Elbow: inertia over the number of segments"),
    "silhouette": message("Mean silhouette over the number of segments"),
    "run": message("Silhouettes, size and engagement of the accounts, and centres, by segment"),
}
"""Figures that explain how k was chosen, with their alternative texts, in this order."""


def render_report(
    segmentation: Segmentation,
    lineage: Lineage,
    decisions: Decisions | None = None,
    earlier: Dataset | None = None,
    weeks: Sequence[Mapping[str, Any]] = (),
    language: Language = ENGLISH,
    small_groups: pd.DataFrame | None = None,
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
    language : Language
        Of the page; names of segments are what they are.
    small_groups : DataFrame, optional
        As :func:`~tiktok_segments.reports.page.small_groups.list_small_groups` returns it.

    Returns
    -------
    str
        HTML that asks for nothing from anywhere; all text of the accounts is escaped or data.
    """
    exact = segmentation
    segmentation = handed_on(segmentation)
    segmentation = replace(segmentation, accounts=marked_in(segmentation.accounts, language))
    tier = segmentation.accounts["tier"]
    stability = {
        cluster: value
        for cluster in range(len(segmentation.names))
        if (value := lineage.stability(cluster)) is not None
    }
    data = build_page_data(segmentation, list(tier.cat.categories), language)
    return (
        environment(language)
        .get_template("report.html")
        .render(
            segmentation=segmentation,
            dataset=segmentation.dataset,
            lineage=lineage,
            verdict=lineage.explain_verdict(len(segmentation.names), language),
            certainty=_certainty(lineage, segmentation.config, language),
            cards=build_cards(segmentation, stability, language),
            glanced=("followers", "engagement_rate", "engagement_vs_size"),
            degrees=DEGREES,
            tiers=_tiers(segmentation, language),
            sums=_sums(segmentation),
            small_groups=sum_up(small_groups),
            recommendations=recommend(segmentation.accounts, language),
            counted=COUNTED,
            goals=list(data["scores"]),
            figures=_figures(lineage.figures, language),
            candidates=_candidates(lineage.candidates),
            legend=LEGEND,
            meaning_of=meaning_of,
            cleaning=_cleaning(segmentation, language),
            collected=_collected(segmentation),
            signals=[signal.legend(language) for signal in SIGNALS],
            n_marked=int((segmentation.accounts["check"] != "").sum()),
            n_ambiguous=int(segmentation.accounts["ambiguous"].sum()),
            formula=FORMULA,
            drift=_drift(lineage.drift, language),
            trend=build_trend(weeks, segmentation),
            since=None if earlier is None else compare_since(exact, earlier, language),
            n_shown=len(data["accounts"]["segment"]),
            n_points=MAP_ACCOUNTS,
            has_map=data["curve"] is not None,
            regions=_values(data["accounts"], "region"),
            languages=_values(data["accounts"], "language"),
            packages=_packages(),
            config=to_yaml(_told(segmentation.config)),
            data=script_json(data),
            decisions=script_json(decisions.table.to_dict("records") if decisions else []),
        )
    )


def _told(config: Mapping[str, Any]) -> dict[str, Any]:
    """Return a configuration as the page shows it."""
    return {**config, "data": without_names(config["data"])}


def _certainty(lineage: Lineage, config: Mapping[str, Any], language: Language) -> str:
    """Say how often the verdict came back; nothing of a run that was not examined or chosen."""
    share = lineage.metrics.get(CERTAINTY)
    if share is None:
        return ""
    redraws = read_structure(config.get("structure", {})).n_splits
    return Certainty(round(share * redraws), redraws).tell(language)


def _tiers(segmentation: Segmentation, language: Language) -> dict[str, Any]:
    names = [name.name for name in segmentation.names]
    tier = segmentation.accounts["tier"]
    table = cross_tiers(tier, segmentation.labels, names)
    information = tier_information(tier, segmentation.labels)
    bounds = dict(segmentation.tiers)
    return {
        "rows": [
            {
                "tier": name,
                "from": language.short(bounds[name]),
                "total": int(row.sum()),
                "cells": [
                    {"count": int(count), "share": count / max(row.sum(), 1)} for count in row
                ],
            }
            for name, row in zip(table.index, table.to_numpy(), strict=True)
        ],
        "information": language.grouped(information, 2),
        "sentence": word_information(information, language),
    }


def _sums(segmentation: Segmentation) -> list[dict[str, Any]]:
    sums = sum_segments(segmentation.accounts).sort_values("accounts", ascending=False)
    return [{str(name): value for name, value in row.items()}
            for row in sums.reset_index().to_dict("records")]  # fmt: skip


def _drift(document: Mapping[str, Any] | None, language: Language) -> dict[str, Any] | None:
    """Return what the newest measurement of drift says, with the segments' shares."""
    if document is None:
        return None
    drift = read_document(document)
    return {
        **document,
        "model": say_model(document["model"], language),
        "title": say_verdict(drift, language),
        "reasons": say_reasons(drift, language),
        "shares": segments_table(drift, language).iloc[:, :4].to_numpy().tolist(),
        "now": Path(document["now"]).name,
        "then": Path(document["then"]).name,
    }


def _candidates(candidates: pd.DataFrame | None) -> list[dict[str, Any]]:
    if candidates is None:
        return []
    table = summarise_candidates(candidates).assign(chosen=candidates["chosen"])
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _figures(figures: Mapping[str, bytes], language: Language) -> list[dict[str, Any]]:
    return [
        {
            "text": language.say(text),
            "wide": name in ("structure", "run"),
            "address": as_data_uri(figures[name]),
        }
        for name, text in FIGURES.items()
        if name in figures
    ]


def _cleaning(segmentation: Segmentation, language: Language) -> list[dict[str, Any]]:
    cleaning = segmentation.dataset.cleaning
    words = [word_fate(rule, language) for rule in cleaning["rule"]]
    return [{"words": w, "rows": n} for w, n in zip(words, cleaning["rows"], strict=True)]


def _collected(segmentation: Segmentation) -> tuple[str, str] | None:
    """Return the first and last day of collection, None where that is not known."""
    frame = segmentation.dataset.frame
    if "collected_at" not in frame or not frame["collected_at"].notna().any():
        return None
    days = frame["collected_at"].dropna().astype("str")
    return days.min(), days.max()


def _values(accounts: Mapping[str, list[Any]], name: str) -> list[str]:
    """Return the different values of a column, to choose from."""
    return sorted({value for value in accounts.get(name, []) if value})


def _packages() -> dict[str, str]:
    return {"python": python_version(), **{name: version(name) for name in PACKAGES}}
