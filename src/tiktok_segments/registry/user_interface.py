"""MLflow's user interface on the project's store, open to this machine's own names only."""

import os
import socket
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
    os.execve(sys.executable, command, CLOSED | os.environ)  # noqa: S606 - own command, no shell


def require_free_port(host: str, port: int) -> None:
    """Refuse a port that cannot be listened on.

    Raises
    ------
    InputError
        If it is no port, or another program has it; with the next one.

    Examples
    --------
    >>> require_free_port("127.0.0.1", 99999)
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: port is 99999; give a whole number from 1 to 65535.
    """
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 2**16:
        raise InputError(f"port is {port}; give a whole number from 1 to 65535.")
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        raise InputError(
            f"Port {port} of {host} cannot be opened: {reason}.\n"
            f"Give another: port={port % 65535 + 1}"
        ) from None


def interface_command(address: str, port: int) -> list[str]:
    """Return the command that starts the interface.

    Examples
    --------
    >>> interface_command("sqlite:////data/mlflow.db", 5000)[1:6]
    ['-m', 'mlflow', 'ui', '--backend-store-uri', 'sqlite:////data/mlflow.db']
    """
    where = ["--backend-store-uri", address, "--host", "127.0.0.1", "--port", str(port)]
    return [sys.executable, "-m", "mlflow", "ui", *where]
