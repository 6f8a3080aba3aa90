"""Shortlist of accounts: read off a configuration, written to files, shown in the terminal."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.files import write_whole
from tiktok_segments.language import ENGLISH
from tiktok_segments.plots import segment_colours
from tiktok_segments.reports.page import render_page
from tiktok_segments.reports.page.links import profile_addresses
from tiktok_segments.segments.choice import Decisions, Wanted
from tiktok_segments.segments.choice.wanted import FORMULAS
from tiktok_segments.segments.expected_engagement import FORMULA, write_ratio
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.wording import percent, short_number


def describe_order(wanted: Wanted) -> str:
    """Say what a list is in order of.

    Examples
    --------
    >>> describe_order(Wanted(like="@maya"))
    'score = 1 / (1 + distance to @maya in the scaled measures that made the segments)'
    """
    if wanted.like is None:
        return FORMULAS[wanted.goal]
    name = wanted.like.removeprefix("@")
    return f"score = 1 / (1 + distance to @{name} in the scaled measures that made the segments)"


def name_list(wanted: Wanted) -> str:
    """Name a list after what it is for, as its heading.

    Examples
    --------
    >>> name_list(Wanted(goal="balanced")), name_list(Wanted(like="@maya"))
    ('Shortlist for reach and engagement', 'Accounts like @maya')
    """
    if wanted.like is not None:
        return f"Accounts like @{wanted.like.removeprefix('@')}"
    both = wanted.goal == "balanced"
    return f"Shortlist for {'reach and engagement' if both else wanted.goal}"


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
        f"{describe_order(wanted)}.",
        f"Filters: {', '.join(filters) or 'none'}.",
        f"Engagement for size: {FORMULA}.",
        "Interactions per video: followers times engagement rate, likes and comments together.",
        "No price, no audience and no return is in this data, so none is in this list.",
    ]
    if wanted.diverse:
        sentences.insert(1, "The segments take turns: everyone's best, then everyone's second.")
    return sentences


def describe_decisions(decisions: Decisions, shortlist: pd.DataFrame) -> str:
    """Say what a list made of somebody's decisions.

    Parameters
    ----------
    decisions : Decisions
        That it was made with.
    shortlist : DataFrame of shape (n_listed, n_columns)
        With ``decision``.

    Returns
    -------
    str
        A sentence.
    """
    kept = int((shortlist["decision"] == "yes").sum())
    refused = int((decisions.table["decision"] == "no").sum())
    return (
        f"Decisions of {decisions.source}: {kept} yes, which are kept and come first; {refused} "
        "no, which are left out."
    )


def write_shortlist(
    shortlist: pd.DataFrame,
    wanted: Wanted,
    segmentation: Segmentation,
    folder: Path,
    sentences: Sequence[str] = (),
    table_format: str = "csv",
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
    sentences : sequence of str
        What else to say of how it was made.
    table_format : {"csv", "xlsx"}
        What the table is written as.

    Returns
    -------
    list of Path
        Both files, each of which appears whole or not at all.
    """
    page = render_page(
        "shortlist.html",
        ENGLISH,
        rows=_page_rows(shortlist, segmentation),
        heads=[_head(name) for name in _page_columns(shortlist)],
        segmentation=segmentation,
        colours=segment_colours(len(segmentation.names)),
        title=name_list(wanted),
        sentences=[*describe_wanted(wanted), *sentences],
        decided="decision" in shortlist,
        alike="in_common" in shortlist,
        run_id=segmentation.run_id,
        dataset=segmentation.dataset,
    )
    return [
        write_table(shortlist, folder / f"shortlist.{table_format}"),
        write_whole(folder / "shortlist.html", page),
    ]


def print_shortlist(
    shortlist: pd.DataFrame,
    wanted: Wanted,
    files: list[Path],
    sentences: Sequence[str] = (),
) -> None:
    """Print a shortlist with its formula and where its files are."""
    shown = shortlist[["rank", "account_id", "segment"]].copy()
    shown["account_id"] = [terminal.printable(text) for text in shown["account_id"]]
    for name, write in _page_columns(shortlist).items():
        shown[_head(name).lower()] = shortlist[name].map(write)
    for name in ("in_common", "differs", "decision"):
        if name in shortlist:
            shown[name.replace("_", " ")] = shortlist[name]
    shown["check"] = shortlist["check"]
    terminal.print_table(shown, name_list(wanted))
    out = terminal.console()
    out.print()
    for sentence in [*describe_wanted(wanted), *sentences]:
        out.print(sentence, markup=False)
    n_marked = int((shortlist["check"] != "").sum())
    if n_marked:
        out.print(
            f"{n_marked} of them with a check mark, a reason to look and no proof; "
            "marked=leave_out ranks without them."
        )
    places = f"\nTable: {files[0].resolve()}\nPage:  {files[1].resolve()}"
    out.print(places, markup=False, soft_wrap=True)


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


def _head(name: str) -> str:
    return name.replace("engagement_vs_size", "engagement_for_size").replace("_", " ").capitalize()


def _page_rows(shortlist: pd.DataFrame, segmentation: Segmentation) -> list[dict[str, Any]]:
    addresses = profile_addresses(shortlist, segmentation.dataset.has_profiles)
    writers = _page_columns(shortlist)
    colours = {name.name: cluster for cluster, name in enumerate(segmentation.names)}
    return [
        {
            "rank": row["rank"],
            "account_id": row["account_id"],
            "address": address,
            "segment": row["segment"],
            "cluster": colours[row["segment"]],
            "ambiguous": row["ambiguous"],
            "numbers": {_head(name): write(row[name]) for name, write in writers.items()},
            "check": row["check"],
            "alike": f"{row.get('in_common')}; farthest in {row.get('differs')}",
            "decision": row.get("decision", ""),
            "note": row.get("note", ""),
        }
        for row, address in zip(shortlist.to_dict("records"), addresses, strict=True)
    ]
