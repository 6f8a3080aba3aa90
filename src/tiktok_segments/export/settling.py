"""What an export's columns are, settled by what they hold.

Names alone do not tell whether a row is a video, which of two columns with names of one measure is
the better, whether *engagement* is a rate, and in which unit a number is. The first rows tell, or
the user is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tiktok_segments.containers.hints import Hints, Rows, valid_units
from tiktok_segments.containers.records import Records
from tiktok_segments.errors import InputError
from tiktok_segments.export.better_columns import leave_addresses_out, take_better_columns
from tiktok_segments.export.doubtful_suffixes import ask_for_suffixes
from tiktok_segments.export.first_look import FirstLook, Spell
from tiktok_segments.export.matching import Matching
from tiktok_segments.export.meanings import call_right
from tiktok_segments.export.proofs import fits_unit
from tiktok_segments.export.rows.grouped_accounts import check_accounts
from tiktok_segments.export.rows.platforms import (
    lie_on_tiktok,
    name_platforms,
    other_platform,
    tells_platforms,
)
from tiktok_segments.export.rows.row_kind import (
    links_to_videos,
    measures_of_videos,
    rows_are_videos,
)
from tiktok_segments.export.unit_evidence import ask_for_units, doubt_units
from tiktok_segments.export.unit_row import take_units_below_names

HEAD = 2_000
"""Rows that everything is settled by."""

_OF_ACCOUNTS = ("engagement_rate", "like_rate", "comment_rate", "engagement_by_views", "likes",
                "videos", "following")  # fmt: skip
"""Numbers of an account that files with a row per video give per video, too."""


@dataclass(frozen=True)
class Settled:
    """What was settled.

    Parameters
    ----------
    matching : Matching
        Of the file's columns.
    notes : tuple of str
        What is not as the names have it, and why.
    """

    matching: Matching
    notes: tuple[str, ...] = ()


_OF_VIDEOS = frozenset({"video_views", "video_comments", "video_shares"})
"""Measures that no account has."""

Match = Callable[[Rows | None], Matching]
"""Matches the file's names, as rows of videos or of accounts, or as the names tell."""


def settle_matching(
    names: Sequence[str],
    head: Records,
    match: Match,
    spell: Spell,
    hints: Hints,
    file: str,
) -> Settled:
    """Settle by the first rows what the names leave open.

    Parameters
    ----------
    names : sequence of str
        The file's columns.
    head : Records
        The first rows, with every column that could be matched.
    match : callable
        See :data:`Match`.
    spell : callable
        Says how cells are spelled.
    hints : Hints
        What the user says, which is not asked again.
    file : str
        For messages.

    Returns
    -------
    Settled
        The matching to read the whole file by.

    Raises
    ------
    InputError
        If a unit cannot be told: with the readings of it, side by side, and the settings.
    """
    matching, notes = _settle_rows(head, match, spell, hints, file)
    matching = _check_platform(names, head, matching, file)
    matching, better = take_better_columns(names, head, matching, spell, file)
    matching, links = leave_addresses_out(names, head, matching, dict(hints.columns))
    matching, below = take_units_below_names(head, matching, dict(hints.units))
    if "url" in matching.positions and not matching.per_video:
        on_tiktok = lie_on_tiktok(head.columns[matching.positions["url"][0]])
        matching = replace(matching, addresses_tell=on_tiktok)
    look = FirstLook(head, matching, spell, file)
    if matching.per_video:
        drop = measures_of_videos(
            look.accounts, {name: look.frame[name] for name in look.numbers}, _OF_ACCOUNTS
        )
        matching = _without(matching, drop, hints)
        better += [
            f"{name} (column {names[look.positions[name]]!r}) differs between the videos of an "
            "account: it is the video's and not used as the account's"
            for name in drop
        ]
        look = FirstLook(head, matching, spell, file)
    matching, renamed = call_right(names, matching, look, hints)
    check_accounts(names, head, matching, look, dict(hints.columns), file)
    if renamed:
        look = FirstLook(head, matching, spell, file)
    matching, settled = _settle_units(names, matching, look, hints, file)
    return Settled(matching, (*notes, *better, *links, *below, *renamed, *settled))


def _settle_rows(
    head: Records,
    match: Match,
    spell: Spell,
    hints: Hints,
    file: str,
) -> tuple[Matching, list[str]]:
    """Say whether a row is an account or a video."""
    matching = match(hints.rows)
    if hints.rows is not None or matching.per_video:
        return matching, []
    links = matching.positions.get("url", ())
    videos = match("videos")
    measured = bool(_OF_VIDEOS & videos.positions.keys())
    if links and links_to_videos(head.columns[links[0]], short=measured):
        return videos, ["a row is a video: its address leads to one"]
    if "followers" not in matching.positions or not measured:
        return matching, []
    look = FirstLook(head, videos, spell, file)
    if rows_are_videos(look.accounts, look.frame, look.frame):
        why = "accounts come again with the same followers and other measures of a video"
        return videos, [f"a row is a video: {why} (data.rows=accounts says otherwise)"]
    return matching, []


def _check_platform(names: Sequence[str], head: Records, matching: Matching, file: str) -> Matching:
    """Use a column of platforms where TikTok is among them; refuse a file of another one."""
    if "platform" not in matching.positions:
        named = matching.positions.get("nickname")
        if named is None or not name_platforms(head.columns[named[0]]):
            return matching
        others = {name: one for name, one in matching.positions.items() if name != "nickname"}
        return replace(matching, positions={**others, "platform": named})
    claims = [matching.positions["platform"][0], *matching.others.get("platform", ())]
    telling = [one for one in claims if tells_platforms(names[one], head.columns[one])]
    if telling:
        return replace(matching, positions={**matching.positions, "platform": (telling[0],)})
    for position in claims:
        if other := other_platform(names[position], head.columns[position]):
            raise InputError(
                f"{file} holds accounts of {other}: the column {names[position]!r} says so.\n"
                "Only TikTok profiles are read: their counts and rates mean something else."
            )
    positions = {name: claim for name, claim in matching.positions.items() if name != "platform"}
    return replace(matching, positions=positions)


def _without(matching: Matching, names: Sequence[str], hints: Hints) -> Matching:
    """Leave columns out that the user did not name himself."""
    said = dict(hints.columns)
    kept = {n: claim for n, claim in matching.positions.items() if n not in names or n in said}
    return replace(matching, positions=kept)


def _settle_units(
    names: Sequence[str], matching: Matching, look: FirstLook, hints: Hints, file: str
) -> tuple[Matching, list[str]]:
    """Take the units that the values prove, and ask for those that they only make doubtful."""
    said = dict(hints.units)
    assumed = [
        name
        for name in map(str, look.frame)
        if name not in said
        and look.positions[name] not in matching.factors
        and not look.says_its_unit(name)
    ]
    factors, units = dict(matching.factors), dict(matching.units)
    for name in look.frame:
        if look.says_its_unit(str(name)):
            units[str(name)] = "each cell says it"
        elif name in assumed:
            units[str(name)] = f"{next(iter(valid_units(str(name))))}, and its values agree"
    notes, open_doubts = [], []
    named = {
        name: matching.factor(name)
        for name in map(str, look.frame)
        if name not in said
        and look.positions[name] in matching.factors
        and not look.says_its_unit(name)
    }
    doubts = doubt_units(look.frame, look.fractional(), assumed, named)
    for name in map(str, look.frame):
        if name not in said and name not in assumed and name not in named:
            plain = look.without_sign(name)
            doubts += doubt_units(look.frame[plain], {}, [name] if plain.any() else [])
    for doubt in doubts:
        unit, why = doubt.unit, "as the other columns prove"
        if unit is None and fits_unit(look.frame, doubt.column, said.get("followers")):
            unit, why = said["followers"], "as followers are, and its values agree"
        if unit is None:
            open_doubts.append(doubt)
        elif (factor := valid_units(doubt.column)[unit]) != 1:
            factors[look.positions[doubt.column]] = factor
            units[doubt.column] = f"{unit}, {why}"
            notes.append(f"{doubt.column} is in {unit}, {why}")
    columns = {name: names[position] for name, position in look.positions.items()}
    if asked := ask_for_suffixes(look.numbers, look.cells.ready, columns, file):
        raise InputError(asked)
    if open_doubts:
        raise InputError(ask_for_units(open_doubts, columns, file))
    return replace(matching, factors=factors, units=units), notes
