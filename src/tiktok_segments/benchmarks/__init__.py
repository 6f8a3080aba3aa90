"""Benchmarks: this project beside what others would use, on one machine and in turns.

What goes in: sizes, seeds and numbers of rounds, as ``conf/benchmark.yaml`` has them; the data is
synthetic, or shipped with scikit-learn. What comes out: times, ratios and peak memory of reading
(:func:`benchmark_ingest`), assigning (:func:`benchmark_assign`) and sweeping
(:func:`benchmark_sweep`), and how often rules for k are right (:func:`compare_rules`,
:func:`count_claims`).

The room may use all others, and none of them uses it.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
