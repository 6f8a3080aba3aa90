"""The canonical columns: what every export becomes, with type, unit and valid range."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

Kind = Literal["text", "count", "number", "rate", "flag", "time"]

MAX_COUNT = 1e12
"""No count on the platform comes near it; above 2**53 a float would lose digits."""


MAX_FOLLOWING = 10_000
"""TikTok lets an account follow this many others at the most."""

MAX_RATE = 1e8
"""Interactions for each follower and video: no video of the platform has had as many in all."""


@dataclass(frozen=True)
class Column:
    """One canonical column.

    Parameters
    ----------
    name : str
        Name in the clean frame.
    dtype : str
        pandas dtype in the clean frame.
    unit : str
        What one unit of the value is.
    kind : {"text", "count", "number", "rate", "flag", "time"}
        How a cell is read: counts are whole numbers, numbers may be fractions (averages), rates
        are fractions where ``16.6%`` is ``0.166``.
    minimum, maximum : float or None
        Valid range, both ends included.
    required : bool
        Whether a file without it is refused.
    nullable : bool
        Whether an account may lack the value and stay.
    description : str
        One line for the data dictionary.
    """

    name: str
    dtype: str
    unit: str
    kind: Kind
    minimum: float | None
    maximum: float | None
    required: bool
    description: str
    nullable: bool = False


def _text(name: str, description: str, *, required: bool = False) -> Column:
    return Column(name, "str", "text", "text", None, None, required, description, not required)


def _count(name: str, unit: str, description: str, *, required: bool = False) -> Column:
    return Column(name, "int64", unit, "count", 0, MAX_COUNT, required, description)


def _rate(name: str, unit: str, description: str, *, nullable: bool = False) -> Column:
    return Column(name, "float64", unit, "rate", 0, MAX_RATE, False, description, nullable)


def _average(name: str, unit: str, description: str) -> Column:
    return Column(name, "float64", unit, "number", 0, MAX_COUNT, False, description)


def _by_name(*columns: Column) -> Mapping[str, Column]:
    return MappingProxyType({column.name: column for column in columns})


COLUMNS: Mapping[str, Column] = _by_name(
    _text("account_id", "handle without @, or the platform's number as text", required=True),
    _count("followers", "accounts", "accounts that follow this one", required=True),
    _count("following", "accounts", "accounts this one follows"),
    _count("likes", "likes", "likes received over all videos"),
    _count("videos", "videos", "public videos"),
    _rate("engagement_rate", "per video and follower", "likes and comments of a video / followers"),
    _rate("like_rate", "per video and follower", "likes of a video / followers"),
    _rate("comment_rate", "per video and follower", "comments of a video / followers"),
    _rate(
        "engagement_by_views",
        "per view",
        "likes and comments of a video / its views",
        nullable=True,
    ),
    Column("is_verified", "bool", "yes or no", "flag", None, None, False, "verified by TikTok"),
    _text("platform_id", "the platform's number for the account, digit for digit"),
    _text("nickname", "display name"),
    _text("biography", "profile text"),
    _text("url", "profile address"),
    _text("region", "country or region code; NA is a region, never a null"),
    _text("language", "language code"),
    Column(
        "collected_at", "datetime64[us]", "UTC", "time", None, None, False, "when exported", True
    ),
)
"""Canonical column by name. A column that a file lacks is absent from the frame, not filled."""

MEASURES: Mapping[str, Column] = _by_name(
    _average("average_likes", "likes per video", "mean likes of a video"),
    _average("average_comments", "comments per video", "mean comments of a video"),
    _average("average_shares", "shares per video", "mean shares of a video"),
    _average("average_views", "views per video", "mean views of a video"),
)
"""Measures of an account that some exports give; rates are derived from them."""

VIDEO_COLUMNS: Mapping[str, Column] = _by_name(
    _text("video_id", "the platform's number for the video"),
    _text("video_url", "address of the video"),
    _text("posted_at", "when the video was posted"),
    _count("video_likes", "likes", "likes of the video"),
    _count("video_comments", "comments", "comments of the video"),
    _count("video_shares", "shares", "shares of the video"),
    _count("video_views", "views", "views of the video"),
)
"""Columns of a file with one row per video; gone once its rows are merged per account."""

ROW_COLUMNS: Mapping[str, Column] = _by_name(
    _text("platform", "network that the account is on; rows of others are left out"),
)
"""Columns that say whether a row is an account of ours; gone once that is known."""

READABLE: Mapping[str, Column] = MappingProxyType(
    {**COLUMNS, **MEASURES, **VIDEO_COLUMNS, **ROW_COLUMNS}
)
"""Everything that a column of an export can be matched to."""

REQUIRED = tuple(column.name for column in COLUMNS.values() if column.required)
NUMERIC_KINDS = frozenset({"count", "number", "rate"})

NUMBERS = tuple(name for name, column in COLUMNS.items() if column.kind in NUMERIC_KINDS)
"""Names of the canonical columns that hold numbers."""
