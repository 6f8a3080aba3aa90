from .compare_exports import print_export_comparison, write_export_comparison
from .compare_models import print_model_comparison, write_model_comparison
from .comparison_log import log_export_comparison, log_model_comparison
from .page import render_report
from .promotion import print_promotion, print_rollback, print_versions
from .segment_files import write_segments
from .shortlist import print_shortlist, read_wanted, write_shortlist

__all__ = [
    "log_export_comparison",
    "log_model_comparison",
    "print_export_comparison",
    "print_model_comparison",
    "print_promotion",
    "print_rollback",
    "print_shortlist",
    "print_versions",
    "read_wanted",
    "render_report",
    "write_export_comparison",
    "write_model_comparison",
    "write_segments",
    "write_shortlist",
]
