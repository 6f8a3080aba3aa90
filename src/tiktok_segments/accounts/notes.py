"""Outcome of reading and cleaning in words, and as a small table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

import pandas as pd

from tiktok_segments.accounts.outcome import Cleaned, Export, Matches
from tiktok_segments.export.faults import FaultyCells
from tiktok_segments.export.values import UNDECIDED
from tiktok_segments.wording import whole_percent

_SHOWN = 12
_LONGEST = 40
_AMBIGUOUS = "ambiguous "

FEW_FOLLOWERS, MANY = 1000, 0.1
"""Below so many followers a rate says little; told where more than this share are below it."""


class Listener(Protocol):
    """Who is told of the reading of accounts, as it happens."""

    def reading(self) -> AbstractContextManager[Callable[[str], None]]:
        """Begin to wait; the callable that is given takes one short text per step."""
        ...

    def found(self, notes: Sequence[str]) -> None:
        """Take in what was found, a line each; also where nothing of it can be used."""
        ...


class Silent:
    """A listener that keeps everything to itself."""

    def reading(self) -> AbstractContextManager[Callable[[str], None]]:
        """Tell nobody."""
        return nullcontext(lambda step: None)

    def found(self, notes: Sequence[str]) -> None:
        """Tell nobody."""


def describe_ingest(export: Export, cleaned: Cleaned) -> list[str]:
    """Say what was matched, derived, suspected and removed.

    Parameters
    ----------
    export : Export
        As read.
    cleaned : Cleaned
        As cleaned.

    Returns
    -------
    list of str
        One line each: source, matched columns, columns not used, formulas, warnings, then the
        cleaning table with aligned numbers, and how many accounts are hardly influencers.
    """
    warnings = (*export.warnings, *cleaned.warnings)
    lines = describe_matching(export.source, export.matches, export.derived, warnings)
    lines += summary_table(cleaned, per_video=export.matches.per_video)
    return lines + describe_small(cleaned.frame["followers"])


def describe_matching(
    source: str, matches: Matches, derived: Sequence[str], warnings: Sequence[str]
) -> list[str]:
    """Say what was matched, derived and suspected.

    Parameters
    ----------
    source : str
        The export.
    matches : Matches
        What was matched to what.
    derived, warnings : sequence of str
        Formulas used, and what a reader should know.

    Returns
    -------
    list of str
        One line each.
    """
    pairs = [
        name if name == column else f"{name} = {column}" for name, column in matches.columns.items()
    ]
    about = [words.removeprefix("It is ").rstrip(".") for words in matches.about]
    file = [f"file: {', '.join(about).replace('The columns', 'the columns')}"] if about else []
    lines = [f"source: {source}", *file, f"matched: {', '.join(pairs)}"]
    said: dict[str, list[str]] = {}
    for name, unit in matches.units.items():
        said.setdefault(unit, []).append(name)
    if said:
        units = [f"{', '.join(names)}: {unit}" for unit, names in said.items()]
        lines.append(f"units: {'; '.join(units)}")
    unused = [" ".join(name.split()) for name in matches.unmatched]
    if unused:
        more = f" and {len(unused) - _SHOWN} more" if len(unused) > _SHOWN else ""
        lines.append(f"not used: {', '.join(unused[:_SHOWN])}{more}")
    lines += [f"derived: {formula}" for formula in derived]
    return lines + [f"warning: {text}" for text in warnings]


def summary_table(cleaned: Cleaned, *, per_video: bool = False) -> list[str]:
    r"""Lay out the report of cleaning.

    Parameters
    ----------
    cleaned : Cleaned
        As cleaned.
    per_video : bool
        Whether input rows are videos; then the accounts are counted beside.

    Returns
    -------
    list of str
        One line per rule.

    Examples
    --------
    >>> summary = pd.DataFrame({"rule": ["input", "kept"], "rows": [1000, 1000]})
    >>> none = pd.DataFrame()
    >>> print("\n".join(summary_table(Cleaned(none, none, {}, summary))))
    input  1,000
    kept   1,000
    """
    numbers = [f"{rows:,}" for rows in cleaned.summary["rows"]]
    rules = list(cleaned.summary["rule"])
    if per_video:
        rules[1] = f"kept, as {len(cleaned.frame):,} accounts"
    widths = max(map(len, rules)), max(map(len, numbers))
    pairs = zip(rules, numbers, strict=True)
    return [f"{rule:<{widths[0]}}  {number:>{widths[1]}}" for rule, number in pairs]


def used_note(used: int, outliers: int) -> str:
    """Say how many accounts are used, where outliers are left out."""
    return f"used   {used:,}, without {outliers:,} outliers"


def describe_small(followers: pd.Series, n_accounts: int | None = None) -> list[str]:
    """Say how many accounts have hardly any followers, where they are many.

    Parameters
    ----------
    followers : Series
        Of all accounts, or of those drawn.
    n_accounts : int, optional
        How many there are, where they may be more.

    Examples
    --------
    >>> describe_small(pd.Series([12, 900, 5000, 8000]))[0]
    '2 of 4 accounts have fewer than 1,000 followers, about whom a rate says little:'
    >>> describe_small(pd.Series([12, 5000]), n_accounts=9000)[0][:46]
    '1 of 2 accounts drawn from 9,000 have fewer th'
    >>> describe_small(pd.Series([5000]))
    []
    """
    small = int((followers < FEW_FOLLOWERS).sum())
    if small <= MANY * len(followers):
        return []
    drawn = "" if n_accounts in (None, len(followers)) else f" drawn from {n_accounts:,}"
    return [
        f"{small:,} of {len(followers):,} accounts{drawn} have fewer than {FEW_FOLLOWERS:,} "
        "followers, about whom a rate says little:",
        "train.py clean=creators leaves them out, train.py -m clean=all,creators compares both",
    ]


def describe_times(unreadable: Mapping[str, int], name: str) -> list[str]:
    """Say how many cells of a file's columns of times hold none, or one of two."""
    lines = []
    for column, count in unreadable.items():
        if column.endswith(UNDECIDED):
            lines.append(
                f"{name}: {count:,} values of {column.removesuffix(UNDECIDED)} do not tell the day "
                "from the month, as 03/04/2026; left empty. Write them as 2026-04-03"
            )
        else:
            lines.append(f"{name}: {count:,} values of {column} are not valid times; left empty")
    return lines


def count_ambiguous(rejected: pd.DataFrame) -> dict[str, int]:
    """Return how many rows are rejected for a number of two meanings, by column."""
    rules = rejected["rule"]
    counts = rules[rules.str.startswith(_AMBIGUOUS)].value_counts()
    return {str(rule).removeprefix(_AMBIGUOUS): int(count) for rule, count in counts.items()}


def describe_ambiguous(ambiguous: Mapping[str, int], name: str) -> list[str]:
    """Say which columns hold numbers of two meanings, and how to tell."""
    return [
        f"{name}: {count:,} values of {column} can be read in two ways, as 23.400 or 12 mil can; "
        'their rows are rejected. If it is the dot or the comma, say data.decimal="," or "."'
        for column, count in ambiguous.items()
    ]


def describe_faults(faults: Sequence[FaultyCells], name: str) -> list[str]:
    """Say which cells of a file were left empty since they hold no value of their column.

    Examples
    --------
    >>> describe_faults([FaultyCells("unreadable is_verified", 3, 5, "perhaps")], "a.csv")
    ["a.csv: unreadable is_verified in 3 rows, first in line 5 ('perhaps'); left empty there"]
    """
    return [
        f"{name}: {fault.rule} in {fault.count:,} row{'s' * (fault.count != 1)}, first in line "
        f"{fault.line:,}{_quoted(fault.value)}; left empty there"
        for fault in faults
    ]


def _quoted(value: str) -> str:
    return f" ({value[:_LONGEST]!r})" if value else ""


def describe_shared(matches: Sequence[Matches]) -> list[str]:
    """Say what several files of an export lack: columns that others have, or any times."""
    notes = []
    if any(other.columns != matches[0].columns for other in matches):
        notes.append("the files do not share their columns; what one lacks is missing there")
    if len(matches) > 1 and not any("collected_at" in other.columns for other in matches):
        notes.append(
            "no column says when accounts were collected: of an account in several files the row "
            "of the last file by name is kept"
        )
    return notes


def describe_empty(empty: Sequence[str]) -> list[str]:
    """Say which columns are absent for want of any value."""
    return [f"{name} is empty in every row: treated as absent" for name in empty]


def describe_sparse(sparse: Mapping[str, float]) -> list[str]:
    """Say which columns are treated as absent for want of values."""
    return [
        f"{name} is missing in {whole_percent(share)} of the rows: treated as absent"
        for name, share in sparse.items()
    ]
