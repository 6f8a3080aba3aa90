"""Texts that are read as a whole without an account: documents, pages, and plain text."""

from __future__ import annotations

import json
import re
from typing import Any

from tiktok_segments.upkeep.forgetting.binary_tables import ACCOUNT
from tiktok_segments.upkeep.forgetting.words import Name

BESIDE = ("accounts", "scores", "standing")
"""Of the report's data: what has a place for each account."""

_SCRIPT = re.compile(r'(<script type="application/json"[^>]*>)(.*?)(</script>)', re.DOTALL)
_ROW = re.compile(r"<(tr|li)\b[^>]*>(?:(?!<\1\b).)*?</\1>", re.DOTALL)


def document_without(text: str, account: Name) -> str:
    """Return a JSON document without an account's entries, and without its name elsewhere.

    Examples
    --------
    >>> document_without('[{"account": "maya", "likes": 3}, {"account": "leo"}]', Name("maya"))
    '[{"account": "leo"}]'
    """
    try:
        plain = json.loads(text)
    except ValueError:  # not JSON after all: as any text
        return account.erase(text)
    kept = _pruned(plain, account)
    if kept == plain:
        return text
    indent = 2 if "\n" in text.strip() else None
    return json.dumps(kept, indent=indent, ensure_ascii=False)


def page_without(text: str, account: Name) -> str:
    """Return a page without an account's rows and data, and without its name elsewhere.

    Examples
    --------
    >>> page_without("<ul><li>@maya</li><li>@leo</li></ul>", Name("maya"))
    '<ul><li>@leo</li></ul>'
    """

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


def is_of(entry: dict[str, Any], account: Name) -> bool:
    """Say whether an entry is about an account."""
    return any(account.is_it(entry.get(column)) for column in ACCOUNT)


def _pruned(plain: Any, account: Name) -> Any:
    """Return plain data without the account's entries, in rows and in columns."""
    if isinstance(plain, list):
        rows = [one for one in plain if not (isinstance(one, dict) and is_of(one, account))]
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


def text_without(text: str, account: Name) -> str:
    """Return a text that does not name an account."""
    return account.erase(text)
