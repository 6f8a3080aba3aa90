"""What a user says about an export that the file does not tell by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from tiktok_segments.errors import InputError
from tiktok_segments.schema import NUMERIC_KINDS, READABLE

UNITS: Mapping[str, float] = {
    "one": 1.0,
    "hundreds": 1e2,
    "thousands": 1e3,
    "ten thousands": 1e4,
    "lakh": 1e5,
    "millions": 1e6,
    "crore": 1e7,
    "billions": 1e9,
}
"""Units of counts and averages: the factor to single ones."""

RATE_UNITS: Mapping[str, float] = {"fraction": 1.0, "percent": 1e-2, "permille": 1e-3}
"""Units of rates: the factor to fractions."""

Rows = Literal["videos", "accounts"]
Decimal = Literal[".", ","]


@dataclass(frozen=True)
class Hints:
    """Settings of ``data`` that say how a file is to be read; nothing is said by default.

    Parameters
    ----------
    columns : tuple of (str, str)
        Canonical column, and its name in the file.
    sheet : str, optional
        Sheet of a workbook.
    header : int, optional
        Line, or row of a sheet, that holds the columns' names, from 1.
    encoding : str, optional
        Encoding of a text file, as Python calls it.
    decimal : {".", ","}, optional
        Decimal mark of the file's numbers.
    rows : {"videos", "accounts"}, optional
        What a row is.
    units : tuple of (str, str)
        Canonical column, and the unit of its numbers: a key of UNITS or RATE_UNITS.
    """

    columns: tuple[tuple[str, str], ...] = ()
    sheet: str | None = None
    header: int | None = None
    encoding: str | None = None
    decimal: Decimal | None = None
    rows: Rows | None = None
    units: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(
        cls,
        *,
        columns: Mapping[str, Any] | None = None,
        sheet: Any = None,
        header: Any = None,
        encoding: Any = None,
        decimal: Any = None,
        rows: Any = None,
        units: Mapping[str, Any] | None = None,
    ) -> Hints:
        """Check what a user says, as in ``conf/data``.

        Raises
        ------
        InputError
            Naming the setting, what it holds and what is valid.

        Examples
        --------
        >>> Hints.of(units={"followers": "thousands", "likes": None}).units
        (('followers', 'thousands'),)
        >>> Hints.of(rows="posts")
        Traceback (most recent call last):
        ...
        tiktok_segments.errors.InputError: data.rows is 'posts'; valid: videos, accounts.
        """
        if header is not None and (isinstance(header, bool) or not _is_line(header)):
            raise InputError(f"data.header is {header!r}; give the header's line, from 1.")
        _check_choice("decimal", decimal, get_args(Decimal))
        _check_choice("rows", rows, get_args(Rows))
        if encoding is not None:
            _check_encoding(str(encoding))
        return cls(
            columns=_checked_columns(columns),
            sheet=None if sheet is None else str(sheet),
            header=header,
            encoding=None if encoding is None else str(encoding),
            decimal=decimal,
            rows=rows,
            units=_checked_units(units),
        )


HINTS = tuple(field.name for field in fields(Hints))
"""What the settings are called in ``conf/data``."""


def valid_units(name: str) -> Mapping[str, float]:
    """Return the units that the numbers of a canonical column can be in, with their factors.

    Examples
    --------
    >>> list(valid_units("engagement_rate"))
    ['fraction', 'percent', 'permille']
    """
    return RATE_UNITS if READABLE[name].kind == "rate" else UNITS


def _is_line(header: Any) -> bool:
    return isinstance(header, int) and header >= 1


def _check_choice(name: str, value: Any, valid: tuple[str, ...]) -> None:
    if value is not None and value not in valid:
        raise InputError(f"data.{name} is {value!r}; valid: {', '.join(valid)}.")


def _check_encoding(name: str) -> None:
    try:
        "".encode(name)
    except (LookupError, UnicodeError):
        raise InputError(
            f"data.encoding is {name!r}, which is not a known encoding.\n"
            "Valid are those of Python, as in utf-8, cp1252, gb18030, shift_jis or utf-16."
        ) from None


def _checked_columns(columns: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    named = {str(key): str(value) for key, value in (columns or {}).items() if value}
    for canonical in named:
        if canonical not in READABLE:
            raise InputError(
                f"data.columns.{canonical} names no canonical column.\n"
                f"Valid: {', '.join(READABLE)}."
            )
    return tuple(named.items())


def _checked_units(units: Mapping[str, Any] | None) -> tuple[tuple[str, str], ...]:
    said = {str(key): str(value) for key, value in (units or {}).items() if value}
    for canonical, unit in said.items():
        numeric = [name for name, column in READABLE.items() if column.kind in NUMERIC_KINDS]
        if canonical not in numeric:
            raise InputError(
                f"data.units.{canonical} names no column of numbers.\nValid: {', '.join(numeric)}."
            )
        if unit not in (valid := valid_units(canonical)):
            raise InputError(f"data.units.{canonical} is {unit!r}; valid: {', '.join(valid)}.")
    return tuple(said.items())


class Positions(list[int]):
    """Positions of the columns to read, with the canonical columns that they are.

    Parameters
    ----------
    positions : iterable of int
        In order.
    claimed : iterable of str
        Canonical columns for which one is read.
    """

    def __init__(self, positions: Iterable[int], claimed: Iterable[str]) -> None:
        super().__init__(positions)
        self.claimed = frozenset(claimed)
