"""Segments: clusters of accounts with names, ids, descriptions and ranks.

What goes in: clean accounts and the cluster of each, or a fitted pipeline
(:func:`segment_accounts`), and naming rules as plain data. What comes out: a
:class:`Segmentation`, in which every segment has a name and an id that it keeps over retrainings
(:func:`keep_names`), and from it tables, explanations and shortlists.

The room uses accounts, clustering and the modules beside the rooms; it knows no store and draws
nothing.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
