from .conditions import Thresholds
from .diagnostics import diagnose
from .examination import StructureSettings, examine_models, read_structure
from .results import KDiagnostics, SpaceDiagnostics
from .run_verdict import judge_run
from .selection import Decision, select
from .separation import Examination, examine
from .textbook_rules import elbow_k

__all__ = [
    "Decision",
    "Examination",
    "KDiagnostics",
    "SpaceDiagnostics",
    "StructureSettings",
    "Thresholds",
    "diagnose",
    "elbow_k",
    "examine",
    "examine_models",
    "judge_run",
    "read_structure",
    "select",
]
