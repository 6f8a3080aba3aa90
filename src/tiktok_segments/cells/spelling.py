"""How one file spells what a cell alone does not tell: told by all of its columns together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from tiktok_segments.cells.decimal_marks import settle_marks
from tiktok_segments.cells.flags import settle_crosses, settle_flags, settle_minus
from tiktok_segments.cells.numbers import NumberSpelling
from tiktok_segments.cells.suffixes import settle_suffixes
from tiktok_segments.cells.times import settle_days
from tiktok_segments.schema import NUMERIC_KINDS, READABLE

Told = Mapping[str, frozenset[str]]
"""What the cells of each readable column tell; what parts of a file tell is the union of it."""


@dataclass(frozen=True)
class Spelling:
    """How a whole file spells what one of its cells alone does not tell.

    Parameters
    ----------
    numbers : mapping of str to NumberSpelling
        Per column of numbers.
    silent_no : mapping of str to bool
        Per column of flags, whether an empty cell says no; else it says nothing.
    crosses : mapping of str to bool
        Per column of flags, whether a cross says yes.
    minus : mapping of str to bool
        Per column of flags, whether -1 says yes.
    days : mapping of str to str
        Per column of times, whether days stand before months (see
        :func:`~tiktok_segments.cells.times.settle_days`).
    """

    numbers: Mapping[str, NumberSpelling] = field(default_factory=dict)
    silent_no: Mapping[str, bool] = field(default_factory=dict)
    crosses: Mapping[str, bool] = field(default_factory=dict)
    minus: Mapping[str, bool] = field(default_factory=dict)
    days: Mapping[str, str] = field(default_factory=dict)


def join_told(one: Told, other: Told) -> dict[str, frozenset[str]]:
    """Return what two parts of a file tell together.

    Examples
    --------
    >>> join_told({"likes": frozenset({"decimal dot"})}, {"likes": frozenset()})
    {'likes': frozenset({'decimal dot'})}
    """
    none: frozenset[str] = frozenset()
    return {name: one.get(name, none) | other.get(name, none) for name in {**one, **other}}


def settle_spelling(
    told: Told,
    *,
    factors: Mapping[str, float] | None = None,
    languages: Collection[str] = (),
    decimal: str | None = None,
) -> Spelling:
    """Say how a file spells its numbers, flags and times.

    Parameters
    ----------
    told : mapping of str to frozenset of str
        What the cells of each readable column tell.
    factors : mapping of str to float, optional
        Per column, what its numbers are in.
    languages : collection of str
        Codes of those languages one of which its columns' names are in.
    decimal : {".", ","}, optional
        Its decimal mark, as the user says.

    Returns
    -------
    Spelling
        Of the whole file.

    Examples
    --------
    >>> told = {"followers": frozenset(), "like_rate": frozenset({"decimal comma"})}
    >>> settle_spelling(told).numbers["followers"].marks.dots
    'thousands'
    """
    numeric = {name: one for name, one in told.items() if READABLE[name].kind in NUMERIC_KINDS}
    of_file = frozenset().union(*numeric.values())
    spoken = _after("language ", frozenset().union(*told.values()))
    meanings = settle_suffixes(_after("suffix ", of_file), spoken, languages)
    numbers = {
        name: NumberSpelling(
            settle_marks(
                own,
                of_file,
                READABLE[name],
                scaled=(factors or {}).get(name, 1.0) > 1,
                said=decimal,
            ),
            meanings,
        )
        for name, own in numeric.items()
    }
    flags = {name: one for name, one in told.items() if READABLE[name].kind == "flag"}
    times = {name: one for name, one in told.items() if READABLE[name].kind == "time"}
    return Spelling(
        numbers,
        {name: settle_flags(said) == 0 for name, said in flags.items()},
        {name: settle_crosses(said) for name, said in flags.items()},
        {name: settle_minus(said) for name, said in flags.items()},
        {name: settle_days(order) for name, order in times.items()},
    )


def _after(prefix: str, told: frozenset[str]) -> frozenset[str]:
    return frozenset(one.removeprefix(prefix) for one in told if one.startswith(prefix))
