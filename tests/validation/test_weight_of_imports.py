"""Imports that a sweep's planning and the checks of settings wait for."""

import subprocess
import sys

LIGHT = (
    "tiktok_segments.clustering",
    "tiktok_segments.clustering.features",
    "tiktok_segments.validation",
    "tiktok_segments.validation.candidates",
    "tiktok_segments.validation.examination",
    "tiktok_segments.validation.selection",
    "tiktok_segments.validation.spaces",
)


def test_planning_and_choosing_do_without_scikit_learn() -> None:
    code = f"import sys, {', '.join(LIGHT)}; sys.exit('sklearn' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
