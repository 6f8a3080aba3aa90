"""The choice among accounts: what is wanted, what was decided, and the list that comes of it.

In go accounts with their segments, filters and a goal (:class:`Wanted`), and what somebody decided
on some of them (:func:`read_decisions`); out comes a ranked list (:func:`make_shortlist`).
"""

from tiktok_segments.segments.choice.decisions import Decisions, read_decisions
from tiktok_segments.segments.choice.shortlist import make_shortlist
from tiktok_segments.segments.choice.wanted import Wanted, read_wanted

__all__ = ["Decisions", "Wanted", "make_shortlist", "read_decisions", "read_wanted"]
