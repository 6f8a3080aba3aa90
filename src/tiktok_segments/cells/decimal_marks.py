"""What a dot and a comma are in a file's numbers: 637.000 may be thousands, or 637."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

from tiktok_segments.cells.distinct import any_matches
from tiktok_segments.schema import Column

Meaning = Literal["thousands", "decimal", "ambiguous"]

LONE = {".": r"[1-9]\d{0,2}\.\d{3}", ",": r"[1-9]\d{0,2},\d{3}"}
"""A number with one mark that may be either."""

_NAMES = {".": "dot", ",": "comma"}
_HEAD = r"^[~≈%+-]? ?"
_TAIL = r" ?(?:e[+-]?\d{1,3}|[^\d.,' ][^\d]{0,40})?-?$"
_BARE_TAIL = r" ?-?$"
_GROUPED = (
    r"(?:[1-9]\d{0,2}(?:G\d{3}){2,}(?:D\d+)?|[1-9]\d{0,2}(?:G\d{3})+D\d+"
    r"|[1-9]\d?(?:G\d{2})+G\d{3}(?:D\d+)?)"
)
_FRACTION = r"(?:\d*MARK\d{1,2}|\d*MARK\d{4,}|0\d*MARK\d{3}|\d{4,}MARK\d{3}|MARK\d+|\d+MARK)"
_GROUPED_OTHERWISE = r"\d{1,3}(?:[' ]\d{3})+MARK\d+"


@dataclass(frozen=True)
class Marks:
    """What lone marks are in one column: in 637.000 and 1,234, which alone do not tell.

    Parameters
    ----------
    dots, commas : Meaning
        In a number without a suffix.
    suffixed_dots, suffixed_commas : Meaning
        In one with a suffix, as in 15,190K.
    million_dots, million_commas : Meaning
        In one in millions and above, as in 16,037 M: most measures of no account have as many.
    """

    dots: Meaning
    commas: Meaning
    suffixed_dots: Meaning = "decimal"
    suffixed_commas: Meaning = "decimal"
    million_dots: Meaning = "decimal"
    million_commas: Meaning = "decimal"


def marks_in(texts: pa.StringArray, column: Column) -> frozenset[str]:
    """Return what the numbers of a column tell of its marks, for :func:`settle_marks`.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Distinct and folded, of the column or a part of it.
    column : Column
        What the numbers are: a rate has no thousands.

    Returns
    -------
    frozenset of str
        Of ``dot groups``, ``decimal dot``, ``suffixed decimal dot`` (in numbers as 1.2M alone),
        ``dot fraction`` (what a lone dot makes no whole number of) and the same of commas.

    Examples
    --------
    >>> from tiktok_segments.schema import COLUMNS
    >>> sorted(marks_in(pa.array(["1.234.567", "0,5", "637.000"]), COLUMNS["likes"]))
    ['decimal comma', 'dot groups']
    >>> sorted(marks_in(pa.array(["9,1 %", "12"]), COLUMNS["like_rate"]))
    ['decimal comma']
    """
    told = set()
    for mark, other in ((".", ","), (",", ".")):
        name = _NAMES[mark]
        having = texts.filter(pc.match_substring(texts, mark))
        if not len(having):
            continue
        marked, opposed = f"[{mark}]", f"[{other}]"
        if column.kind != "rate":
            grouped = _GROUPED.replace("G", marked).replace("D", opposed)
            if any_matches(having, f"{_HEAD}{grouped}{_TAIL}"):
                told.add(f"{name} groups")
            elif _may_be_both(having, other) and any_matches(
                having, f"{_HEAD}{_GROUPED.replace('G', opposed).replace('D', marked)}{_TAIL}"
            ):
                told.add(f"decimal {name}")
            if any_matches(having, rf"^[+-]?{LONE[mark]}-?$") and any_matches(
                having, rf"^[+-]?[1-9]\d{{0,2}}{marked}(?:\d\d[1-9]|\d[1-9]\d|[1-9]\d\d)-?$"
            ):
                told.add(f"{name} fraction")
        fraction = rf"(?:{_FRACTION}|{_GROUPED_OTHERWISE})"
        if column.kind == "rate":
            fraction = rf"(?:{fraction}|\d+MARK\d+)"
        fraction = f"{_HEAD}{fraction.replace('MARK', marked)}"
        if any_matches(having, f"{fraction}{_BARE_TAIL}"):
            told.add(f"decimal {name}")
        elif any_matches(having, f"{fraction}{_TAIL}"):
            told.add(f"decimal {name}" if column.kind == "rate" else f"suffixed decimal {name}")
    return frozenset(told)


def _may_be_both(texts: pa.StringArray, other: str) -> bool:
    return bool(pc.any(pc.match_substring(texts, other)).as_py())


def settle_marks(
    own: frozenset[str],
    of_file: frozenset[str],
    column: Column,
    *,
    scaled: bool = False,
    said: str | None = None,
) -> Marks:
    """Say what lone marks are: the column tells, or the file, or nobody knows.

    A whole count with three decimals is none: beside 1.2M, 850.000 has thousands.

    Parameters
    ----------
    own, of_file : frozenset of str
        What the column tells, and what all columns of the file do.
    column : Column
        Counts are whole.
    scaled : bool
        Whether the numbers are in thousands or the like, and so may have fractions.
    said : {".", ","}, optional
        The file's decimal mark, as the user says; beats the numbers.

    Returns
    -------
    Marks
        Of the column.

    Examples
    --------
    >>> from tiktok_segments.schema import COLUMNS
    >>> likes = COLUMNS["likes"]
    >>> settle_marks(frozenset({"dot groups", "decimal dot"}), frozenset(), likes).dots
    'thousands'
    >>> settle_marks(frozenset(), frozenset({"decimal comma"}), likes).dots
    'thousands'
    >>> settle_marks(frozenset({"suffixed decimal dot"}), frozenset(), likes).dots
    'thousands'
    >>> settle_marks(frozenset(), frozenset(), likes)
    Marks(dots='ambiguous', commas='thousands', suffixed_dots='ambiguous', \
suffixed_commas='ambiguous', million_dots='decimal', million_commas='decimal')
    """
    if column.kind == "rate":  # which has no thousands
        return Marks("decimal", "decimal")
    if said is not None:
        dots, commas = _SAID[said]
        return Marks(dots, commas, dots, commas, dots, commas)
    found: dict[str, Meaning] = {}
    whole = column.kind == "count" and not scaled
    for mark, other in (("dot", "comma"), ("comma", "dot")):
        by_column, by_file = (_meaning(told, mark, other, whole) for told in (own, of_file))
        if by_column is None and whole and f"suffixed decimal {mark}" in own:
            by_column = "thousands"
        meaning = by_column or by_file
        if by_column is None and by_file == "decimal" and whole and f"{mark} fraction" in own:
            meaning = "ambiguous"
        if meaning is None:
            meaning = _UNTOLD[mark] if column.kind == "count" else _UNTOLD_OF_AVERAGES[mark]
            meaning = "ambiguous" if scaled else meaning  # 12,874 thousands are 12.9 thousand, or M
        found[mark] = meaning
        suffixed = _before_a_suffix(own, mark, other)
        if suffixed is None and whole and f"{mark} fraction" in own:
            suffixed = "thousands"
        found[f"million {mark}"] = suffixed or "decimal"
        by_file = _before_a_suffix(of_file, mark, other)
        found[f"suffixed {mark}"] = suffixed or by_file or "ambiguous"
        if suffixed is None and by_file == "thousands" and column.name in _BILLIONS:
            found[f"million {mark}"] = "ambiguous"
    return Marks(*(found[kind + mark] for kind in _KINDS for mark in ("dot", "comma")))


_KINDS = ("", "suffixed ", "million ")
_SAID: dict[str, tuple[Meaning, Meaning]] = {
    ".": ("decimal", "thousands"),
    ",": ("thousands", "decimal"),
}
_BILLIONS = frozenset({"likes", "video_views"})  # of what there may be thousands of millions
_UNTOLD: dict[str, Meaning] = {"dot": "ambiguous", "comma": "thousands"}
_UNTOLD_OF_AVERAGES: dict[str, Meaning] = {"dot": "decimal", "comma": "thousands"}


def _before_a_suffix(told: frozenset[str], mark: str, other: str) -> Meaning | None:
    """Say what a lone mark is in 15,190K; what stands before other suffixes tells as well."""
    if {f"{mark} groups", f"suffixed decimal {mark}"} <= told:
        return "ambiguous"
    return _meaning(told, mark, other, False)


def _meaning(told: frozenset[str], mark: str, other: str, whole: bool) -> Meaning | None:
    if f"{mark} groups" in told:
        return "thousands"
    decimal = not told.isdisjoint({f"decimal {mark}", f"{other} groups"})
    decimal |= not whole and f"suffixed decimal {mark}" in told
    thousands = not told.isdisjoint({f"decimal {other}", f"suffixed decimal {other}"})
    if decimal and thousands:
        return "ambiguous"
    if decimal or thousands:
        return "decimal" if decimal else "thousands"
    return None


def plain_spelling(texts: pa.StringArray, column: Column, marks: Marks) -> pa.StringArray:
    """Spell the commonest odd numbers plainly: with groups of one mark, or as 9,1 %.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Folded.
    column : Column
        Rates may have a percent sign, and counts groups.
    marks : Marks
        What a lone dot and a lone comma are.

    Returns
    -------
    pyarrow.StringArray
        Null where a text needs to be looked at more closely.

    Examples
    --------
    >>> from tiktok_segments.schema import COLUMNS
    >>> texts = pa.array(["1.234.567", "1,234"])
    >>> plain_spelling(texts, COLUMNS["likes"], Marks("thousands", "decimal")).to_pylist()
    ['1234567', None]
    """
    none = pa.scalar(None, pa.string())
    if column.kind == "rate":
        fitting = pc.match_substring_regex(texts, r"^\d{1,6}[.,]?\d{0,12} ?%$")
        number = pc.replace_substring(pc.utf8_rtrim(texts, "% "), ",", ".")
        return pc.if_else(fitting, pc.binary_join_element_wise(number, "e-2", ""), none)
    spelled = pa.nulls(len(texts), pa.string())
    for mark, meaning in ((".", marks.dots), (",", marks.commas)):
        if meaning == "thousands":
            fitting = pc.match_substring_regex(
                texts, rf"^[1-9]\d{{0,2}}(?:[{mark}]\d{{3}}){{1,4}}$"
            )
            bare = pc.replace_substring(texts, mark, "")
            spelled = pc.if_else(fitting, bare, spelled)
    return spelled
