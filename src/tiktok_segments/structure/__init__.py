"""Is there cluster structure in a space, and do its clusters come back?"""

from tiktok_segments.structure.diagnostics import diagnose
from tiktok_segments.structure.results import KDiagnostics, SpaceDiagnostics

__all__ = ["KDiagnostics", "SpaceDiagnostics", "diagnose"]
