"""A model with named segments, loaded in one call from a notebook or another program."""

import os

from tiktok_segments.defaults import default_root
from tiktok_segments.errors import InputError
from tiktok_segments.registry.choose import choose_model
from tiktok_segments.tracking import connection
from tiktok_segments.tracking.named_model import NamedModel


def load_model(address: str | None = None) -> NamedModel:
    """Load a model with named segments from MLflow.

    ``MLFLOW_TRACKING_URI`` says where the store is; without it, it is that of this project, or that
    of the current folder where the package was installed.

    Parameters
    ----------
    address : str, optional
        A version's number, a run's id, or ``models:/...``; the champion by default.

    Returns
    -------
    NamedModel
        For :func:`~tiktok_segments.monitoring.assign.assign_accounts`.

    Raises
    ------
    InputError
        If there is no such model, it was changed since it was promoted, or it has no names.
    StoreError
        If the store cannot be reached.

    Examples
    --------
    >>> load_model("")
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: The model's address is empty; leave it out for the champion.
    """
    if address == "":
        raise InputError("The model's address is empty; leave it out for the champion.")
    os.environ.setdefault("TIKTOK_SEGMENTS_ROOT", str(default_root()))
    connection.connect()
    return choose_model(address if address is None else str(address))
