"""The alias table: names that real exports use, by canonical column."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tiktok_segments.errors import InputError
from tiktok_segments.schema import READABLE, VIDEO_COLUMNS


@dataclass(frozen=True)
class AliasTable:
    """Names that exports use.

    Parameters
    ----------
    profile, video : mapping of str to tuple of str
        Canonical column to normalised names, best first.
    video_signs : frozenset of str
        Normalised names that say "one row per video".
    platforms : mapping of str to (frozenset of str, tuple of str)
        Another platform's telling column names and its hosts.
    """

    profile: Mapping[str, tuple[str, ...]]
    video: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    video_signs: frozenset[str] = frozenset()
    platforms: Mapping[str, tuple[frozenset[str], tuple[str, ...]]] = field(default_factory=dict)


def normalise(name: str) -> str:
    """Name without case, spaces, underscores and other marks.

    Examples
    --------
    >>> normalise("authorMeta.fans") == normalise("Author_Meta/Fans")
    True
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(character for character in folded if character.isalnum())


def alias_table(aliases: Mapping[str, Any] | None) -> AliasTable:
    """Check and index an alias table read from configuration.

    Parameters
    ----------
    aliases : mapping or None
        Sections ``profile``, ``video``, ``video_signs`` and ``other_platforms`` as in
        ``conf/aliases.yaml``; None knows the canonical names only.

    Returns
    -------
    AliasTable
        Normalised names; a canonical name always stands for itself, first.

    Raises
    ------
    InputError
        If a section or a canonical column is unknown.
    """
    given = dict(aliases or {})
    known = {"profile", "video", "video_signs", "other_platforms"}
    _check_known(given, known, "section of the alias table")
    profile, video = given.get("profile") or {}, given.get("video") or {}
    _check_known(profile, set(READABLE) - set(VIDEO_COLUMNS), "column under profile")
    _check_known(video, set(VIDEO_COLUMNS), "column under video")
    platforms = {
        name: (frozenset(map(normalise, one.get("names", ()))), tuple(one.get("hosts", ())))
        for name, one in (given.get("other_platforms") or {}).items()
    }
    return AliasTable(
        profile={
            name: (normalise(name), *map(normalise, profile.get(name) or ()))
            for name in READABLE
            if name not in VIDEO_COLUMNS
        },
        video={
            name: (normalise(name), *map(normalise, video.get(name) or ()))
            for name in VIDEO_COLUMNS
        },
        video_signs=frozenset(map(normalise, given.get("video_signs") or ())),
        platforms=platforms,
    )


def _check_known(given: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = sorted(set(map(str, given)) - known)
    if unknown:
        raise InputError(f"{unknown[0]!r} is no {what}.\nKnown: {', '.join(sorted(known))}.")
