"""Clusterings: accounts as points in a space of features, fitted, measured and described.

What goes in: :class:`~tiktok_segments.accounts.row_sample.Accounts`, a feature set (canonical
column to transform) and a scaler. What comes out: a :class:`Fitted` of whichever engine, with a
pipeline that takes raw columns, sums of each cluster and a seeded sample; and what follows from
these: metrics, memberships, the model that answers with names.

The room uses accounts and the modules beside the rooms. It knows nothing of what is done with k.
"""

import lazy_loader as lazy

__getattr__, __dir__, __all__ = lazy.attach_stub(__name__, __file__)
