"""Shortlist of accounts: read off a configuration, written to files, shown in the terminal."""

from pathlib import Path
from typing import Any

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.clustering.membership import AMBIGUOUS_BELOW
from tiktok_segments.files import write_whole
from tiktok_segments.plots import segment_colours
from tiktok_segments.reports.links import profile_addresses
from tiktok_segments.reports.page import render_page
from tiktok_segments.segments.choice import Decisions, Wanted
from tiktok_segments.segments.choice.wanted import FORMULAS
from tiktok_segments.segments.expected_engagement import FORMULA, write_ratio
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.wording import percent, short_number


def describe_wanted(wanted: Wanted) -> list[str]:
    """Say how a shortlist was made: the formula, the turns, the filters, what it leaves out.

    Examples
    --------
    >>> describe_wanted(Wanted(goal="reach", min_followers=10_000))[1]
    'Filters: followers from 10,000.'
    """
    filters = [f"{name} {value}" for name, value in wanted.equal.items()]
    if wanted.verified is not None:
        filters.append("verified" if wanted.verified else "not verified")
    if wanted.min_followers is not None:
        filters.append(f"followers from {wanted.min_followers:,.0f}")
    if wanted.max_followers is not None:
        filters.append(f"followers to {wanted.max_followers:,.0f}")
    if wanted.marked == "leave_out":
        filters.append("no check mark")
    if wanted.min_videos is not None:
        filters.append(f"videos from {wanted.min_videos:,.0f}")
    sentences = [
        f"{FORMULAS[wanted.goal]}.",
        f"Filters: {', '.join(filters) or 'none'}.",
        f"Engagement for size: {FORMULA}.",
        "Interactions per video: followers times engagement rate, likes and comments together.",
        "No price, no audience and no return is in this data, so none is in this list.",
    ]
    if wanted.diverse:
        sentences.insert(1, "The segments take turns: everyone's best, then everyone's second.")
    return sentences


def describe_decisions(decisions: Decisions, shortlist: pd.DataFrame) -> list[str]:
    """Say what a list made of somebody's decisions.

    Parameters
    ----------
    decisions : Decisions
        That it was made with.
    shortlist : DataFrame of shape (n_listed, n_columns)
        With ``decision``.

    Returns
    -------
    list of str
        One sentence, or two.
    """
    kept = int((shortlist["decision"] == "yes").sum())
    refused = int((decisions.table["decision"] == "no").sum())
    return [
        f"Decisions of {decisions.source}: {kept} yes, which are kept and come first; {refused} "
        "no, which are left out."
    ]


def write_shortlist(
    shortlist: pd.DataFrame,
    wanted: Wanted,
    segmentation: Segmentation,
    folder: Path,
    decisions: Decisions | None = None,
) -> list[Path]:
    """Write ``shortlist.csv`` and ``shortlist.html``.

    Parameters
    ----------
    shortlist : DataFrame of shape (n_listed, n_columns)
        As :func:`~tiktok_segments.segments.choice.shortlist.make_shortlist` returns it.
    wanted : Wanted
        What it was asked for.
    segmentation : Segmentation
        Named segments of the run.
    folder : Path
        Made where it is missing; files of the same names are replaced.
    decisions : Decisions, optional
        That it was made with.

    Returns
    -------
    list of Path
        Both files, each of which appears whole or not at all.
    """
    page = render_page(
        "shortlist.html",
        rows=_page_rows(shortlist, segmentation),
        columns=_page_columns(shortlist),
        ambiguous_below=AMBIGUOUS_BELOW,
        colours=segment_colours(len(segmentation.names)),
        goal=wanted.goal,
        sentences=_sentences(shortlist, wanted, decisions),
        decided=decisions is not None,
        run_id=segmentation.run_id,
        dataset=segmentation.dataset,
    )
    return [
        write_table(shortlist, folder / "shortlist.csv"),
        write_whole(folder / "shortlist.html", page),
    ]


def _sentences(shortlist: pd.DataFrame, wanted: Wanted, decisions: Decisions | None) -> list[str]:
    sentences = describe_wanted(wanted)
    return sentences + (describe_decisions(decisions, shortlist) if decisions else [])


def print_shortlist(
    shortlist: pd.DataFrame,
    wanted: Wanted,
    files: list[Path],
    decisions: Decisions | None = None,
) -> None:
    """Print a shortlist with its formula and where its files are."""
    shown = shortlist[["rank", "account_id", "segment"]].copy()
    shown["account_id"] = [terminal.printable(text) for text in shown["account_id"]]
    for name, write in _page_columns(shortlist).items():
        shown[name.replace("_", " ")] = shortlist[name].map(write)
    if decisions is not None:
        shown["decision"] = shortlist["decision"]
    shown["check"] = shortlist["check"]
    terminal.print_table(shown, f"Shortlist for {wanted.goal}")
    out = terminal.console()
    out.print()
    for sentence in _sentences(shortlist, wanted, decisions):
        out.print(sentence, markup=False)
    n_marked = int((shortlist["check"] != "").sum())
    if n_marked:
        out.print(
            f"{n_marked} of them with a check mark, a reason to look and no proof; "
            "marked=leave_out ranks without them."
        )
    out.print(f"\nTable: {files[0].resolve()}\nPage:  {files[1].resolve()}", markup=False)


def _page_columns(shortlist: pd.DataFrame) -> dict[str, Any]:
    """Return the numbers that people are shown, with how each is written."""
    writers = {
        "score": "{:.3f}".format,
        "followers": short_number,
        "engagement_rate": percent,
        "engagement_vs_size": write_ratio,
        "interactions_per_video": short_number,
        "videos": short_number,
        "confidence": "{:.2f}".format,
    }
    return {name: write for name, write in writers.items() if name in shortlist}


def _page_rows(shortlist: pd.DataFrame, segmentation: Segmentation) -> list[dict[str, Any]]:
    addresses = profile_addresses(shortlist, segmentation.dataset.synthetic)
    colours = {name.name: cluster for cluster, name in enumerate(segmentation.names)}
    return [
        {
            "rank": row["rank"],
            "account_id": row["account_id"],
            "address": address,
            "segment": row["segment"],
            "cluster": colours[row["segment"]],
            "ambiguous": row["ambiguous"],
            "numbers": [write(row[name]) for name, write in _page_columns(shortlist).items()],
            "check": row["check"],
            "decision": row.get("decision", ""),
            "note": row.get("note", ""),
        }
        for row, address in zip(shortlist.to_dict("records"), addresses, strict=True)
    ]
