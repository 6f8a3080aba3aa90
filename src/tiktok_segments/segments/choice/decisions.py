"""Decisions on accounts: yes, maybe or no with a note, as the report hands them out."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from tiktok_segments.errors import InputError, reason
from tiktok_segments.segments.choice.side_tables import read_texts

CHOICES = ("yes", "maybe", "no")
COLUMNS = ("account_id", "decision", "note", "segment", "decided_at")
"""Columns of a file of decisions; the last three may be missing."""

_ADDRESS = re.compile(r"^.*tiktok\.com/([^?#/]*).*$", re.DOTALL)
_IN_PAGE = re.compile(
    r'<script type="application/json" id="report-decisions">(.*?)</script>', re.DOTALL
)


@dataclass(frozen=True, eq=False)
class Decisions:
    """What somebody decided on some accounts.

    Attributes
    ----------
    source : str
        Name of the file.
    table : DataFrame of shape (n_decisions, 5)
        The columns :data:`COLUMNS` as text; each account once.
    """

    source: str
    table: pd.DataFrame

    def about(self, account_ids: pd.Series) -> pd.DataFrame:
        """Return decision and note on each account.

        Parameters
        ----------
        account_ids : Series of str, shape (n_accounts,)
            Handles, in any case.

        Returns
        -------
        DataFrame of shape (n_accounts, 2)
            ``decision`` and ``note``, empty where there is none. The index is the handles'.

        Examples
        --------
        >>> table = pd.DataFrame({"account_id": ["@Maya"], "decision": "no", "note": "=cheap"})
        >>> Decisions("x.csv", table).about(pd.Series(["maya", "tom"])).to_numpy().tolist()
        [['no', '=cheap'], ['', '']]
        """
        known = self.table.set_index(handles(self.table["account_id"]))[["decision", "note"]]
        found = known.reindex(handles(account_ids)).fillna("")
        return found.set_axis(account_ids.index)


def handles(names: pd.Series) -> pd.Series:
    """Write handles in one way: no ``@`` and no address in front, and in small letters.

    Examples
    --------
    >>> handles(pd.Series([" @Maya ", "tom", "https://www.tiktok.com/@Leo?lang=en"])).to_list()
    ['maya', 'tom', 'leo']
    """
    plain: pd.Series = names.astype("str").str.strip().str.casefold()
    if plain.str.contains("tiktok.com/", regex=False).any():
        plain = plain.str.replace(_ADDRESS, r"\1", regex=True)
    return plain.str.removeprefix("@")


def read_decisions(path: str | Path) -> Decisions:
    """Read decisions: the report's CSV export, a workbook made of it, or a saved report.

    Parameters
    ----------
    path : str or Path
        Ends in ``.csv``, ``.xlsx`` or ``.html``. The apostrophe that guards a cell of CSV from
        spreadsheets is taken away again.

    Returns
    -------
    Decisions
        Of an account that comes twice, the last row holds.

    Raises
    ------
    InputError
        If the file cannot be read, lacks a column, or holds another word than yes, maybe and no.
    """
    path = Path(path).expanduser()
    try:
        table = _read_page(path) if path.suffix.lower() in (".html", ".htm") else read_texts(path)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError(
            f"The decisions {path} cannot be read: {reason(error)}.\n"
            "It must be the CSV that the report exports, or a saved copy of the report."
        ) from None
    if missing := [name for name in COLUMNS[:2] if name not in table]:
        raise InputError(
            f"{path.name} has no column {' and none '.join(missing)}; it has: "
            f"{', '.join(map(str, table.columns))[:200]}.\n"
            "It must be the CSV that the report exports."
        )
    table = table.reindex(columns=list(COLUMNS), fill_value="")
    table["decision"] = table["decision"].str.strip().str.lower()
    wrong = ~table["decision"].isin([*CHOICES, ""])
    if wrong.any():
        row = table[wrong].iloc[0]
        raise InputError(
            f"{path.name} says {row['decision'][:40]!r} of {row['account_id'][:60]}; valid are "
            f"{', '.join(CHOICES)}, or nothing."
        )
    last = ~handles(table["account_id"]).duplicated(keep="last")
    return Decisions(path.name, table[last].reset_index(drop=True))


def _read_page(path: Path) -> pd.DataFrame:
    found = _IN_PAGE.search(path.read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("the page holds no decisions")
    return pd.DataFrame(json.loads(found[1]), columns=list(COLUMNS)).fillna("").astype(str)
