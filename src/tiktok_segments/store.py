"""Where the tracking store is, and whether a server answers there.

Apart from :mod:`~tiktok_segments.tracking`, which takes seconds to import.
"""

import os
from pathlib import Path

import requests

from tiktok_segments.errors import InputError

TIMEOUT = 5.0
"""Seconds that a tracking server has to answer."""


def project_root() -> Path:
    """Return the folder that outputs and the default store belong to."""
    return Path(os.environ["TIKTOK_SEGMENTS_ROOT"])


def store_address() -> str:
    """Return the address of the tracking store.

    ``MLFLOW_TRACKING_URI`` decides; without it the store is ``mlflow.db`` at the project's root.
    """
    return os.environ.get("MLFLOW_TRACKING_URI") or f"sqlite:///{project_root() / 'mlflow.db'}"


def is_server(address: str) -> bool:
    """Say whether an address is that of a tracking server.

    Examples
    --------
    >>> is_server("http://127.0.0.1:5000"), is_server("sqlite:///mlflow.db")
    (True, False)
    """
    return address.startswith(("http://", "https://"))


def check_server() -> None:
    """Ask the tracking server, if there is to be one, whether it is there.

    MLflow itself would try again for most of a minute.

    Raises
    ------
    InputError
        If no server answers.
    """
    address = store_address()
    if not is_server(address):
        return
    try:
        requests.get(f"{address.rstrip('/')}/health", timeout=TIMEOUT)
    except requests.RequestException:
        raise InputError(
            f"No MLflow tracking server answers at {address}.\n"
            "Start it, or unset MLFLOW_TRACKING_URI to use the project's own store."
        ) from None
