"""Comparison of two exports, or of two models: who moved, who rises, and what split or merged.

In go clean accounts and models with names and ids; out come tables that nothing draws yet
(:func:`compare_exports`, :func:`compare_models`), and the accounts that are in both exports side by
side (:func:`followed_accounts`, :func:`follow_accounts`, :func:`list_rising`).
"""

from tiktok_segments.monitoring.comparison.common_accounts import count_in_both, followed_accounts
from tiktok_segments.monitoring.comparison.exports import ExportComparison, compare_exports
from tiktok_segments.monitoring.comparison.models import ModelComparison, compare_models
from tiktok_segments.monitoring.comparison.movement import follow_accounts
from tiktok_segments.monitoring.comparison.rising import (
    Rising,
    find_rising,
    list_rising,
    read_rising,
)

__all__ = [
    "ExportComparison",
    "ModelComparison",
    "Rising",
    "compare_exports",
    "compare_models",
    "count_in_both",
    "find_rising",
    "follow_accounts",
    "followed_accounts",
    "list_rising",
    "read_rising",
]
