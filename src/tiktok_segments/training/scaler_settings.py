"""The scaler that a configuration describes."""

from collections.abc import Mapping
from typing import Any

from hydra.errors import InstantiationException
from hydra.utils import instantiate

from tiktok_segments.clustering.scaling import VALID
from tiktok_segments.errors import InputError


def make_scaler(estimator: Mapping[str, Any]) -> Any:
    """Make the scaler that a configuration describes.

    Parameters
    ----------
    estimator : mapping
        ``_target_``, the scaler's class by its full name, and what to call it with.

    Returns
    -------
    transformer
        Not fitted.

    Raises
    ------
    InputError
        If it cannot be made, or is not a transformer of scikit-learn's kind.

    Examples
    --------
    >>> make_scaler({"_target_": "sklearn.preprocessing.MinMaxScaler"})
    MinMaxScaler()
    """
    target = estimator["_target_"]
    try:
        scaler = instantiate(estimator)
    except InstantiationException as error:
        reason = str(error.__cause__ or error).splitlines()[0]
        raise InputError(f"scaler.estimator: {target} cannot be made: {reason}") from error
    if not hasattr(scaler, "fit_transform"):
        raise InputError(f"scaler.estimator: {target} is not a scaler.\n{VALID}")
    return scaler
