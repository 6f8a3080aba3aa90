"""Tables and figures into one self-contained page that opens anywhere."""

import base64
import io
from collections.abc import Mapping
from typing import Any

import pandas as pd
from jinja2 import Environment, PackageLoader, StrictUndefined
from matplotlib.figure import Figure

from tiktok_segments import plots
from tiktok_segments.pipeline import raw_columns
from tiktok_segments.schema import COLUMNS, NUMBERS
from tiktok_segments.segmentation import Segmentation

SHOWN = ("followers", "following", "likes", "videos", "engagement_rate")
"""Measures of which the report shows medians."""


def render_report(
    segmentation: Segmentation, params: Mapping[str, str], tags: Mapping[str, str]
) -> str:
    """Render the report of a run's segments.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.
    params, tags : mapping of str to str
        The run's, for the section on provenance.

    Returns
    -------
    str
        HTML with every style and picture inline; text of the accounts is escaped.
    """
    environment = Environment(
        loader=PackageLoader("tiktok_segments"), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template("report.html").render(
        segmentation=segmentation,
        dataset=segmentation.dataset,
        cards=_cards(segmentation),
        columns=[COLUMNS[name] for name in SHOWN if name in segmentation.dataset.frame],
        figures=_figures(segmentation),
        cleaning=segmentation.dataset.cleaning.to_dict("records"),
        params=params,
        tags=tags,
    )


def _cards(segmentation: Segmentation) -> list[dict[str, Any]]:
    """Return what each segment's row shows, largest segment first."""
    colours = plots.segment_colours(len(segmentation.names))
    cards = []
    for row, name in zip(segmentation.segments.to_dict("records"), segmentation.names, strict=True):
        medians = {
            measure: plots.write_value(measure, row[f"{measure}_median"])
            for measure in NUMBERS
            if f"{measure}_median" in row
        }
        cards.append(
            {
                "name": name.name,
                "evidence": name.evidence,
                "colour": colours[row["cluster"]],
                "accounts": row["accounts"],
                "share": plots.percent(row["share"]),
                "medians": medians,
                "verified": plots.percent(row["verified_share"]) if "verified_share" in row else "",
            }
        )
    return sorted(cards, key=lambda card: int(card["accounts"]), reverse=True)


def _figures(segmentation: Segmentation) -> dict[str, str]:
    """Return the figures as data addresses, by their alternative text."""
    frame = segmentation.dataset.frame
    columns = raw_columns(segmentation.pipeline)
    names = [name.name for name in segmentation.names]
    figures = {}
    if {"followers", "engagement_rate"} <= set(frame.columns):
        figures["Map of the accounts by followers and engagement rate, coloured by segment"] = (
            plots.draw_map(frame, segmentation.labels, names, segmentation.config.seed)
        )
    medians: pd.DataFrame = frame[columns].groupby(segmentation.labels).median()
    figures["Heat map of the segments' centres, with the members' medians"] = plots.draw_centres(
        segmentation.pipeline[-1].cluster_centers_, medians, columns, names
    )
    return {text: _as_address(figure) for text, figure in figures.items()}


def _as_address(figure: Figure) -> str:
    picture = io.BytesIO()
    figure.savefig(picture, format="png", dpi=150)
    return f"data:image/png;base64,{base64.b64encode(picture.getvalue()).decode()}"
