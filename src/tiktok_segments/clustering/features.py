"""Feature sets: which columns make accounts similar, on which scale, and what a file lacks."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tiktok_segments.errors import InputError

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import FunctionTransformer

# NumPy and scikit-learn are imported where a transform is made: settings are checked by the names
# of the transforms long before that, in commands that need neither.

RATE_FLOOR = 1e-4
"""Rates below one in ten thousand count as this much, so that a rate of zero has a logarithm."""

COMMENT_RATE_FLOOR = 1e-5
"""The same for comments, which are some thirty times rarer than likes."""

TRUSTED_TYPES = ["numpy.clip"]
"""Functions that skops must be told to trust when it loads a pipeline with these transforms."""


def _elementwise(function: object = None, **arguments: object) -> FunctionTransformer:
    from sklearn.preprocessing import FunctionTransformer

    # Validated, since that reads numbers that are texts; a text that is none, and none, is refused.
    return FunctionTransformer(
        function, kw_args=arguments or None, feature_names_out="one-to-one", validate=True
    )


def _log_count() -> BaseEstimator:
    import numpy as np

    return _elementwise(np.log1p)


def _log_rate(floor: float) -> BaseEstimator:
    import numpy as np
    from sklearn.pipeline import make_pipeline

    return make_pipeline(_elementwise(np.clip, a_min=floor, a_max=None), _elementwise(np.log10))


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
    "raw": Transform(_elementwise, is_log=False),
    "log_count": Transform(_log_count, is_log=True),
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
    from sklearn.compose import ColumnTransformer

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


def runnable_feature_sets(
    columns: Collection[str], feature_sets: Mapping[str, Collection[str]]
) -> list[str]:
    """Feature sets whose columns are all there.

    Parameters
    ----------
    columns : collection of str
        Columns of the clean frame.
    feature_sets : mapping of str to collection of str
        Feature set to the canonical columns that it needs.

    Returns
    -------
    list of str
        In the given order.

    Examples
    --------
    >>> runnable_feature_sets({"followers"}, {"size": ["followers"], "activity": ["videos"]})
    ['size']
    """
    return [name for name, needed in feature_sets.items() if set(needed) <= set(columns)]


def require_feature_set(
    name: str, columns: Collection[str], feature_sets: Mapping[str, Collection[str]]
) -> None:
    """Refuse a feature set that needs a column which this file lacks.

    Parameters
    ----------
    name : str
        The feature set asked for.
    columns : collection of str
        Columns of the clean frame.
    feature_sets : mapping of str to collection of str
        Feature set to the canonical columns that it needs, the best first.

    Raises
    ------
    InputError
        Naming the missing columns and the feature sets that can run.
    """
    lacking = [column for column in feature_sets[name] if column not in columns]
    if not lacking:
        return
    others = runnable_feature_sets(columns, feature_sets)
    advice = "None runs on this file."
    if others:
        advice = f"These run on this file: {', '.join(others)}. Say features={others[0]}"
    raise InputError(
        f"features={name} needs {', '.join(lacking)}, which this file neither has nor gives by "
        f"arithmetic.\n{advice}\n"
        f'If the column is there under another name: data.columns.{lacking[0]}="COLUMN"'
    )
