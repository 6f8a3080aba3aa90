"""Numbers and switches as people write them, and tables as Markdown has them."""

from collections.abc import Iterable, Sequence
from math import isnan

from tiktok_segments.schema import COLUMNS

UNKNOWN = "unknown"
"""Stands for a number that is missing."""

SWITCH = {"on": True, "true": True, "off": False, "false": False}
"""What a setting that is on or off is given as, in small letters."""


def short_number(value: float) -> str:
    """Write a number as people do: 12.5M, 340K, 1.8; one that is missing is unknown.

    Examples
    --------
    >>> [short_number(x) for x in (12_500_000, 340_000, 999_999, 950, 0.5)]
    ['12.5M', '340K', '1M', '950', '0.5']
    """
    if isnan(value):
        return UNKNOWN
    for limit, suffix in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "K")):
        if abs(value) >= limit * 0.9995:
            return f"{value / limit:.3g}{suffix}"
    return f"{value:.3g}"


def percent(value: float) -> str:
    """Write a fraction as a percentage with three significant digits.

    Examples
    --------
    >>> percent(0.0176), percent(63.5)
    ('1.76 %', '6,350 %')
    """
    if isnan(value):
        return UNKNOWN
    share = value * 100
    return f"{share:,.0f} %" if abs(share) >= 100 else f"{share:.3g} %"


def whole_percent(value: float) -> str:
    """Write a fraction as a percentage without decimals; what is there is never nothing.

    Examples
    --------
    >>> [whole_percent(share) for share in (0.4512, 0.003, 0, 0.999, 1)]
    ['45 %', 'under 1 %', '0 %', 'over 99 %', '100 %']
    """
    if 0 < value < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 <= value < 1 else f"{value:.0%}".replace("%", " %")


def counted(number: int, noun: str) -> str:
    """Write how many there are of something.

    Examples
    --------
    >>> counted(1, "account"), counted(0, "account"), counted(12_500, "account")
    ('1 account', '0 accounts', '12,500 accounts')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def write_value(column: str, value: float) -> str:
    """Write a value of a canonical column in its unit: counts short, rates in per cent."""
    return percent(value) if COLUMNS[column].kind == "rate" else short_number(value)


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    r"""Write a table in Markdown, in which the text of a cell is a text only.

    Examples
    --------
    >>> print(markdown_table(["segment", "accounts"], [["A|B <i>", 3]]))
    | segment | accounts |
    |---|---|
    | A\|B &lt;i> | 3 |
    """
    lines = [head, *rows]
    written = [f"| {' | '.join(markdown_text(cell) for cell in line)} |" for line in lines]
    written.insert(1, "|---" * len(head) + "|")
    return "\n".join(written)


def markdown_text(text: object) -> str:
    r"""Write a text so that Markdown shows it as it is, in one line.

    Examples
    --------
    >>> print(markdown_text("a|b\n[c](d)"))
    a\|b \[c](d)
    """
    line = " ".join(str(text).split()).replace("\\", "\\\\").replace("<", "&lt;")
    for character in "|`[":
        line = line.replace(character, f"\\{character}")
    return line
