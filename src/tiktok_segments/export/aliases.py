"""The alias table: names that real exports use, by canonical column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from tiktok_segments.cells.folding import normalise
from tiktok_segments.defaults import default_file
from tiktok_segments.errors import InputError, reason
from tiktok_segments.schema import READABLE, VIDEO_COLUMNS

# The C library's, where PyYAML has it, reads the table ten times as fast.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    languages : mapping of str to frozenset of str
        Normalised names that are of a language, to the codes of those that they are of.
    """

    profile: Mapping[str, tuple[str, ...]]
    video: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    video_signs: frozenset[str] = frozenset()
    platforms: Mapping[str, tuple[frozenset[str], tuple[str, ...]]] = field(default_factory=dict)
    languages: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def known(self) -> frozenset[str]:
        """All names of columns, of accounts and of videos."""
        listed = [*self.profile.values(), *self.video.values()]
        return frozenset(chain.from_iterable(listed)) | self.video_signs

    @cached_property
    def of_accounts(self) -> frozenset[str]:
        """All names of an account's own columns."""
        return frozenset(chain.from_iterable(self.profile.values()))

    @cached_property
    def counts(self) -> frozenset[str]:
        """All names of what is counted of an account."""
        counted = [keys for name, keys in self.profile.items() if READABLE[name].kind == "count"]
        return frozenset(chain.from_iterable(counted))


def alias_file(path: str | Path | None) -> Path:
    """Return the file of the table of names that is meant.

    Parameters
    ----------
    path : str, Path or None
        A user's own; ``conf/aliases.yaml`` where there is none.

    Returns
    -------
    Path
        It need not exist.
    """
    return Path(path).expanduser() if path else default_file("aliases.yaml")


def load_alias_table(path: str | Path | None = None) -> AliasTable:
    """Load a table of the names that exports give their columns.

    It is not a part of the composed configuration, which Hydra would put together from its
    hundreds of names again for each run of a sweep. A process that reads several exports indexes
    a table once: that takes longer than to read a small export.

    Parameters
    ----------
    path : str or Path, optional
        A table in YAML; ``conf/aliases.yaml`` by default.

    Returns
    -------
    AliasTable
        Its normalised names.

    Raises
    ------
    InputError
        If there is no such file, it is not a YAML mapping, or names an unknown column.

    Examples
    --------
    >>> load_alias_table().profile["followers"][:3]
    ('followers', 'followercount', 'followerscount')
    """
    file = alias_file(path)
    try:
        table = _read_table(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"data.aliases={file} cannot be read: {reason(error)}") from None
    if table is None:
        raise InputError(f"data.aliases={file} is not a table of names; see conf/aliases.yaml.")
    return table


@lru_cache(maxsize=2)
def _read_table(text: str) -> AliasTable | None:
    """Return the table in a text of YAML; None where it is no mapping."""
    # A safe loader, which the linter does not know.
    table = yaml.load(text, Loader=_Loader)  # noqa: S506
    if not isinstance(table, dict):
        return None
    return alias_table({str(section): names for section, names in table.items()})


def alias_table(aliases: Mapping[str, Any] | None) -> AliasTable:
    """Check and index an alias table read from configuration.

    Parameters
    ----------
    aliases : mapping or None
        Sections ``profile``, ``video``, ``languages``, ``video_signs`` and ``other_platforms`` as
        in ``conf/aliases.yaml``; None knows the canonical names only.

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
    known = {"profile", "video", "video_signs", "other_platforms", "languages"}
    _check_known(given, known, "section of the alias table")
    profile, video = given.get("profile") or {}, given.get("video") or {}
    _check_known(profile, set(READABLE) - set(VIDEO_COLUMNS), "column under profile")
    _check_known(video, set(VIDEO_COLUMNS), "column under video")
    languages = given.get("languages") or {}
    for code, columns in languages.items():
        _check_known(columns, set(READABLE), f"column under languages.{code}")
    platforms = {
        name: (frozenset(map(normalise, one.get("names", ()))), tuple(one.get("hosts", ())))
        for name, one in (given.get("other_platforms") or {}).items()
    }
    return AliasTable(
        profile={
            name: _names_of(name, profile, languages)
            for name in READABLE
            if name not in VIDEO_COLUMNS
        },
        video={name: _names_of(name, video, languages) for name in VIDEO_COLUMNS},
        video_signs=frozenset(map(normalise, given.get("video_signs") or ())),
        platforms=platforms,
        languages=_languages_of(languages),
    )


def _names_of(
    canonical: str, section: Mapping[str, Any], languages: Mapping[str, Any]
) -> tuple[str, ...]:
    """Return the canonical name, those of the table, and those of each language, normalised."""
    listed = [canonical, *(section.get(canonical) or ())]
    listed += [name for columns in languages.values() for name in columns.get(canonical, ())]
    return tuple(dict.fromkeys(map(normalise, listed)))


def _languages_of(languages: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    codes: dict[str, set[str]] = {}
    for code, columns in languages.items():
        for names in columns.values():
            for name in names:
                codes.setdefault(normalise(name), set()).add(str(code))
    return {name: frozenset(spoken) for name, spoken in codes.items()}


def _check_known(given: Mapping[str, Any], known: set[str], what: str) -> None:
    unknown = sorted(set(map(str, given)) - known)
    if unknown:
        raise InputError(
            f"{unknown[0]!r} is not a valid {what}.\nValid: {', '.join(sorted(known))}."
        )
