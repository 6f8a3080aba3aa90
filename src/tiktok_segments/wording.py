"""Numbers and switches as people write them, and tables as Markdown has them."""

from collections.abc import Iterable, Sequence

from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.schema import COLUMNS

SWITCH = {"on": True, "true": True, "off": False, "false": False}
"""What a setting that is on or off is given as, in small letters."""


def short_number(value: float) -> str:
    """Write a number as people do: 12.5M, 340K, 1.8; one that is missing is unknown.

    Examples
    --------
    >>> [short_number(x) for x in (12_500_000, 340_000, 999_999, 950, 0.5)]
    ['12.5M', '340K', '1M', '950', '0.5']
    """
    return ENGLISH.short(value)


def percent(value: float) -> str:
    """Write a fraction as a percentage with three significant digits.

    Examples
    --------
    >>> percent(0.0176), percent(63.5)
    ('1.76 %', '6,350 %')
    """
    return ENGLISH.percent(value)


def whole_percent(value: float) -> str:
    """Write a fraction as a percentage without decimals; what is there is never nothing.

    Examples
    --------
    >>> [whole_percent(share) for share in (0.4512, 0.003, 0, 0.999, 1)]
    ['45 %', 'under 1 %', '0 %', 'over 99 %', '100 %']
    """
    return ENGLISH.whole_percent(value)


def counted(number: int, noun: str) -> str:
    """Write how many there are of something.

    Examples
    --------
    >>> counted(1, "account"), counted(0, "account"), counted(12_500, "account")
    ('1 account', '0 accounts', '12,500 accounts')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def beside(figure: float, bound: float, decimals: int) -> str:
    """Write a figure so that it reads on the same side of a bound, and of 0, as it is.

    Parameters
    ----------
    figure, bound : float
        Finite.
    decimals : int
        As many, or more where the rounded figure would be elsewhere.

    Examples
    --------
    >>> beside(0.9123, 0.75, 2), beside(0.7498, 0.75, 2), beside(0.0002, 0.0001, 3)
    ('0.91', '0.7498', '0.0002')
    """
    for places in range(decimals, 17):
        text = f"{figure:.{places}f}"
        shown = float(text)
        if figure and not shown:
            continue
        if (shown < bound, shown > bound) == (figure < bound, figure > bound):
            return text
    return repr(float(figure))


def write_value(column: str, value: float, language: Language = ENGLISH) -> str:
    """Write a value of a canonical column in its unit: counts short, rates in per cent."""
    rate = COLUMNS[column].kind == "rate"
    return language.percent(value) if rate else language.short(value)


def say_model(label: str, language: Language = ENGLISH) -> str:
    """Say what people call a model; only ``version 3`` has words in it.

    Examples
    --------
    >>> say_model("version 3"), say_model("run 0123abcd")
    ('version 3', 'run 0123abcd')
    """
    kind, _, which = label.partition(" ")
    return language.say("version {versions}", versions=which) if kind == "version" else label


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
    # A percentage stays in one line of a narrow column.
    cells = [[markdown_text(cell).replace(" %", "\u00a0%") for cell in line] for line in lines]
    written = [f"| {' | '.join(line)} |" for line in cells]
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
