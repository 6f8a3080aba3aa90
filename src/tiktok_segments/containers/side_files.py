"""What lies beside exports in a folder or an archive, and is none, told by its name."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from pathlib import PurePosixPath

from tiktok_segments.containers.platform_names import OTHERS, SHORT, TIKTOK

SUPPORTED = "Give CSV, TSV, JSON, JSON Lines, Parquet or .xlsx, plain, gzip or zip."
"""What is told where none of them is given."""

SUFFIXES = {
    *(".csv", ".tsv", ".tab", ".txt", ".json", ".jsonl", ".ndjson"),
    *(".parquet", ".pq", ".xlsx", ".xlsm"),
}
"""How the names of exports end."""
PACKED = {".gz", ".gzip", ".zip"}
"""How the names of packed files end."""

_OLD_EXCEL = {".xls", ".xlsb", ".ods"}
_SYSTEM = re.compile(r"\.|~\$|__MACOSX|(?:thumbs\.db|desktop\.ini|icon\r)$", re.IGNORECASE)
_ABOUT = re.compile(
    r"""
    (?: read[-_ ]?me | licen[cs]e | copying | notice | change[-_ ]?log | authors | contributors?
      | citation | contributing | install | make[-_ ]?file | docker[-_ ]?file | code[-_ ]?book
      | (?:md5|sha\d*)[-_ ]?sums? | check[-_ ]?sums?
    ) (?![a-z]) .*
    | .* (?<![a-z]) (?: code[-_ ]?book | data[-_ ]?dict(?:ionary)? | read[-_ ]?me )
    | (?: data[-_ ]?(?:set|package)? [-_ ]? )? (?:metadata | description | dictionary | card)
    | data[-_ ]?package | manifest | schema | requirements | package(?:-lock)? | ro-crate-metadata
    | _success | _(?:common_)?metadata | _(?:started|committed).*
    """,
    re.IGNORECASE | re.VERBOSE,
)


_DAY_FIRST = re.compile(r"(?<!\d)(\d\d?)\.(\d\d?)\.((?:19|20)\d\d)(?!\d)")
_MONTHS = {
    name.lower(): number
    for number in range(1, 13)
    for name in (calendar.month_name[number], calendar.month_abbr[number])
} | {
    "januar": 1, "februar": 2, "märz": 3, "mär": 3, "mrz": 3, "mai": 5, "juni": 6, "juli": 7,
    "oktober": 10, "okt": 10, "dezember": 12, "dez": 12,
}  # fmt: skip
_MONTH_NAME = rf"(?<![^\W\d_])(?P<name>{'|'.join(_MONTHS)})(?![^\W\d_])"
_YEAR, _DAY, _GAP = r"(?P<year>20\d\d)(?!\d)", r"(?P<day>(?<!\d)[0-3]?\d(?!\d))", r"[\W_]{0,2}"
_MONTH_NAMED = [
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?:{_DAY}(?:st|nd|rd|th)?{_GAP})?{_MONTH_NAME}{_GAP}{_YEAR}",
        rf"{_MONTH_NAME}{_GAP}{_DAY}{_GAP}{_YEAR}",
        rf"{_YEAR}{_GAP}{_MONTH_NAME}(?:{_GAP}{_DAY})?",
    )
]
"""1 Dec 2026, December 2026; Dec 1, 2026; 2026-Dec, 2026-Dec-01."""
_NUMBER = re.compile(r"\d+")
_OURS = re.compile(rf"{TIKTOK}|(?<![a-z])tt(?![a-z])", re.IGNORECASE)
_OTHERS = re.compile(rf"{OTHERS}|(?<![a-z])(?:{SHORT})(?![a-z])", re.IGNORECASE)


def part_exports(names: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part exports from what lies beside them, by the names alone.

    Left out are what systems leave behind (hidden files, ``Thumbs.db``, ``~$book.xlsx``, a folder
    ``__MACOSX``), what describes the data (README, LICENSE, CITATION, a codebook or dictionary of
    the data, metadata, a schema, checksums) and every file whose name ends like no export. Where
    none ends like one, as after ``part-00000``, that tells nothing, and all are exports; so are the
    files without an ending and the workbooks of other programs, whose error says what to do.

    Beside files that are called after TikTok, or lie in a folder that is, so is what is called
    after another platform.

    Parameters
    ----------
    names : sequence of str
        Names of files, with the folders that they lie in.

    Returns
    -------
    exports, left_out : list of str
        Sorted; week 9 comes before week 10.

    Examples
    --------
    >>> part_exports(["README.md", "a.csv", "b.JSON.gz", "codebook.csv", "plot.png", ".DS_Store"])
    (['a.csv', 'b.JSON.gz'], ['.DS_Store', 'README.md', 'codebook.csv', 'plot.png'])
    >>> part_exports(["Instagram/a.csv", "TikTok/a.csv"])
    (['TikTok/a.csv'], ['Instagram/a.csv'])
    """
    names = sorted(names, key=in_order)
    possible = [name for name in names if not _describes(name)]
    known = {name for name in possible if ending(name) in SUFFIXES | _OLD_EXCEL | {""}}
    exports = [name for name in possible if name in known or not known]
    if any(map(_OURS.search, exports)):
        exports = [name for name in exports if not _is_of_another_platform(name)]
    return exports, [name for name in names if name not in exports]


def in_order(name: str) -> str:
    """Return the text by which files are sorted: numbers by their size, dates by the calendar.

    Months may be called by their English or German names.

    Examples
    --------
    >>> sorted(["week10.csv", "week9.csv"], key=in_order)
    ['week9.csv', 'week10.csv']
    >>> sorted(["1.12.2026.csv", "24.11.2026.csv"], key=in_order)
    ['24.11.2026.csv', '1.12.2026.csv']
    >>> sorted(["Dec 2026.csv", "Nov 2026.csv"], key=in_order)
    ['Nov 2026.csv', 'Dec 2026.csv']
    """
    by_year = _DAY_FIRST.sub(r"\3.\2.\1", name)
    for form in _MONTH_NAMED:
        by_year = form.sub(_in_figures, by_year)
    return _NUMBER.sub(lambda number: number[0].zfill(19), by_year)


def _in_figures(date: re.Match[str]) -> str:
    """Spell a date as its year, month and day, which a month as a whole has none of."""
    return f"{date['year']}.{_MONTHS[date['name'].lower()]}.{date['day'] or ''}"


def is_hidden(name: str) -> bool:
    """Whether a file, or a folder that it lies in, is the system's own and never shown.

    Examples
    --------
    >>> is_hidden("__MACOSX/._a.csv"), is_hidden("data/a.csv")
    (True, False)
    """
    return any(_SYSTEM.match(part) for part in PurePosixPath(name).parts)


def ending(name: str) -> str:
    """Return the last ending of a file's name that says what is in it, in small letters.

    Examples
    --------
    >>> ending("A.CSV.gz"), ending("a.zip"), ending("a")
    ('.csv', '', '')
    """
    path = PurePosixPath(name)
    while path.suffix.lower() in PACKED:
        path = path.with_suffix("")
    return path.suffix.lower()


def stem(name: str) -> str:
    """Return a file's name without the endings that say what is in it and how it is packed."""
    path = PurePosixPath(name)
    while path.suffix.lower() in PACKED | SUFFIXES:
        path = path.with_suffix("")
    return path.name


def left_out_note(where: str, names: Sequence[str]) -> str:
    """Tell what was left out of a folder or an archive.

    Examples
    --------
    >>> left_out_note("data", ["README.md"])
    'data: left out, being no exports: README.md'
    """
    shown = [
        f"{name} (another platform)" if _is_of_another_platform(name) else name for name in names
    ]
    return f"{where}: left out, being no exports: {list_names(shown)}"


def list_names(names: Sequence[str]) -> str:
    """List the first names of files on one line, and how many there are besides."""
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _describes(name: str) -> bool:
    return is_hidden(name) or _ABOUT.fullmatch(stem(PurePosixPath(name).name)) is not None


def _is_of_another_platform(name: str) -> bool:
    return _OTHERS.search(name) is not None and _OURS.search(name) is None
