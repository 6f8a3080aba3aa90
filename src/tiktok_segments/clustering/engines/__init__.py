"""Engines: what fits a clustering, by how many accounts there are.

In goes what is to be clustered, out comes a :class:`~tiktok_segments.clustering.fitted.Fitted`,
which looks the same whichever engine made it: the pipeline, sums of each cluster, and a seeded
sample. Nothing behind an engine asks for all rows of it. There is one algorithm: k-means on the
accounts drawn, then passes over all of them; up to
:data:`~tiktok_segments.accounts.row_sample.FIT_ROWS` accounts those drawn are all.

>>> import pandas as pd
>>> from sklearn.preprocessing import StandardScaler
>>> from tiktok_segments.accounts.row_sample import Accounts, account_keys
>>> frame = pd.DataFrame({"followers": [10, 12, 900, 950]})
>>> accounts = Accounts(frame, synthetic=False, keys=account_keys(frame))
>>> space = scale_accounts({"followers": "log_count"}, StandardScaler(), accounts)
>>> fit(space, accounts, k=2, n_init=1, seed=0).clusters.counts.tolist()
[2, 2]
"""

from tiktok_segments.clustering.engines.choice import fit, scale_accounts, silent
from tiktok_segments.clustering.engines.in_memory import ScaledSpace
from tiktok_segments.clustering.engines.sampled import Progress

__all__ = ["Progress", "ScaledSpace", "fit", "scale_accounts", "silent"]
