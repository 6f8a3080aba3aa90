from .account_sums import Assignment
from .assign import Assigned, assign_accounts
from .assign_export import assign_export
from .assign_log import log_assignment, print_assignment
from .comparison import Rising, compare_exports, compare_models, read_rising
from .drift import measure_drift
from .thresholds import DriftThresholds, read_thresholds
from .verdict import Drift

__all__ = [
    "Assigned",
    "Assignment",
    "Drift",
    "DriftThresholds",
    "Rising",
    "assign_accounts",
    "assign_export",
    "compare_exports",
    "compare_models",
    "log_assignment",
    "measure_drift",
    "print_assignment",
    "read_rising",
    "read_thresholds",
]
