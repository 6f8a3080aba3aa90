"""An account forgotten: found wherever the project keeps it, and taken out, whole or not at all.

In goes a handle; out come the files and the rows of the store that hold the account, and the same
without it. All new content is ready on disk before the first file is changed, and a journal leads a
killed forgetting to its end.
"""

from tiktok_segments.upkeep.forgetting.journal import finish_pending, forget, look
from tiktok_segments.upkeep.forgetting.search import AccountTraces, find_keys

__all__ = ["AccountTraces", "find_keys", "finish_pending", "forget", "look"]
