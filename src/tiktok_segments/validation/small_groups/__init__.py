"""Small groups: a few accounts that lie close together, which k-means passes over.

A centre on a hundredth of the rows lowers the inertia by less than one that halves a large group:
no number of random starts finds it. Here such groups are searched for, where rows are dense and
where they are apart in some direction, and held against the same search in data without groups
(:func:`propose_groups`), and k-means starts at them where its clusters then are apart
(:func:`choose_start`). Valley, stability and size decide on what comes of
it, as on any other clustering; groups that no cluster is made of are told (:func:`left_over`).
What a sample shows of a group is given the others that are like it (:func:`extend_groups`). Of
many accounts groups are found, too, that hardly any account of a uniform sample is in
(:func:`find_rare_groups`); k-means starts at them, too, where all of its clusters then are apart on
a larger sample, which shows them (:class:`LargerSample`).
"""

from tiktok_segments.validation.small_groups.extension import extend_groups
from tiktok_segments.validation.small_groups.larger_sample import LargerSample
from tiktok_segments.validation.small_groups.left_over import left_over, with_small_groups
from tiktok_segments.validation.small_groups.proposals import SmallGroup, propose_groups
from tiktok_segments.validation.small_groups.rare import RareGroup, find_rare_groups
from tiktok_segments.validation.small_groups.rare_examination import (
    search_larger_sample,
    with_rare_groups,
)
from tiktok_segments.validation.small_groups.starts import (
    Start,
    choose_start,
    fit_from,
    recall_start,
)

__all__ = [
    "LargerSample",
    "RareGroup",
    "SmallGroup",
    "Start",
    "choose_start",
    "extend_groups",
    "find_rare_groups",
    "fit_from",
    "left_over",
    "propose_groups",
    "recall_start",
    "search_larger_sample",
    "with_rare_groups",
    "with_small_groups",
]
