from .admissible import inadmissible_reasons
from .engines import fit, scale_accounts
from .features import TRANSFORMS, build_features
from .fitted import ClusterSums, Fitted, Sample
from .membership import measure_membership
from .metrics import score_clusters
from .pipeline import build_pipeline, naming_pipeline, raw_columns

__all__ = [
    "TRANSFORMS",
    "ClusterSums",
    "Fitted",
    "Sample",
    "build_features",
    "build_pipeline",
    "fit",
    "inadmissible_reasons",
    "measure_membership",
    "naming_pipeline",
    "raw_columns",
    "scale_accounts",
    "score_clusters",
]
