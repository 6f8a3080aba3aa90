from .history import list_weeks, print_history
from .intake import Intake, measure_intake
from .judgement import ExportDoubt, judge_export
from .limits import Limits, read_limits
from .outcome import EXIT_STATUS, Week
from .recipe import champion_recipe
from .taking import take_week

__all__ = [
    "EXIT_STATUS",
    "ExportDoubt",
    "Intake",
    "Limits",
    "Week",
    "champion_recipe",
    "judge_export",
    "list_weeks",
    "measure_intake",
    "print_history",
    "read_limits",
    "take_week",
]
