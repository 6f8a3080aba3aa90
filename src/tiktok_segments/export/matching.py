"""Which column of an export is which canonical column."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import AliasTable, normalise
from tiktok_segments.schema import READABLE, REQUIRED

_PERCENT_ENDINGS = ("percentage", "percent", "pct")


@dataclass(frozen=True)
class Matching:
    """What was matched in one file.

    Parameters
    ----------
    positions : dict of str to tuple of int
        Canonical column to the file's columns that claim it: several only where a name repeats.
    percent : frozenset of int
        Columns whose own name says that values are percentages.
    per_video : bool
        Whether a row is a video.
    missing : dict of str to str
        Overrides that name a column which is not there.
    """

    positions: dict[str, tuple[int, ...]]
    percent: frozenset[int]
    per_video: bool
    missing: dict[str, str]

    def selected(self) -> list[int]:
        """Positions of all matched columns."""
        return sorted({position for claim in self.positions.values() for position in claim})


def match_columns(
    names: Sequence[str], table: AliasTable, overrides: Mapping[str, str] | None = None
) -> Matching:
    """Match a file's columns to canonical ones.

    Parameters
    ----------
    names : sequence of str
        The file's column names.
    table : AliasTable
        Known names.
    overrides : mapping of str to str, optional
        Canonical column to the name in this file; beats the table.

    Returns
    -------
    Matching
        No column of the file serves two canonical ones.
    """
    index: dict[str, list[int]] = {}
    percent = set()
    for position, name in enumerate(names):
        key, is_percent = _without_percent(name)
        if key:
            index.setdefault(key, []).append(position)
        if is_percent:
            percent.add(position)
    positions: dict[str, tuple[int, ...]] = {}
    missing = {}
    for canonical, source in (overrides or {}).items():
        claim = [p for p, n in enumerate(names) if n == source] or index.get(normalise(source), [])
        if claim:
            positions[canonical] = tuple(claim)
        else:
            missing[canonical] = source
    per_video = _is_per_video(index, table)
    if per_video:
        _claim(table.video, index, percent, positions)
    _claim(table.profile, index, percent, positions)
    return Matching(positions, frozenset(percent), per_video, missing)


def _without_percent(name: str) -> tuple[str, bool]:
    key = normalise(name)
    for ending in _PERCENT_ENDINGS:
        if key.endswith(ending) and key != ending:
            return key.removesuffix(ending), True
    return key, "%" in name


def _is_per_video(index: Mapping[str, list[int]], table: AliasTable) -> bool:
    measured = ("video_likes", "video_comments", "video_views")
    aliases = {alias for name in measured for alias in table.video.get(name, ())}
    return not table.video_signs.isdisjoint(index) and not aliases.isdisjoint(index)


def _claim(
    aliases: Mapping[str, Sequence[str]],
    index: Mapping[str, list[int]],
    percent: set[int],
    positions: dict[str, tuple[int, ...]],
) -> None:
    """Give each canonical column the first of its names that is there and still free."""
    taken = {position for claim in positions.values() for position in claim}
    for canonical, keys in aliases.items():
        if canonical in positions:
            continue
        rate = READABLE[canonical].kind == "rate"
        for key in keys:
            free = [p for p in index.get(key, ()) if p not in taken and (rate or p not in percent)]
            if free:
                positions[canonical] = tuple(free)
                taken.update(free)
                break


def check_matching(matching: Matching, names: Sequence[str], table: AliasTable, file: str) -> None:
    """Refuse a file that is no TikTok profile export.

    Raises
    ------
    InputError
        If an override names a missing column, the file is another platform's, or it has no
        column for an account and its followers.
    """
    shown = _list_names(names)
    for canonical, source in matching.missing.items():
        near = difflib.get_close_matches(source, names, n=1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(
            f"{file} has no column {source!r}, which data.columns.{canonical} names.{hint}\n"
            f"Its columns: {shown}."
        )
    keys = {normalise(name) for name in names}
    for platform, (telling, _) in table.platforms.items():
        if len(keys & telling) >= 2:
            signs = [name for name in names if normalise(name) in telling]
            raise _other_platform(file, platform, _list_names(signs))
    lacking = [name for name in REQUIRED if name not in matching.positions]
    if lacking == ["account_id"] and "url" in matching.positions:
        return
    if lacking:
        raise InputError(
            f"{file}, line 1: no column for {' and '.join(lacking)} was found.\n"
            f"Its columns: {shown}.\n"
            f'Name it: data.columns.{lacking[0]}="COLUMN"'
        )


def _list_names(names: Sequence[str]) -> str:
    """The first names on one line, each cut short."""
    shown = [" ".join(name.split())[:40] or "(no name)" for name in names[:15]]
    return ", ".join([*shown, "..."] if len(names) > 15 else shown)


def check_hosts(share: Mapping[str, float], table: AliasTable, file: str) -> None:
    """Refuse a file most of whose profile addresses lie on another platform's hosts.

    Parameters
    ----------
    share : mapping of str to float
        Host to the share of the addresses on it.
    table : AliasTable
        Known platforms.
    file : str
        For the message.

    Raises
    ------
    InputError
        Naming the platform.
    """
    for platform, (_, hosts) in table.platforms.items():
        if sum(share.get(host, 0.0) for host in hosts) > 0.5:
            raise _other_platform(file, platform, "addresses on " + ", ".join(hosts))


def _other_platform(file: str, platform: str, signs: str) -> InputError:
    return InputError(
        f"{file} looks like an export from {platform} ({signs}).\n"
        "Only TikTok profiles are read: their counts and rates mean something else elsewhere."
    )
