"""Accounts that are not wanted: a list of handles and of brands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from tiktok_segments.errors import InputError, reason
from tiktok_segments.export.aliases import load_alias_table
from tiktok_segments.export.matching import match_columns
from tiktok_segments.segments.choice.decisions import handles
from tiktok_segments.segments.choice.side_tables import read_rows

BRAND = "brand:"
TEXTS = ("account_id", "nickname", "biography")
"""Columns in which a brand is looked for."""


@dataclass(frozen=True)
class Exclusions:
    """Whom to leave out.

    Attributes
    ----------
    source : str
        Name of the file.
    handles : frozenset of str
        As :func:`~tiktok_segments.segments.choice.decisions.handles` writes them.
    brands : tuple of str
        Names.
    """

    source: str
    handles: frozenset[str]
    brands: tuple[str, ...]

    def called(self, call: Callable[[str], str]) -> Exclusions:
        """Return the same list with the handles as ``call`` calls them."""
        return replace(self, handles=frozenset(map(call, self.handles)))

    def holds(self, accounts: pd.DataFrame) -> pd.Series:
        """Say which accounts are to be left out.

        Parameters
        ----------
        accounts : DataFrame of shape (n_accounts, n_columns)
            With ``account_id``, and ``nickname`` and ``biography`` where they are known.

        Returns
        -------
        Series of bool, shape (n_accounts,)
            Also where a brand stands as words of its own in handle, name or biography.

        Examples
        --------
        >>> unwanted = Exclusions("x.txt", frozenset({"maya"}), ("Acme",))
        >>> words = ["", "for ACME!", "acmes"]
        >>> accounts = pd.DataFrame({"account_id": ["Maya", "tom", "may"], "biography": words})
        >>> unwanted.holds(accounts).to_list()
        [True, True, False]
        """
        held = handles(accounts["account_id"]).isin(self.handles)
        if self.brands:
            either = "|".join(re.escape(brand) for brand in self.brands)
            for name in (name for name in TEXTS if name in accounts):
                texts = accounts[name].astype("str").fillna("")
                held |= texts.str.contains(rf"(?<!\w)(?:{either})(?!\w)", case=False, regex=True)
        return held.set_axis(accounts.index)


def read_exclusions(path: str | Path) -> Exclusions:
    """Read a list of accounts and brands, one a line.

    Parameters
    ----------
    path : str or Path
        A text file or a workbook: handles, with or without ``@``, and brands after ``brand:``. Of
        a table, such as an exported selection, the column of accounts is taken if its first row
        names one, else the first; lines after ``#`` are not.

    Returns
    -------
    Exclusions
        Of the file.

    Raises
    ------
    InputError
        If it cannot be read, or names nobody.
    """
    path = Path(path).expanduser()
    try:
        rows = read_rows(path)
    except (OSError, ValueError) as error:
        raise InputError(
            f"The list {path} cannot be read: {reason(error)}.\n"
            "It must be a text file or a workbook with a handle or brand: NAME on each line."
        ) from None
    rows = [cells for cells in rows if any(cells) and not cells[0].startswith("#")]
    named = match_columns(rows[0], load_alias_table()).positions if rows else {}
    column = named.get("account_id", (0,))[0]
    entries = [cells[column].strip() for cells in rows["account_id" in named :] if cells[column:]]
    brands = [entry[len(BRAND) :].strip() for entry in entries if entry.lower().startswith(BRAND)]
    names = pd.Series([e for e in entries if not e.lower().startswith(BRAND)], dtype="str")
    if not any([*brands, *names]):
        raise InputError(f"{path.name} names no account and no brand.")
    return Exclusions(
        path.name, frozenset(handles(names[names != ""])), tuple(filter(None, brands))
    )
