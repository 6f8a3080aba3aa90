"""Contents of files without an account: rows of tables, entries of documents, rows of pages."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable
from typing import Any

from tiktok_segments.upkeep.forgetting.binary_tables import (
    ACCOUNT,
    digests_without,
    parquet_without,
    readable,
    workbook_without,
)
from tiktok_segments.upkeep.forgetting.words import Name

BESIDE = ("accounts", "scores", "standing")
"""Of the report's data: what has a place for each account."""

_SCRIPT = re.compile(r'(<script type="application/json"[^>]*>)(.*?)(</script>)', re.DOTALL)
_ROW = re.compile(r"<(tr|li)\b[^>]*>(?:(?!<\1\b).)*?</\1>", re.DOTALL)


def without(name: str, data: bytes, account: Name) -> bytes:
    """Return a file's content without an account; the same bytes where it does not hold it.

    Parameters
    ----------
    name : str
        The file's; its ending says what it is. What is of no known kind stays as it is.
    data : bytes
        Its content.
    account : Name
        Whom to leave out.

    Returns
    -------
    bytes
        Rows of the account are gone; elsewhere its name is.

    Raises
    ------
    UnreadableError
        If it is not what its ending says, so that nobody can tell whether it holds the account.
    """
    plain = name.lower()
    if plain.endswith(".gz"):
        with readable(OSError, EOFError, zlib.error):
            inner = gzip.decompress(data)
        outer = without(plain.removesuffix(".gz"), inner, account)
        return data if outer == inner else gzip.compress(outer, mtime=0)
    if plain.endswith("handles.npy"):
        return digests_without(data, account)
    if plain.endswith(".parquet"):
        return parquet_without(data, account)
    if plain.endswith(".xlsx"):
        return workbook_without(data, account)
    erase = next((way for ending, way in _TEXTS.items() if plain.endswith(ending)), None)
    if erase is None:
        return data
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return data
    if not account.may_be_in(text):
        return data
    kept = erase(text, account)
    return data if kept == text else kept.encode()


def _csv(text: str, account: Name) -> str:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    end = "\r\n" if "\r\n" in text else "\n"
    with readable(csv.Error):
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    own = [place for place, column in enumerate(rows[0]) if column in ACCOUNT] if rows else []
    kept = (
        rows[:1]
        + [  # an account may be called as the column is
            [account.erase(cell) for cell in row]
            for row in rows[1:]
            if not any(place < len(row) and account.is_it(row[place]) for place in own)
        ]
    )
    if kept == rows:
        return text
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator=end).writerows(kept)
    return mark + written.getvalue()


def _lines(text: str, account: Name) -> str:
    kept = []
    for line in io.StringIO(text, newline="\n"):  # a text may hold other ends of lines
        try:
            entry = json.loads(line)
        except ValueError:
            kept.append(account.erase(line))
            continue
        if not (isinstance(entry, dict) and _is_of(entry, account)):
            kept.append(account.erase(line))
    return "".join(kept)


def _document(text: str, account: Name) -> str:
    try:
        plain = json.loads(text)
    except ValueError:
        return account.erase(text)
    kept = _pruned(plain, account)
    if kept == plain:
        return text
    indent = 2 if "\n" in text.strip() else None
    return json.dumps(kept, indent=indent, ensure_ascii=False)


def _page(text: str, account: Name) -> str:
    def data(match: re.Match[str]) -> str:
        try:
            plain = json.loads(match[2])
        except ValueError:  # none of ours, or empty: as the text around it
            return match[0]
        kept = _pruned(plain, account)
        if kept == plain:
            return match[0]
        told = json.dumps(kept, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for character in "<>&\u2028\u2029":
            told = told.replace(character, f"\\u{ord(character):04x}")
        return f"{match[1]}{told}{match[3]}"

    def row(match: re.Match[str]) -> str:
        return "" if account.is_in(match[0]) else match[0]

    return account.erase(_ROW.sub(row, _SCRIPT.sub(data, text)))


def _is_of(entry: dict[str, Any], account: Name) -> bool:
    return any(account.is_it(entry.get(column)) for column in ACCOUNT)


def _pruned(plain: Any, account: Name) -> Any:
    """Return plain data without the account's entries, in rows and in columns."""
    if isinstance(plain, list):
        rows = [one for one in plain if not (isinstance(one, dict) and _is_of(one, account))]
        return [_pruned(one, account) for one in rows]
    if isinstance(plain, str):
        return account.erase(plain)
    if not isinstance(plain, dict):
        return plain
    plain = _without_columns(plain, tuple(plain), plain.get("account_id"), account)
    inner = plain.get("accounts")
    if isinstance(inner, dict):  # the report's: what stands beside is of the same accounts
        plain = _without_columns(plain, BESIDE, inner.get("account_id"), account)
    return {name: _pruned(value, account) for name, value in plain.items()}


def _without_columns(
    plain: dict[str, Any], names: tuple[str, ...], accounts: object, account: Name
) -> dict[str, Any]:
    """Leave the account's place out of columns that lie beside a column of accounts."""
    if not isinstance(accounts, list):
        return plain
    gone = frozenset(place for place, cell in enumerate(accounts) if account.is_it(cell))
    if not gone:
        return plain
    return {
        name: _without_places(value, len(accounts), gone) if name in names else value
        for name, value in plain.items()
    }


def _without_places(plain: Any, length: int, gone: frozenset[int]) -> Any:
    if isinstance(plain, dict):
        return {name: _without_places(value, length, gone) for name, value in plain.items()}
    if isinstance(plain, list) and len(plain) == length:
        return [one for place, one in enumerate(plain) if place not in gone]
    return plain


def _text(text: str, account: Name) -> str:
    return account.erase(text)


_TEXTS: dict[str, Callable[[str, Name], str]] = {
    ".csv": _csv,
    ".jsonl": _lines,
    ".json": _document,
    ".html": _page,
    ".txt": _text,
    ".md": _text,
    ".log": _text,
    ".yaml": _text,
}
