"""Files that are no export of TikTok profiles, refused with all that is wrong and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from tiktok_segments.cells.folding import normalise
from tiktok_segments.containers.records import Place
from tiktok_segments.errors import InputError
from tiktok_segments.export.aliases import AliasTable
from tiktok_segments.export.matching import Matching
from tiktok_segments.export.names.name_index import UNNAMED
from tiktok_segments.export.names.unit_names import unit_of_name
from tiktok_segments.schema import REQUIRED

_NEAR = 0.75
_TIKTOK = "tiktok.com"
_HOST = r"^(?:https?://)?(?:www\.|m\.)?([a-z0-9.-]+\.[a-z]+)(?:/|$)"


def check_matching(
    matching: Matching,
    names: Sequence[str],
    table: AliasTable,
    file: str,
    *,
    place: Place | None = None,
) -> None:
    """Refuse a file that lacks a column, and say of each that is missing what it may be.

    Parameters
    ----------
    matching : Matching
        What was matched.
    names : sequence of str
        The file's columns.
    table : AliasTable
        Known names.
    file : str
        For the message.
    place : Place, optional
        Where the names stand, if that is known.

    Raises
    ------
    InputError
        If a setting names a missing column, or the file has none for an account and its followers;
        it names all that is missing at once.
    """
    lacking = [name for name in REQUIRED if name not in matching.positions]
    lacking = [name for name in lacking if name not in matching.missing]
    if lacking == ["account_id"] and {"url", "video_url"} & matching.positions.keys():
        lacking = []
    complaints = [
        *_of_overrides(matching.missing, names),
        *(
            f"no column for {name}, whose unit data.units.{name} says"
            for name in matching.lost_units
        ),
    ]
    complaints += [
        f"{names[matching.positions[name][0]]!r} may be in thousands or in millions: say "
        f"data.units.{name}=thousands or data.units.{name}=millions"
        for name in matching.unsure_units
    ]
    if lacking:
        complaints.append(f"no column for {' and '.join(lacking)} was found")
    if not complaints:
        return
    where = file if place is None else f"{file}, {place.where}"
    advice = [_suggest(name, names, table) for name in lacking]
    lines = [
        f"{where}: {'; '.join(complaints)}.",
        f"Its columns: {_list_names(names)}.",
    ]
    if advice:
        elsewhere = (
            [f"or where the names stand: {place.settings}"] if place and place.settings else []
        )
        lines.append("Say which it is: " + " ".join([*advice, *elsewhere]))
    raise InputError("\n".join(lines))


def _of_overrides(missing: Mapping[str, str], names: Sequence[str]) -> Iterator[str]:
    for canonical, source in missing.items():
        near = difflib.get_close_matches(source, names, n=1)
        hint = f" (Did you mean {near[0]!r}?)" if near else ""
        yield f"no column {source!r}, which data.columns.{canonical} names{hint}"


def _suggest(canonical: str, names: Sequence[str], table: AliasTable) -> str:
    """Return how to name a column, with the file's name that is nearest to a known one."""
    best, found = _NEAR, None
    for name in names:
        key = normalise(unit_of_name(name)[0])
        for alias in difflib.get_close_matches(key, table.profile[canonical], n=1, cutoff=best):
            best, found = difflib.SequenceMatcher(a=key, b=alias).ratio(), name
    if found is None:
        return f'data.columns.{canonical}="COLUMN"'
    shown = " ".join(found.split())[:40]
    return f'data.columns.{canonical}="{shown}" ({shown}: did you mean {canonical}?)'


def _list_names(names: Sequence[str]) -> str:
    """The first names on one line, each cut short, and how many there are besides."""
    shown = [" ".join(name.split())[:40] or UNNAMED for name in names[:15]]
    return ", ".join(shown) + (f" and {len(names) - 15} more" if len(names) > 15 else "")


def names_of_platform(names: Sequence[str], table: AliasTable) -> tuple[str, str] | None:
    """Return the platform that two of a file's names are of, and these names.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    table : AliasTable
        Known platforms.

    Returns
    -------
    (str, str) or None
        None where the names say nothing of another platform.
    """
    keys = {normalise(name) for name in names}
    for platform, (telling, _) in table.platforms.items():
        if len(keys & telling) >= 2:
            signs = [name for name in names if normalise(name) in telling]
            return platform, _list_names(signs)
    return None


def check_platform(
    names: Sequence[str], share: Mapping[str, float], table: AliasTable, file: str
) -> None:
    """Refuse a file by another platform's names, unless its addresses lie on TikTok.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    share : mapping of str to float
        Host to the share of the file's first addresses on it; empty where it has none.
    table : AliasTable
        Known platforms.
    file : str
        For the message.

    Raises
    ------
    InputError
        Naming the platform.
    """
    found = names_of_platform(names, table)
    if found and _share_on(_TIKTOK, share) <= 0.5:
        raise _other_platform(file, *found)


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
        if sum(_share_on(host, share) for host in hosts) > 0.5:
            raise _other_platform(file, platform, "addresses on " + ", ".join(hosts))


def _share_on(host: str, share: Mapping[str, float]) -> float:
    """Return the share of addresses on a host, with those below it, as vm.tiktok.com is."""
    return sum(part for one, part in share.items() if one == host or one.endswith(f".{host}"))


def _other_platform(file: str, platform: str, signs: str) -> InputError:
    return InputError(
        f"{file} looks like an export from {platform} ({signs}).\n"
        "Only TikTok profiles are read: their counts and rates mean something else elsewhere."
    )


def host_shares(addresses: pd.Series) -> dict[str, float]:
    """Return each host's share of the cells that hold something.

    Examples
    --------
    >>> host_shares(pd.Series(["https://www.tiktok.com/@ana", None]))
    {'tiktok.com': 1.0}
    """
    first = addresses.dropna()
    hosts = first.str.extract(_HOST, expand=False).fillna("")
    return {str(host): share for host, share in hosts.value_counts(normalize=True).items() if host}
