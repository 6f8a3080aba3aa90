from .choose import choose_model, find_run, load_for_use
from .new_export import find_segmentation
from .promotion import Promotion, promote, roll_back
from .renaming import rename_segment
from .restoration import accounts_of_run, restore
from .versions import ModelVersion, champion, load_champion, load_version

__all__ = [
    "ModelVersion",
    "Promotion",
    "accounts_of_run",
    "champion",
    "choose_model",
    "find_run",
    "find_segmentation",
    "load_champion",
    "load_for_use",
    "load_version",
    "promote",
    "rename_segment",
    "restore",
    "roll_back",
]
