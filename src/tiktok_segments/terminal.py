"""Tables and progress on the terminal."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from numbers import Integral

import pandas as pd
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

WIDTH_WITHOUT_TERMINAL = 140

_ROOM_FOR_A_BAR = 100
"""Letters of a line from which on a bar, the rate and the times stand beside what is done."""

_GAP = 2
"""Spaces between the columns of a table."""

_NUMBER_WITH_UNIT = 10
"""Letters up to which what begins with a digit is a number and its unit."""

_LONGEST_WORD = 32
"""Letters above which a word is broken: a run's id stays whole, a handle of 300 does not."""

_SHORTEST_PIECE = 10
"""Letters of a piece where words may be broken."""


def console(stderr: bool = False) -> Console:
    """Return a console: results go to standard output, progress to standard error."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(
        stderr=stderr,
        highlight=False,
        soft_wrap=False,
        width=None if stream.isatty() else WIDTH_WITHOUT_TERMINAL,
    )


class ReadingShown:
    """Shows the reading of accounts: a spinner meanwhile, then what was found.

    As a listener of :func:`~tiktok_segments.accounts.dataset.load_dataset`.

    Parameters
    ----------
    again : bool
        Whether what is found was told before in this command, and is not told again.
    """

    def __init__(self, again: bool = False) -> None:
        self._again = again

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], None]]:
        """Turn a spinner, with the step that is under way beside it."""
        with console(stderr=True).status("Reading ...") as status:
            yield status.update

    def found(self, notes: Sequence[str]) -> None:
        """Print what was found."""
        if not self._again:
            console().print("\n".join(notes), markup=False, style="dim")


class _Count(ProgressColumn):
    """How many are done, of how many; nothing before the first."""

    def __init__(self, unit: str) -> None:
        super().__init__()
        self.unit = unit

    def render(self, task: Task) -> Text:
        if not task.completed:
            return Text("")
        total = "" if task.total is None else f" of {task.total:,.0f}"
        return Text(f"{task.completed:,.0f}{total} {self.unit}")


class _Rate(ProgressColumn):
    """How many are done in a second."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.speed:,.0f}/s" if task.speed else "")


@contextmanager
def progress_bar(unit: str) -> Iterator[Callable[[str, int, int | None], None]]:
    """Show a bar on standard error while something is counted, with the rate and the time left.

    Parameters
    ----------
    unit : str
        What is counted, behind the number.

    Yields
    ------
    callable
        Takes what is being done, how many are done, and how many there are where that is known.
    """
    out = console(stderr=True)
    columns = [TextColumn("{task.description}"), _Count(unit)]
    if out.width >= _ROOM_FOR_A_BAR:
        columns[1:1] = [BarColumn()]
        columns += [_Rate(), TimeElapsedColumn(), TimeRemainingColumn()]
    # A bar that nobody sees would still leave an empty line.
    with Progress(*columns, console=out, transient=True, disable=not out.is_terminal) as bar:
        task = bar.add_task("Reading", total=None)

        def tell(step: str, done: int, total: int | None) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield tell


def print_table(
    frame: pd.DataFrame, title: str, marked: int | None = None, folds: bool = False
) -> None:
    """Print a frame as a table, numbers to the right.

    Cells are broken between words. Where the terminal is too narrow for the longest words beside
    each other, each row is printed as a paragraph.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Cells are printed as they are; numbers with four significant digits.
    title : str
        Above the table.
    marked : int or None
        Position of the row to print in bold.
    folds : bool
        Whether words may be broken, as in a table of cells as they stand in a file.
    """
    out = console()
    out.print(title, markup=False, style="bold")
    heads = [str(name).replace("_", " ") for name in frame.columns]
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    widths = fit_columns([heads, *rows], out.width, _SHORTEST_PIECE if folds else _LONGEST_WORD)
    styles = ["bold" if position == marked else "" for position in range(len(rows))]
    if widths is None:
        for row, style in zip(rows, styles, strict=True):
            _print_record(out, heads, row, style)
        return
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, _GAP, 0, 0))
    for name, head, width in zip(frame.columns, heads, widths, strict=True):
        is_number = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(
            Text(head), justify="right" if is_number else "left", width=width, overflow="fold"
        )
    for row, style in zip(rows, styles, strict=True):
        table.add_row(*map(Text, row), style=style)
    out.print(table)


def fit_columns(
    rows: Sequence[Sequence[str]], width: int, longest: int = _LONGEST_WORD
) -> list[int] | None:
    """Choose the widths of a table's columns so that no word, number or id is broken.

    Parameters
    ----------
    rows : sequence of sequences of str
        The heads, then every row.
    width : int
        Letters in a line of the terminal.
    longest : int
        Letters of a word above which it may be broken.

    Returns
    -------
    list of int or None
        Letters of each column; None where the longest words do not fit beside each other.

    Examples
    --------
    >>> rows = [["segment", "median followers"], ["Community Builders", "22.5K"]]
    >>> fit_columns(rows, 80), fit_columns(rows, 30), fit_columns(rows, 20), fit_columns(rows, 19)
    ([18, 16], [14, 14], [9, 9], None)
    """
    columns = list(zip(*rows, strict=True))
    narrowest = [min(longest, max(map(_longest_part, column))) for column in columns]
    widths = [max(map(cell_len, column)) for column in columns]
    while sum(widths) + _GAP * (len(widths) - 1) > width:
        yielding = [at for at, narrow in enumerate(narrowest) if widths[at] > narrow]
        if not yielding:
            return None
        widths[max(yielding, key=lambda at: widths[at])] -= 1
    return widths


def _longest_part(cell: str) -> int:
    """Letters of the longest part that stays in one line: a word, or a number and its unit."""
    if len(cell) <= _NUMBER_WITH_UNIT and cell[:1].isdigit():
        return cell_len(cell)
    return max(map(cell_len, cell.split()), default=0)


def _print_record(out: Console, heads: Sequence[str], row: Sequence[str], style: str) -> None:
    """Print a row as a paragraph: its first cell, and below it every head with its cell."""
    lines = [""]
    for head, cell in zip(heads[1:], row[1:], strict=True):
        said = f"{head} {cell}".strip() if cell else ""
        if said and lines[-1] and cell_len(lines[-1]) + cell_len(said) + 2 * _GAP > out.width:
            lines.append(said)
        elif said:
            lines[-1] = f"{lines[-1]}, {said}".removeprefix(", ")
    first = f"{heads[0]} {row[0]}" if row[0].isdigit() else row[0]
    out.print(Text(first, style=style))
    out.print(Padding(Text("\n".join(lines), style=style), (0, 0, 0, _GAP)))


def printable(text: str) -> str:
    r"""Return a text without characters that could steer a terminal.

    Examples
    --------
    >>> printable("maya\x1b[31m")
    'maya�[31m'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _cell(value: object) -> str:
    """Write a cell: large numbers in full, others with four digits that count.

    Examples
    --------
    >>> [_cell(value) for value in (1000, 2337000.0, 0.56494, True)]
    ['1,000', '2,337,000', '0.5649', 'True']
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Integral):
        return str(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if 1e4 <= abs(value) < 1e15 else f"{value:.4g}"
    return f"{value:,}"
