from .ahead import working_ahead
from .computing import SpaceCache, compute
from .configuration import read_config
from .printing import report_run
from .replay import Replay, log_again, say_outcome
from .run import train
from .setting_faults import check_settings
from .settings import read_task
from .task import Computed, RunTask, SpaceSettings

__all__ = [
    "Computed",
    "Replay",
    "RunTask",
    "SpaceCache",
    "SpaceSettings",
    "check_settings",
    "compute",
    "log_again",
    "read_config",
    "read_task",
    "report_run",
    "say_outcome",
    "train",
    "working_ahead",
]
