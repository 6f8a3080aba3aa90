from .check_printing import print_check
from .checked_export import check_export
from .compare_exports import print_export_comparison, write_export_comparison
from .compare_models import print_model_comparison, write_model_comparison
from .comparison_log import log_export_comparison, log_model_comparison
from .promotion import print_promotion, print_rollback, print_versions
from .segment_files import write_segments
from .shortlist import print_shortlist, write_shortlist

__all__ = [
    "check_export",
    "log_export_comparison",
    "log_model_comparison",
    "print_check",
    "print_export_comparison",
    "print_model_comparison",
    "print_promotion",
    "print_rollback",
    "print_shortlist",
    "print_versions",
    "write_export_comparison",
    "write_model_comparison",
    "write_segments",
    "write_shortlist",
]
