"""MLflow's user interface on the project's store, open to this machine's own names only."""

import os
import sys

from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import is_server, store_address

CLOSED = {
    # MLflow's own list has patterns, such as 10.*, which let in names of anybody's making: a page
    # that has such a name point at this machine would read every run.
    "MLFLOW_SERVER_ALLOWED_HOSTS": "localhost:*,127.0.0.1:*",
    # Nothing here needs jobs, for which MLflow would start eight more processes.
    "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}
"""Variables of a server of MLflow's that is for its own machine; those that are set stay."""


def open_interface(port: int) -> None:
    """Let MLflow's user interface take this process's place, on the loopback address.

    Parameters
    ----------
    port : int
        From 1 to 65535.

    Raises
    ------
    InputError
        If the store is a tracking server, which has an interface of its own.
    """
    address = store_address()
    if is_server(address):
        raise InputError(f"The store is a tracking server; open its own interface: {address}")
    sys.stderr.flush()
    command = interface_command(address, port)
    os.execve(sys.executable, command, CLOSED | os.environ)  # noqa: S606


def interface_command(address: str, port: int) -> list[str]:
    """Return the command that starts the interface.

    Examples
    --------
    >>> interface_command("sqlite:////data/mlflow.db", 5000)[1:6]
    ['-m', 'mlflow', 'ui', '--backend-store-uri', 'sqlite:////data/mlflow.db']
    """
    where = ["--backend-store-uri", address, "--host", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-m", "mlflow", "ui", *where]
