"""Cells of exports as values: numbers, flags, times and texts, as people of any market spell them.

What goes in: columns of texts, or of what a file holds already. What comes out: numbers as float64
in single ones and fractions, flags, times and handles, with what is wrong apart; and what a cell
tells of how its file spells, as a dot that parts thousands (:class:`Spelling`).

The room uses only the modules beside the rooms.
"""

from tiktok_segments.cells.flags import read_flags
from tiktok_segments.cells.numbers import read_numbers
from tiktok_segments.cells.spelling import Spelling, settle_spelling
from tiktok_segments.cells.texts import read_accounts, read_text
from tiktok_segments.cells.times import read_times

__all__ = [
    "Spelling",
    "read_accounts",
    "read_flags",
    "read_numbers",
    "read_text",
    "read_times",
    "settle_spelling",
]
