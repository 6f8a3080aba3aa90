from .backup import Backup, back_up
from .named_files import own_store
from .restore import Restored, restore_store
from .status import StoreStatus, look_at, tell_registry

__all__ = [
    "Backup",
    "Restored",
    "StoreStatus",
    "back_up",
    "look_at",
    "own_store",
    "restore_store",
    "tell_registry",
]
