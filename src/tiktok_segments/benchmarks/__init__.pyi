from .assign import AssignBenchmark, benchmark_assign
from .ingest import IngestBenchmark, benchmark_ingest
from .known_k import compare_rules, count_claims
from .sweep import benchmark_sweep

__all__ = [
    "AssignBenchmark",
    "IngestBenchmark",
    "benchmark_assign",
    "benchmark_ingest",
    "benchmark_sweep",
    "compare_rules",
    "count_claims",
]
