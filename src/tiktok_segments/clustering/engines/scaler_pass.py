"""A scaler that learns from all accounts, part by part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import TransformerMixin
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, StandardScaler

from tiktok_segments.accounts.large.account_pass import AccountPass, Sums
from tiktok_segments.errors import InputError


class ScalerPass(AccountPass):
    """Has a scaler learn from accounts, in place.

    Parts that were learned in several places are put together exactly: moments by the update of
    Chan, Golub and LeVeque [1]_, extremes by their extremes.

    Parameters
    ----------
    columns : sequence of str
        Raw columns of the features.
    features : transformer
        Fitted: from raw columns to features that are not scaled.
    scaler : transformer
        Learns part by part; what it has learned so far does not count.

    References
    ----------
    .. [1] Chan, Golub and LeVeque (1979), "Updating formulae and a pairwise algorithm for
       computing sample variances", Stanford STAN-CS-79-773.

    Examples
    --------
    >>> from sklearn.preprocessing import FunctionTransformer
    >>> parts = [pd.DataFrame({"videos": values}) for values in ([1.0, 2.0], [9.0, 4.0, 4.0])]
    >>> passes = [ScalerPass(["videos"], FunctionTransformer(), StandardScaler()) for _ in "ab"]
    >>> for one, part in zip(passes, parts):
    ...     one.add(part)
    >>> whole = StandardScaler()
    >>> both = ScalerPass(["videos"], FunctionTransformer(), whole)
    >>> for one in passes:
    ...     both.join(one.found())
    >>> whole.mean_.round(9).tolist(), whole.var_.round(9).tolist(), int(whole.n_samples_seen_)
    ([4.0], [7.6], 5)
    """

    def __init__(
        self, columns: Sequence[str], features: TransformerMixin, scaler: TransformerMixin
    ) -> None:
        self.columns, self._features, self._scaler = columns, features, scaler
        self._rows = 0
        self._moments: tuple[int, Any, Any] | None = None

    def add(self, block: pd.DataFrame) -> None:
        """Take in some accounts."""
        part = np.asarray(self._features.transform(block))
        # What it learned of the sample is not to count twice.
        (self._scaler.partial_fit if self._rows else self._scaler.fit)(part)
        self._rows += len(part)

    def found(self) -> Sums:
        """Return what the scaler learned.

        Raises
        ------
        InputError
            If it is a scaler of another kind than those that can be put together.
        """
        scaler = self._scaler
        rows = np.array([self._rows])
        if not self._rows:
            return {"rows": rows}
        if type(scaler) is StandardScaler and scaler.var_ is not None:
            return {"rows": rows, "mean": scaler.mean_, "var": scaler.var_}
        if type(scaler) is MinMaxScaler:
            return {"rows": rows, "low": scaler.data_min_, "high": scaler.data_max_}
        if type(scaler) is MaxAbsScaler:
            return {"rows": rows, "low": -scaler.max_abs_, "high": scaler.max_abs_}
        raise InputError(
            f"engine=spark cannot put together what {type(scaler).__name__} learns of parts.\n"
            "Choose scaler=standard, minmax, robust, power or quantile, or engine=stream."
        )

    def join(self, found: Sums) -> None:
        """Have the scaler know what another learned of other accounts."""
        rows, scaler = int(found["rows"][0]), self._scaler
        if not rows:
            return
        first = not self._rows
        self._rows += rows
        if "mean" in found:
            self._moments = _joined(self._moments, (rows, found["mean"], found["var"] * rows))
            _, mean, squares = self._moments
            spread = np.sqrt(squares / self._rows)
            # Two rows with these moments: scikit-learn alone knows what a constant feature is.
            ends = np.array([mean - spread, mean + spread])
            scaler.fit(ends, sample_weight=np.full(2, self._rows / 2))
            scaler.mean_, scaler.var_ = mean, squares / self._rows
            scaler.n_samples_seen_ = np.float64(self._rows)  # as after partial_fit
        else:
            ends = np.array([found["low"], found["high"]])
            (scaler.fit if first else scaler.partial_fit)(ends)
            scaler.n_samples_seen_ = self._rows


def _joined(one: tuple[int, Any, Any] | None, other: tuple[int, Any, Any]) -> tuple[int, Any, Any]:
    """Join two sets of rows: their number, mean, and squared deviations from it."""
    if one is None:
        return other
    rows = one[0] + other[0]
    away = other[1] - one[1]
    mean = one[1] + away * other[0] / rows
    return rows, mean, one[2] + other[2] + away**2 * one[0] * other[0] / rows
