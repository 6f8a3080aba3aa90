"""How long the parts of a run take."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import perf_counter

import pandas as pd

PREFIX = "seconds."
"""What the metric of a phase is called, before the phase's own name."""

TRACKING = ("prepare", "serialise", "model", "log", "end")
"""Phases in which a run is kept, and not computed, in whichever process."""


class Phases:
    """Adds up the seconds of named phases.

    Examples
    --------
    >>> phases = Phases()
    >>> with phases("fit"):
    ...     pass
    >>> list(phases.metrics()), phases.metrics()["seconds.fit"] < 1
    (['seconds.fit'], True)
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """Count the time until the end of the ``with`` block to a phase."""
        start = perf_counter()
        try:
            yield
        finally:
            self.add({name: perf_counter() - start})

    def add(self, seconds: Mapping[str, float]) -> None:
        """Count seconds that were taken elsewhere to their phases."""
        for name, value in seconds.items():
            self.seconds[name] = self.seconds.get(name, 0.0) + value

    def metrics(self) -> dict[str, float]:
        """Return the seconds of each phase, ``seconds.<phase>``."""
        return {f"{PREFIX}{name}": value for name, value in self.seconds.items()}


def sum_phases(runs: pd.DataFrame) -> pd.DataFrame:
    """Add up the phases of several runs.

    Parameters
    ----------
    runs : DataFrame of shape (n_runs, n_columns)
        With columns ``seconds.<phase>`` where the runs were made under ``profile=true``.

    Returns
    -------
    DataFrame of shape (n_phases, 4)
        ``phase``, ``seconds`` of all runs together, ``ms_per_run`` and ``share`` of the sum.

    Examples
    --------
    >>> sum_phases(pd.DataFrame({"k": [2, 3], "seconds.fit": [0.1, 0.2], "seconds.log": 0.05}))
      phase  seconds  ms_per_run  share
    0   fit      0.3       150.0   0.75
    1   log      0.1        50.0   0.25
    """
    seconds = runs.filter(regex=f"^{PREFIX.replace('.', '[.]')}").astype(float)
    total = seconds.sum()
    return pd.DataFrame(
        {
            "phase": [str(name).removeprefix(PREFIX) for name in seconds.columns],
            "seconds": total.to_numpy(),
            "ms_per_run": seconds.mean().to_numpy() * 1000,
            "share": (total / total.sum()).to_numpy(),
        }
    )
