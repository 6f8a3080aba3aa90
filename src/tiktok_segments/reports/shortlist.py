"""Shortlist of accounts: read off a configuration, written to files, shown in the terminal."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import nan
from pathlib import Path
from typing import Any

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.accounts.privacy.rounding import read_digits, round_accounts
from tiktok_segments.files import write_whole
from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.plots import segment_colours
from tiktok_segments.reports.page import render_page
from tiktok_segments.reports.page.links import profile_addresses
from tiktok_segments.reports.page.marks import marked_in
from tiktok_segments.reports.segment_printing import print_tables_of_before
from tiktok_segments.reports.shortlist_words import describe_wanted, name_list
from tiktok_segments.segments.choice import Wanted
from tiktok_segments.segments.segmentation import Segmentation
from tiktok_segments.spreadsheet import write_table


def write_shortlist(
    shortlist: pd.DataFrame,
    wanted: Wanted,
    segmentation: Segmentation,
    folder: Path,
    sentences: Sequence[str] = (),
    table_format: str = "csv",
    language: Language = ENGLISH,
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
        What else to say of how it was made, in the page's language.
    table_format : {"csv", "xlsx"}
        What the table is written as.
    language : Language
        Of the page.

    Returns
    -------
    list of Path
        Both files, each of which appears whole or not at all.
    """
    shortlist = round_accounts(shortlist, read_digits(segmentation.config["data"]))
    origin = segmentation.fitted_elsewhere
    told = [origin.words(language, reported=False)] if origin else []
    page = render_page(
        "shortlist.html",
        language,
        rows=_page_rows(shortlist, segmentation, language),
        heads=[language.say(HEADS[name]) for name in _page_columns(shortlist, language)],
        segmentation=segmentation,
        colours=segment_colours(len(segmentation.names)),
        title=name_list(wanted, language),
        sentences=[*told, *describe_wanted(wanted, language), *sentences],
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
    for name, write in _page_columns(shortlist, ENGLISH).items():
        shown[HEADS[name].lower()] = shortlist[name].map(write)
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
            f"{n_marked} of them with a warning, a reason to look and no proof; "
            "marked=leave_out ranks without them."
        )
    places = f"\nTable: {files[0].resolve()}\nPage:  {files[1].resolve()}"
    out.print(places, markup=False, soft_wrap=True)
    print_tables_of_before(files)


HEADS = {
    "score": message("Score"),
    "followers": message("Followers"),
    "engagement_rate": message("Engagement rate"),
    "engagement_vs_size": message("Engagement for size"),
    "interactions_per_video": message("Interactions per video"),
    "videos": message("Videos"),
    "confidence": message("Confidence"),
}
"""Numbers that people are shown."""


def _page_columns(shortlist: pd.DataFrame, language: Language) -> dict[str, Callable[[float], str]]:
    """Return the numbers that people are shown, with how each is written; a gap is unknown."""
    writers: dict[str, Callable[[float], str]] = {
        "score": partial(language.grouped, digits=3),
        "followers": language.short,
        "engagement_rate": language.percent,
        "engagement_vs_size": language.ratio,
        "interactions_per_video": language.short,
        "videos": language.short,
        "confidence": partial(language.grouped, digits=2),
    }
    return {
        name: partial(_write_known, write, language)
        for name, write in writers.items()
        if name in shortlist
    }


def _write_known(write: Callable[[float], str], language: Language, value: Any) -> str:
    return language.short(nan) if pd.isna(value) else write(value)


def _page_rows(
    shortlist: pd.DataFrame, segmentation: Segmentation, language: Language
) -> list[dict[str, Any]]:
    addresses = profile_addresses(shortlist, segmentation.dataset.has_profiles)
    writers = _page_columns(shortlist, language)
    colours = {name.name: cluster for cluster, name in enumerate(segmentation.names)}
    shortlist = marked_in(shortlist, language)
    return [
        {
            "rank": row["rank"],
            "account_id": row["account_id"],
            "address": address,
            "segment": row["segment"],
            "cluster": colours[row["segment"]],
            "ambiguous": row["ambiguous"],
            "numbers": {
                language.say(HEADS[name]): write(row[name]) for name, write in writers.items()
            },
            "check": row["check"],
            "alike": _say_alike(row, language),
            "decision": language.say(row["decision"]) if row.get("decision") else "",
            "note": row.get("note", ""),
        }
        for row, address in zip(shortlist.to_dict("records"), addresses, strict=True)
    ]


def _say_alike(row: Mapping[Any, Any], language: Language) -> str:
    """Say what an account has in common with another one, where the list is of such."""
    if "in_common" not in row:
        return ""
    near, far = language.say(row["in_common"]), language.say(row["differs"])
    return language.say("{near}; farthest in {far}", near=near, far=far)
