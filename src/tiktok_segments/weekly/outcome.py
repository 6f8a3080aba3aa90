"""What was done with one export, and why."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

EXIT_STATUS = {"kept": 0, "failed": 1, "replaced": 3, "refused": 4, "held": 5}
"""What the command's exit status says; 2 is left to the shell and to Python."""


@dataclass
class Week:
    """What was done with one export, and why.

    Attributes
    ----------
    tell : callable
        Called with each step's name and its sentence as it is done.
    source : str
        The export, as it was given.
    discreet : bool
        Whether nothing is kept that names files: the accounts have pseudonyms.
    started : datetime
        When, in UTC.
    steps : list of (str, str)
        Name and sentence of each step, kept.
    files : list of Path
        What was written.
    outcome : str
        ``kept``, ``replaced``, ``refused``, ``held`` or, until one of them is known, ``failed``.
    reason : str
        Why, in a sentence.
    drift : str
        The verdict on drift; empty where none was measured.
    counts : dict of str to int
        ``rows``, ``accounts``, ``rejected``, ``new``, ``gone`` and ``back``, as far as known.
    champion_before, champion : str
        The version in use before and after; empty where there was none.
    run_id : str
        The run of kind ``weekly``.

    Examples
    --------
    >>> week = Week(lambda step, what: None, "a.csv", started=datetime(2026, 5, 4, tzinfo=UTC))
    >>> week.end("held", "half of it"), week.name, week.status
    (None, '2026-W19', 5)
    """

    tell: Callable[[str, str], None]
    source: str
    discreet: bool = False
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    steps: list[tuple[str, str]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    outcome: str = "failed"
    reason: str = "Stopped before its end."
    drift: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    champion_before: str = ""
    champion: str = ""
    run_id: str = ""

    @property
    def name(self) -> str:
        """The week by ISO 8601: ``2026-W19``."""
        year, number, _ = self.started.isocalendar()
        return f"{year}-W{number:02d}"

    @property
    def status(self) -> int:
        """The exit status."""
        return EXIT_STATUS[self.outcome]

    def note(self, step: str, sentence: str, told: str | None = None) -> None:
        """Keep what a step did, and tell it, by ``told`` where that names what is not kept."""
        self.steps.append((step, sentence))
        self.tell(step, told or sentence)

    def end(self, outcome: str, reason: str) -> None:
        """Say what came out, and why."""
        self.outcome, self.reason = outcome, reason
