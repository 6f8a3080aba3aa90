"""Rows under the name of a group, as the client who booked them, where accounts are looked for."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from tiktok_segments.containers.records import Records
from tiktok_segments.errors import InputError
from tiktok_segments.export.first_look import FirstLook
from tiktok_segments.export.matching import Matching, match_columns
from tiktok_segments.export.rows.platforms import tells_platforms
from tiktok_segments.export.rows.row_kind import accounts_are_groups


def check_accounts(
    names: Sequence[str],
    head: Records,
    matching: Matching,
    look: FirstLook,
    said: Collection[str],
    file: str,
) -> None:
    """Ask for the creators where the column of accounts names groups of them.

    In a list of bookings *Account* is the client, and *Influencer* whom they booked.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    head : Records
        Its first rows.
    matching : Matching
        What the names were matched to.
    look : FirstLook
        Those rows in its columns.
    said : collection of str
        Canonical columns whose column the user names, which is not asked again.
    file : str
        What to call the file.

    Raises
    ------
    InputError
        If the rows of most accounts have followers of very different sizes. An account on several
        platforms may have them.
    """
    positions = matching.positions
    if (
        matching.per_video
        or "account_id" in said
        or not {"account_id", "followers"} <= set(positions)
    ):
        return
    if not accounts_are_groups(look.accounts, look.frame["followers"]):
        return
    if any(tells_platforms(names[one], cells) for one, cells in head.columns.items()):
        return
    called = positions["account_id"][0]
    left = [
        "left out" if one in positions["account_id"] else name for one, name in enumerate(names)
    ]
    others = match_columns(left, matching.table, {}, {}, None).positions
    claim = others.get("account_id") or others.get("nickname")
    creators = f'"{names[claim[0]]}"' if claim else "COLUMN"
    raise InputError(
        f"{file}: rows of one {names[called]!r} have followers of very different sizes, as those "
        "of a client with many creators have.\n"
        f"Say which column names the creators: data.columns.account_id={creators}; "
        f'"{names[called]}", if each of them is one account.'
    )
