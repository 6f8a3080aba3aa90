from .decision import decide
from .jobs import SpaceLoader, in_process, job_overrides, swept_values
from .results import leaderboard, print_sweep
from .resume import FinishedJobs
from .space_names import named_spaces
from .sweep import OpenSweep, open_sweep

__all__ = [
    "FinishedJobs",
    "OpenSweep",
    "SpaceLoader",
    "decide",
    "in_process",
    "job_overrides",
    "leaderboard",
    "named_spaces",
    "open_sweep",
    "print_sweep",
    "swept_values",
]
