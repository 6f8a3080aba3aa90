from .backup import Backup, back_up
from .doomed_runs import Pruning
from .named_files import own_store
from .prune import Pruned, prune_store
from .restore import Restored, restore_store
from .status import StoreStatus, look_at
from .upgrade import Upgraded, upgrade_store

__all__ = [
    "Backup",
    "Pruned",
    "Pruning",
    "Restored",
    "StoreStatus",
    "Upgraded",
    "back_up",
    "look_at",
    "own_store",
    "prune_store",
    "restore_store",
    "upgrade_store",
]
