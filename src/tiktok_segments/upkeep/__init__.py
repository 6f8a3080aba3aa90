"""Upkeep of a store: what is in it, copies of it, and the way back.

In goes the address of a SQLite store with its artifacts beside it; out come a table of what it
holds and lacks (:mod:`~tiktok_segments.upkeep.status`), a copy that is a store itself
(:func:`~tiktok_segments.upkeep.backup.back_up`), a store as such a copy has it
(:func:`~tiktok_segments.upkeep.restore.restore_store`), one with the tables of today's MLflow
(:func:`~tiktok_segments.upkeep.upgrade.upgrade_store`), and one without the runs that nothing needs
(:func:`~tiktok_segments.upkeep.prune.prune_store`). May use the rooms from tracking and
registry down.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
