"""New accounts: which segments they belong to, how far they drifted, and what became of them.

What goes in: models with names and ids (:class:`~tiktok_segments.tracking.named_model.NamedModel`)
and exports, as settings (:func:`assign_export` reads one in a stream) or as clean accounts
(:func:`compare_exports`). What comes out: every account with its segment and how clearly, a
:class:`Drift` with a verdict by :class:`DriftThresholds`, who moved and who rises, and runs of kind
``assign`` that keep all of it.

The room uses registry, tracking, segments, clustering and accounts. Nothing in it draws but
``drift_plots``, and what people read as pages is made by reports.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
