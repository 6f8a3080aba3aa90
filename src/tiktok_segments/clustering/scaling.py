"""Scalers: what makes features comparable, and what a scaler of the user's own must do."""

from typing import Any

import numpy as np

from tiktok_segments.errors import InputError

VALID = (
    "A scaler gives one number for each account and feature, as StandardScaler does; "
    "conf/scaler has some."
)


def fit_scaler(scaler: Any, features: np.ndarray) -> np.ndarray:
    """Fit a scaler in place and return what it makes of the features.

    Parameters
    ----------
    scaler : transformer
        Any scikit-learn scaler, not fitted.
    features : ndarray of shape (n_accounts, n_features)
        Not scaled; the scaler may write to it.

    Returns
    -------
    ndarray of shape (n_accounts, n_features)
        Scaled.

    Raises
    ------
    InputError
        If the scaler cannot work on the features, makes other columns of them, or a table that is
        sparse.

    Examples
    --------
    >>> from sklearn.preprocessing import PolynomialFeatures
    >>> fit_scaler(PolynomialFeatures(), np.ones((3, 2)))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: The scaler PolynomialFeatures makes 6 columns of 2 features.
    A scaler gives one number for each account and feature, as StandardScaler does; ...
    """
    name = type(scaler).__name__
    try:
        scaled = scaler.fit_transform(features)
    except (TypeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"The scaler {name} cannot be used on these features: {reason}") from error
    if getattr(scaled, "shape", None) != features.shape:
        columns = scaled.shape[1] if getattr(scaled, "ndim", 0) == 2 else "other"
        raise InputError(
            f"The scaler {name} makes {columns} columns of {features.shape[1]} features.\n{VALID}"
        )
    if not isinstance(scaled, np.ndarray):
        raise InputError(f"The scaler {name} makes a table that is sparse.\n{VALID}")
    return scaled
