"""The room benchmarks."""
