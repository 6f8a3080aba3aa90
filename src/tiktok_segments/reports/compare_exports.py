"""Comparison of two exports, for people: tables, figures, the page and the terminal."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.files import write_whole
from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.monitoring.comparison.exports import ExportComparison
from tiktok_segments.monitoring.comparison.movement import STAYED, count_causes
from tiktok_segments.monitoring.comparison.rising import WHY, Rising, say_sureness
from tiktok_segments.monitoring.drift_log import (
    LEVEL_WORDS,
    measures_table,
    print_drift,
    segments_table,
)
from tiktok_segments.monitoring.drift_words import say_reasons, say_verdict
from tiktok_segments.monitoring.thresholds import DriftThresholds
from tiktok_segments.plots import as_data_uri, as_png
from tiktok_segments.reports.crossing_plots import draw_movement
from tiktok_segments.reports.page import render_page
from tiktok_segments.reports.page.links import profile_addresses
from tiktok_segments.spreadsheet import write_table
from tiktok_segments.tracking import artifacts
from tiktok_segments.wording import percent, say_model, short_number


def write_export_comparison(
    found: ExportComparison,
    thresholds: DriftThresholds,
    rising: Rising,
    folder: Path,
    language: Language = ENGLISH,
) -> list[Path]:
    """Write the tables, the figures and the page ``drift.html``.

    Parameters
    ----------
    found : ExportComparison
        What happened.
    thresholds : DriftThresholds
        What drift was held against.
    rising : Rising
        Who counts as rising.
    folder : Path
        Made where it is missing; files of the same names are replaced.
    language : Language
        Of the page and the figures.

    Returns
    -------
    list of Path
        The tables, then the figures, then the page; each appears whole or not at all.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    pictures = {name: as_png(figure) for name, figure in draw_movement(found, language).items()}
    page = render_export_comparison(found, pictures, thresholds, rising, language)
    return [
        *(
            write_table(table, folder / f"{name}.csv")
            for name, table in export_tables(found).items()
        ),
        *(write_whole(folder / f"{name}.png", picture) for name, picture in pictures.items()),
        write_whole(folder / artifacts.DRIFT_PAGE, page),
    ]


def print_export_comparison(found: ExportComparison) -> None:
    """Print drift, who moved, why, and who rises."""
    out = terminal.console()
    if found.old.sha256 == found.new.sha256:
        out.print("Both exports are the same, byte for byte.")
    print_drift(found.drift)
    movement = found.movement
    out.print()
    if sampled := found.sampled():
        out.print(f"{sampled}\n", markup=False)
    terminal.print_table(
        movement.assign(share=movement["share"].map(percent)), "Who came, went and moved"
    )
    if found.accounts.empty:
        out.print("\nNo account is in both files, so nobody can be followed.")
        return
    stayed = np.trace(found.crossing.to_numpy()) / len(found.accounts)
    out.print()
    terminal.print_table(
        found.crossing.rename_axis("segment then").reset_index(),
        f"{len(found.accounts):,} accounts in both: segment then (rows) and now (columns), by "
        f"{found.old_model.label}; {percent(1 - stayed)} moved",
    )
    if found.churn is not None:
        out.print()
        causes = count_causes(found.accounts)
        terminal.print_table(
            causes.assign(share=causes["share"].map(percent)),
            f"From {found.old_model.label} to {found.new_model.label}: what moved the accounts",
        )
    _print_rising(found.rising)


def _print_rising(rising: pd.DataFrame) -> None:
    out = terminal.console()
    if rising.empty:
        out.print("\nNo account is rising.")
        return
    shown = rising.head(10)
    out.print()
    terminal.print_table(
        shown.drop(columns=["confidence", "ahead_of", "compared_with"]).assign(
            account_id=[terminal.printable(text) for text in shown["account_id"]],
            followers_then=shown["followers_then"].map(short_number),
            followers_now=shown["followers_now"].map(short_number),
            growth=[_signed(growth) for growth in shown["growth"]],
        ),
        f"Rising: {len(rising)} listed" + (", the first 10" if len(rising) > 10 else ""),
    )


def render_export_comparison(
    found: ExportComparison,
    pictures: Mapping[str, bytes],
    thresholds: DriftThresholds,
    rising: Rising,
    language: Language = ENGLISH,
) -> str:
    """Render the page: one file that asks for nothing from anywhere.

    Parameters
    ----------
    found : ExportComparison
        What happened.
    pictures : mapping of str to bytes
        The figures as PNG, by the names of their files.
    thresholds : DriftThresholds
        What drift was held against.
    rising : Rising
        Who counts as rising.
    language : Language
        Of the page.

    Returns
    -------
    str
        HTML; all text of the accounts is escaped.
    """
    (beyond,) = found.drift.of("out_of_range")
    return render_page(
        "drift.html",
        language,
        found=found,
        drift=found.drift,
        reasons=say_reasons(found.drift, language),
        verdict=language.say(LEVEL_WORDS[found.drift.verdict]),
        sampled=found.sampled(language),
        title=say_verdict(found.drift, language),
        synthetic=bool(found.old_model.facts["synthetic"]),
        models=[say_model(one.label, language) for one in (found.old_model, found.new_model)],
        names=[Path(found.old.source).name, Path(found.new.source).name],
        segments=segments_table(found.drift, language),
        measures=measures_table(found.drift, language),
        beyond=beyond,
        moved=moved_share(found),
        movement=found.movement.to_dict("records"),
        causes=count_causes(found.accounts).to_dict("records"),
        rising=_rising_rows(found, language),
        rule=rising,
        thresholds=thresholds,
        figures={name: as_data_uri(picture) for name, picture in pictures.items()},
    )


def moved_share(found: ExportComparison) -> float:
    """Return the share of the accounts in both that are not where they were, whatever the cause."""
    return float((found.accounts["cause"] != STAYED).mean()) if len(found.accounts) else 0.0


def export_tables(found: ExportComparison) -> dict[str, pd.DataFrame]:
    """Return the tables of a comparison by the names of their files."""
    tables = {
        artifacts.DRIFT: found.drift.as_table(),
        "segments": found.drift.segments(),
        "accounts": found.accounts.drop(columns="rises"),
        "movement": found.movement,
        "migration": found.crossing.rename_axis("segment").reset_index(),
        "causes": count_causes(found.accounts),
        "rising": found.rising,
    }
    if found.churn is not None:
        tables["model_churn"] = found.churn.rename_axis("segment").reset_index()
    return tables


def _rising_rows(found: ExportComparison, language: Language) -> list[dict[str, Any]]:
    there = found.new.has_profiles and not found.old_model.facts["synthetic"]
    addresses = profile_addresses(found.rising, there)
    return [
        {
            **{str(name): value for name, value in row.items()},
            "address": address,
            "why": language.say(WHY[row["why"]]),
            "then": language.short(row["followers_then"]),
            "now": language.short(row["followers_now"]),
            "growth": _signed(row["growth"], language),
            "how_sure": say_sureness(row, language),
        }
        for row, address in zip(found.rising.to_dict("records"), addresses, strict=True)
    ]


def _signed(growth: float, language: Language = ENGLISH) -> str:
    """Write a growth with its sign, as in +10 %; a dash where it is not a number."""
    if np.isnan(growth):
        return "-"
    sign = "-" if growth < 0 else "+"
    number = sign + language.grouped(100 * abs(growth))
    return language.say("{number} %", number=number)
