"""Redraws: whether verdict and number of clusters come back on halves of the accounts.

Every half is labelled by k-means that saw nothing else (``halves.py``); the rule that
chose then chooses once more for each of them (:func:`choose_surely`).
"""

from tiktok_segments.validation.redraws.certainty import (
    Certainty,
    choose_surely,
    count_returns,
    share_of_k,
)

__all__ = ["Certainty", "choose_surely", "count_returns", "share_of_k"]
