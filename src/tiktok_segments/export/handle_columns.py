"""Which column holds the handles, told by its cells where the names do not tell."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.texts import as_strings, read_accounts
from tiktok_segments.containers.records import Records
from tiktok_segments.export.matching import Matching
from tiktok_segments.export.names.name_index import UNNAMED

PROFILE = r"(?i)tiktok\.com/(?:@|%40)[\w.]"
"""What an address that names a profile holds."""

_NEARLY_ALL, _AS_OFTEN = 0.9, 0.5
_WITH_HANDLE = r"(?:^|[^\w.])@[\w.]{2,24}(?:[^\w.@]|$)|tiktok\.com/@"
_MARKED = r"^\s*@\s?[\w.]{2,24}\s*$|tiktok\.com/(?:@|%40)[\w.]"
_COUNT = r"(?i)^[\d.]+[a-z]{0,3}$"
_HANDLE, _NO_WORD, _NUMBER = r"^[a-z0-9._]{2,24}$", r"[0-9._]", r"\d{5,}"
_NO_HANDLE, _SOME = r"[^@]\S*\s+\S|[^ -~]", 0.2
"""What no handle holds: several words, letters of other alphabets. Names of people often do."""


def take_handles_in_names(
    names: Sequence[str], head: Records | None, matching: Matching, said: Collection[str] = ()
) -> tuple[Matching, tuple[str, ...]]:
    """Take for the accounts the column that holds handles, where that called so holds names.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    head : Records or None
        Its first rows.
    matching : Matching
        What the names were matched to.
    said : collection of str
        Canonical columns whose column the user names, which is not asked again.

    Returns
    -------
    matching : Matching
        With the column of names as ``account_id``, where nearly every cell has a handle behind an
        ``@``, as in ``Ann B. @ann``, or is one that no display name looks like; with the column of
        addresses instead of one of other names than those in them.
    notes : tuple of str
        What was taken.
    """
    if head is None or "account_id" in said:
        return matching, ()
    if "url" not in said and (position := _handles_for_links(head, matching)) is not None:
        return _take_for_accounts(names, matching, position)
    positions = matching.positions
    if "account_id" in positions:
        position = _handles_beside_names(head, matching, said)
        if position is None:
            return _prefer_addresses(names, head, matching)
        return _take_of_names(names, matching, position)
    if "nickname" not in positions or "url" in positions:
        return matching, ()
    called = [positions["nickname"][0], *matching.others.get("nickname", ())]
    for position in called:
        texts = as_strings(head.columns[position]).drop_null()
        if share_of(texts, _WITH_HANDLE) >= _NEARLY_ALL or _are_handles(texts):
            break
        if not names[position].strip() and _name_rows(texts, len(head.lines)):
            break
    else:
        return matching, ()
    left = [one for one in called if one != position]
    renamed = {name: claim for name, claim in positions.items() if name != "nickname"}
    renamed |= {"account_id": (position,)} | ({"nickname": (left[0],)} if left else {})
    others = {name: some for name, some in matching.others.items() if name != "nickname"}
    note = f"account_id: the column {names[position].strip() or UNNAMED!r} holds handles"
    return replace(matching, positions=renamed, others=others), (note,)


def _handles_for_links(head: Records, matching: Matching) -> int | None:
    """Return the column of links, as one called TikTok, that holds handles no other column has."""
    if "url" not in matching.positions:
        return None
    columns = [matching.positions["url"][0], *matching.others.get("url", ())]
    texts = {one: as_strings(head.columns[one]).drop_null() for one in columns}
    if any(share_of(cells, PROFILE) >= _NEARLY_ALL for cells in texts.values()):
        return None
    marked = (one for one in columns if share_of(texts[one], _MARKED) >= _NEARLY_ALL)
    position = next(marked, None)
    if position is None:
        bare = (one for one in columns if _are_handles(texts[one]))
        position = next((one for one in bare if not _holds_counts(texts[one])), None)
    if "account_id" not in matching.positions or position is None:
        return position
    if matching.per_video:
        return None
    accounts = read_accounts(head.columns[matching.positions["account_id"][0]])[0]
    return None if _agree(accounts, read_accounts(head.columns[position])[0]) else position


def _handles_beside_names(head: Records, matching: Matching, said: Collection[str]) -> int | None:
    """Return the column of handles beside one of people's names that is called as the accounts' is.

    It may be called so as well, or as that of names is.
    """
    positions, others = matching.positions, matching.others
    texts = as_strings(head.columns[positions["account_id"][0]]).drop_null()
    if share_of(texts, _NO_HANDLE) < _SOME or share_of(texts, _WITH_HANDLE) >= _SOME:
        return None
    for position in others.get("account_id", ()):
        texts = as_strings(head.columns[position]).drop_null()
        handles = share_of(texts, rf"{_MARKED}|{_HANDLE}") - share_of(texts, r"^[\d.]+$")
        if _are_distinct(texts) and handles >= _NEARLY_ALL:
            return position
    if "nickname" in said or "nickname" not in positions:
        return None
    for position in (positions["nickname"][0], *others.get("nickname", ())):
        texts = as_strings(head.columns[position]).drop_null()
        if share_of(texts, _MARKED) >= _NEARLY_ALL or _are_handles(texts):
            return position
    return None


def _take_of_names(
    names: Sequence[str], matching: Matching, position: int
) -> tuple[Matching, tuple[str, ...]]:
    """Take for the accounts a column that holds handles; the one that was theirs is of names."""
    positions = dict(matching.positions)
    left = positions["account_id"][0]
    if positions.get("nickname", (position,))[0] == position:
        positions["nickname"] = (left,)
    positions["account_id"] = (position,)
    others = {
        name: rest
        for name, some in matching.others.items()
        if (rest := tuple(one for one in some if one != position))
    }
    note = (
        f"account_id is read from {names[position]!r}: it holds handles, and {names[left]!r} "
        "names of people"
    )
    return replace(matching, positions=positions, others=others), (note,)


def _name_rows(texts: pa.ChunkedArray, rows: int) -> bool:
    """Say whether a column without a name has another text in each row, and no numbers."""
    return pc.count_distinct(texts).as_py() == rows and share_of(texts, r"^[\d.]*$") == 0


def _holds_counts(texts: pa.ChunkedArray) -> bool:
    return share_of(texts, _COUNT) > 1 - _NEARLY_ALL


def _take_for_accounts(
    names: Sequence[str], matching: Matching, position: int
) -> tuple[Matching, tuple[str, ...]]:
    """Take a column of links for the accounts; the one that was theirs holds names of people."""
    links = [matching.positions["url"][0], *matching.others.get("url", ())]
    left = tuple(one for one in links if one != position)
    positions = {name: claim for name, claim in matching.positions.items() if name != "url"}
    if "account_id" in positions:
        positions.setdefault("nickname", positions["account_id"])
    positions = {**positions, "account_id": (position,)} | ({"url": left[:1]} if left else {})
    others = {name: some for name, some in matching.others.items() if name != "url"}
    others |= {"url": left[1:]} if left[1:] else {}
    note = f"account_id: the column {names[position].strip() or UNNAMED!r} holds handles"
    return replace(matching, positions=positions, others=others), (note,)


def _prefer_addresses(
    names: Sequence[str], head: Records, matching: Matching
) -> tuple[Matching, tuple[str, ...]]:
    """Take the handles in the addresses where the accounts' column holds names of people."""
    positions = matching.positions
    if "url" not in positions or matching.per_video:
        return matching, ()
    called, addresses = (head.columns[positions[name][0]] for name in ("account_id", "url"))
    if share_of(as_strings(addresses).drop_null(), PROFILE) < _NEARLY_ALL:
        return matching, ()
    accounts = read_accounts(called)[0]
    if _agree(accounts, read_accounts(addresses)[0]):
        return matching, ()
    renamed = {name: claim for name, claim in positions.items() if name != "account_id"}
    renamed.setdefault("nickname", positions["account_id"])
    one, other = (names[positions[name][0]] for name in ("url", "account_id"))
    note = f"account_id is read from {one!r}: {other!r} holds other names than the addresses"
    return replace(matching, positions=renamed), (note,)


def _agree(accounts: pd.Series, others: pd.Series) -> bool:
    """Say whether accounts are those of another column, or numbers, which are accounts too."""
    same = (accounts == others) | accounts.str.fullmatch(_NUMBER)
    return bool(same[accounts.notna()].mean() >= _AS_OFTEN)


def _are_handles(texts: pa.ChunkedArray) -> bool:
    is_handle, no_word = share_of(texts, _HANDLE), share_of(texts, _NO_WORD)
    return _are_distinct(texts) and is_handle >= _NEARLY_ALL and no_word >= 0.5


def _are_distinct(texts: pa.ChunkedArray) -> bool:
    distinct = pc.count_distinct(texts).as_py() if len(texts) else 0
    return bool(distinct >= _NEARLY_ALL * len(texts)) and len(texts) > 0


def share_of(texts: pa.ChunkedArray, pattern: str) -> float:
    """Return the share of the texts given in which a pattern is found.

    Examples
    --------
    >>> share_of(pa.chunked_array([["https://www.tiktok.com/@ana", "open"]]), PROFILE)
    0.5
    """
    found = pc.mean(pc.match_substring_regex(texts, pattern).cast(pa.int8())).as_py()
    return float(found or 0)  # there is none where nothing is given
