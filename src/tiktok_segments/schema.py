"""The canonical columns: what every export is turned into and every later step relies on."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Column:
    """One canonical column.

    Attributes
    ----------
    name : str
        Name in the canonical frame.
    kind : str
        ``count`` (int64), ``rate`` (float64, a fraction), ``flag`` (bool), ``text`` (str) or
        ``time`` (datetime64).
    unit : str
        Unit in words, for axes, tables and the data dictionary.
    """

    name: str
    kind: str
    unit: str

    @property
    def is_number(self) -> bool:
        """Whether the column holds counts or rates."""
        return self.kind in ("count", "rate")


COLUMNS: Mapping[str, Column] = MappingProxyType(
    {
        column.name: column
        for column in (
            Column("account_id", "text", "handle without @"),
            Column("followers", "count", "accounts"),
            Column("following", "count", "accounts"),
            Column("likes", "count", "likes, all videos together"),
            Column("videos", "count", "videos"),
            Column("engagement_rate", "rate", "likes and comments per video and follower"),
            Column("like_rate", "rate", "likes per video and follower"),
            Column("comment_rate", "rate", "comments per video and follower"),
            Column("is_verified", "flag", "yes or no"),
            Column("nickname", "text", "display name"),
            Column("biography", "text", "text"),
            Column("url", "text", "address of the profile"),
            Column("region", "text", "country code"),
            Column("language", "text", "language code"),
            Column("collected_at", "time", "date of collection"),
        )
    }
)

MEASURES = tuple(column.name for column in COLUMNS.values() if column.is_number)
"""Names of the numeric columns, in canonical order."""
