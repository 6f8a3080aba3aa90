"""Exact quantiles of more values than memory holds: a sample says where to look, a pass finds."""

from __future__ import annotations

import numpy as np

from tiktok_segments.accounts.large.account_pass import Sums

WIDTH = 4.0
"""Standard errors of the sample's quantile, to either side, within which it is looked for."""


class QuantileSearch:
    """Looks for a quantile, the median by default, of values that come part by part.

    Only the values within a bracket around the sample's quantile are kept, and those below it
    counted; where the quantile lies within, it is exact [1]_. Values that are equal to an end of
    the bracket are counted, too, so that many equal values take no room.

    Parameters
    ----------
    sample : ndarray of shape (n_sampled,)
        A uniform sample of the values.
    width : float
        Half the bracket in standard errors. By chance 1 of 16,000 quantiles lies beyond 4.
    share : float
        Of the values that are below the quantile, from 0 to 1.

    References
    ----------
    .. [1] Floyd and Rivest (1975), "Expected time bounds for selection", Comm. ACM 18:165-172.

    Examples
    --------
    >>> values = np.arange(100_001.0)
    >>> search = QuantileSearch(values[::100])
    >>> for part in np.array_split(values, 7):
    ...     search.add(part)
    >>> search.quantile(), search.kept < 15_000
    (50000.0, True)
    """

    def __init__(self, sample: np.ndarray, width: float = WIDTH, share: float = 0.5) -> None:
        ordered = np.sort(sample[~np.isnan(sample)])
        n = len(ordered)
        reach = width * np.sqrt(n * share * (1 - share)) + 1
        first, last = int(n * share - reach), int(n * share + reach)
        self._share = share
        self._low = ordered[first] if first >= 0 else -np.inf
        self._high = ordered[last] if last < n else np.inf
        self._below = self._at_low = self._at_high = self._count = 0
        self._inside: list[np.ndarray] = []

    @property
    def kept(self) -> int:
        """Values that are held."""
        return sum(map(len, self._inside))

    def add(self, values: np.ndarray) -> None:
        """Take in some values; those that are not a number do not count."""
        low, high = self._low, self._high
        self._count += len(values) - int(np.count_nonzero(np.isnan(values)))
        self._below += int(np.count_nonzero(values < low))
        self._at_low += int(np.count_nonzero(values == low))
        if high > low:
            self._at_high += int(np.count_nonzero(values == high))
            self._inside.append(values[(values > low) & (values < high)])

    def found(self) -> Sums:
        """Return what was taken in, for a search with the same bracket."""
        counts = np.array([self._count, self._below, self._at_low, self._at_high])
        return {"counts": counts, "inside": np.concatenate([np.empty(0), *self._inside])}

    def join(self, found: Sums) -> None:
        """Take in what another search found of other values, in the same bracket."""
        count, below, at_low, at_high = found["counts"].tolist()
        self._count += count
        self._below += below
        self._at_low += at_low
        self._at_high += at_high
        self._inside.append(found["inside"])

    def quantile(self) -> float | None:
        """Return it; None where it is beyond the bracket, NaN where there is no value.

        Between two values it is where NumPy's and pandas' linear interpolation have it.
        """
        if not self._count:
            return float("nan")
        inside = np.sort(np.concatenate(self._inside)) if self._inside else np.empty(0)
        place = (self._count - 1) * self._share
        both = [self._at(rank, inside) for rank in (int(place), int(np.ceil(place)))]
        found = [value for value in both if value is not None]
        return float(np.quantile(found, place % 1)) if len(found) == 2 else None

    def _at(self, rank: int, inside: np.ndarray) -> float | None:
        """Return the value of a rank, from 0, where it is not beyond the bracket."""
        rank -= self._below
        if rank < 0:
            return None
        if rank < self._at_low:
            return float(self._low)
        rank -= self._at_low
        if rank < len(inside):
            return float(inside[rank])
        return float(self._high) if rank - len(inside) < self._at_high else None
