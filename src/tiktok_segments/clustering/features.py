"""Feature sets: which canonical columns make accounts similar, and on which scale."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from tiktok_segments.errors import InputError

RATE_FLOOR = 1e-4
"""Rates below one in ten thousand count as this much, so that a rate of zero has a logarithm."""

COMMENT_RATE_FLOOR = 1e-5
"""The same for comments, which are some thirty times rarer than likes."""

TRUSTED_TYPES = ["numpy.clip"]
"""Functions that skops must be told to trust when it loads a pipeline with these transforms."""


def _ufunc(function: object, **arguments: object) -> FunctionTransformer:
    return FunctionTransformer(function, kw_args=arguments, feature_names_out="one-to-one")


def _log_rate(floor: float) -> BaseEstimator:
    return make_pipeline(_ufunc(np.clip, a_min=floor, a_max=None), _ufunc(np.log10))


@dataclass(frozen=True)
class Transform:
    """A transform that a feature set can name.

    Attributes
    ----------
    make : callable
        Returns a new one, not fitted.
    is_log : bool
        Whether it is a logarithm, in which a heavy tail is none.
    """

    make: Callable[[], BaseEstimator]
    is_log: bool


TRANSFORMS = {
    "raw": Transform(lambda: FunctionTransformer(feature_names_out="one-to-one"), is_log=False),
    "log_count": Transform(lambda: _ufunc(np.log1p), is_log=True),
    "log_rate": Transform(lambda: _log_rate(RATE_FLOOR), is_log=True),
    "log_comment_rate": Transform(lambda: _log_rate(COMMENT_RATE_FLOOR), is_log=True),
}
"""The transforms that a feature set can name.

``raw`` leaves the values, ``log_count`` is the natural logarithm of x + 1, ``log_rate`` and
``log_comment_rate`` are the decimal logarithm of x or of its floor, whichever is larger.
"""


def is_log(transform: str) -> bool:
    """Say whether a transform of :data:`TRANSFORMS` is a logarithm.

    Examples
    --------
    >>> is_log("log_rate"), is_log("raw")
    (True, False)
    """
    return TRANSFORMS[transform].is_log


def build_features(columns: Mapping[str, str]) -> ColumnTransformer:
    """Build the step from raw canonical columns to features, in the order given.

    Parameters
    ----------
    columns : mapping of str to str
        Canonical column to the name of its transform, one of :data:`TRANSFORMS`.

    Returns
    -------
    ColumnTransformer
        Not fitted. Made of scikit-learn parts and NumPy functions only, so that skops can store
        it and load it without this package.

    Raises
    ------
    InputError
        If there is no column, or a transform does not exist.

    Examples
    --------
    >>> import pandas as pd
    >>> features = build_features({"videos": "raw", "engagement_rate": "log_rate"})
    >>> features.fit_transform(pd.DataFrame({"engagement_rate": [0.1, 0.0], "videos": [7, 8]}))
    array([[ 7., -1.],
           [ 8., -4.]])
    """
    if not columns:
        raise InputError("features.columns is empty; a feature set needs at least one column.")
    for name, transform in columns.items():
        if transform not in TRANSFORMS:
            raise InputError(
                f"features.columns.{name} is {transform!r}; valid are {', '.join(TRANSFORMS)}."
            )
    return ColumnTransformer(
        [(name, TRANSFORMS[transform].make(), [name]) for name, transform in columns.items()],
        verbose_feature_names_out=False,
    )
