"""Tables and progress on the terminal."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pandas as pd
from rich.console import Console
from rich.markup import escape
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

from tiktok_segments.wording import percent, short_number

WIDTH_WITHOUT_TERMINAL = 140


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
    """

    @contextmanager
    def reading(self) -> Iterator[Callable[[str], None]]:
        """Turn a spinner, with the step that is under way beside it."""
        with console(stderr=True).status("Reading ...") as status:
            yield status.update

    def found(self, notes: Sequence[str]) -> None:
        """Print what was found."""
        console().print("\n".join(notes), markup=False, style="dim")


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
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn(f"{{task.completed:,.0f}} {unit}"),
        _Rate(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None)

        def tell(step: str, done: int, total: int | None) -> None:
            bar.update(task, description=step, completed=done, total=total)

        yield tell


def print_table(frame: pd.DataFrame, title: str, marked: int | None = None) -> None:
    """Print a frame as a table, numbers to the right.

    Parameters
    ----------
    frame : DataFrame of shape (n_rows, n_columns)
        Cells are printed as they are; numbers with four significant digits.
    title : str
        Above the table.
    marked : int or None
        Position of the row to print in bold.
    """
    console().print(title, markup=False, style="bold")
    table = Table(header_style="bold", box=None, pad_edge=False)
    for name in frame.columns:
        numeric = pd.api.types.is_numeric_dtype(frame[name])
        table.add_column(
            str(name).replace("_", " "),
            justify="right" if numeric else "left",
            no_wrap=name == frame.columns[0],
            overflow="fold",  # an id is broken in a narrow terminal, and not cut
        )
    for position, row in enumerate(frame.itertuples(index=False)):
        table.add_row(*map(_cell, row), style="bold" if position == marked else None)
    console().print(table)


def print_segments(segments: pd.DataFrame, title: str) -> None:
    """Print segments as people read them: sizes, medians in real units.

    Parameters
    ----------
    segments : DataFrame of shape (n_segments, n_statistics)
        As :func:`~tiktok_segments.segments.describe.describe_segments` returns it.
    title : str
        Above the table.
    """
    shown = pd.DataFrame(
        {
            "segment": segments["segment"],
            "accounts": segments["accounts"].map("{:,}".format),
            "share": segments["share"].map(percent),
        }
    )
    for name, write in (
        ("followers", short_number),
        ("following", short_number),
        ("videos", short_number),
        ("engagement_rate", percent),
    ):
        if f"{name}_median" in segments:
            shown[f"median {name}"] = segments[f"{name}_median"].map(write)
    if "verified_share" in segments:
        shown["verified"] = segments["verified_share"].map(percent)
    print_table(shown, title)


def printable(text: str) -> str:
    r"""Return a text without characters that could steer a terminal.

    Examples
    --------
    >>> printable("maya\x1b[31m")
    'maya�[31m'
    """
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _cell(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else escape(str(value))
