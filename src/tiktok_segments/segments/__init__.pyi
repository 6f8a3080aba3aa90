from .choice import make_shortlist
from .crossing import cross_segments, describe_crossing
from .describe import describe_accounts, describe_segments
from .explanation import explain_account
from .identity import SegmentIdentity
from .inheritance import Ancestors, keep_names
from .naming import SegmentName, name_segments
from .segmentation import Segmentation, segment_accounts

__all__ = [
    "Ancestors",
    "SegmentIdentity",
    "SegmentName",
    "Segmentation",
    "cross_segments",
    "describe_accounts",
    "describe_crossing",
    "describe_segments",
    "explain_account",
    "keep_names",
    "make_shortlist",
    "name_segments",
    "segment_accounts",
]
