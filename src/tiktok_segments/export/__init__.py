"""What an export means: its columns matched to the canonical ones, its cells parsed.

What goes in: the names and cells of a file's records, and the names that exports give their
columns. What comes out: a :class:`Matching`, and canonical columns in their units
(:func:`parse_values`), with the rows that hold something impossible apart.

The room uses containers and the modules beside the rooms.
"""

from tiktok_segments.export.aliases import AliasTable, load_alias_table
from tiktok_segments.export.matching import Matching, match_columns
from tiktok_segments.export.values import Cells, Parsed, parse_values

__all__ = [
    "AliasTable",
    "Cells",
    "Matching",
    "Parsed",
    "load_alias_table",
    "match_columns",
    "parse_values",
]
