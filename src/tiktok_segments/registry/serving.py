"""MLflow's model server, started on a model that is verified to be as promoted."""

import os
import socket
import sys
from pathlib import Path

from tiktok_segments import terminal
from tiktok_segments.errors import InputError
from tiktok_segments.registry import versions
from tiktok_segments.registry.choose import load_for_use
from tiktok_segments.tracking.store import store_address


def serve(model: str | int | None, host: str, port: int) -> None:
    """Verify a promoted model, then let MLflow's server take this process's place.

    Parameters
    ----------
    model : str, int or None
        Number or address of a version of the registered model; the champion where None.
    host : str
        Address to listen on.
    port : int
        From 1 to 65535.

    Raises
    ------
    InputError
        If there is no such version, it was tampered with, or the port is none or in use.
    """
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 2**16:
        raise InputError(f"port is {port}; give a whole number from 1 to 65535.")
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        raise InputError(
            f"Port {port} of {host} cannot be had: {reason}.\nGive another: port={port + 1}"
        ) from None
    version, named = load_for_use(model)
    if not version.isdigit():
        raise InputError(
            f"{version} is no version of {versions.MODEL_NAME}, so nothing tells whether it was "
            "changed.\nPromote it first: python scripts/promote_model.py"
        )
    terminal.console(stderr=True).print(
        f"{versions.MODEL_NAME} version {version} is as promoted: {', '.join(named.names)}\n"
        f"It answers on http://{host}:{port}/invocations to rows with {', '.join(named.columns)}",
        markup=False,
    )
    sys.stderr.flush()
    os.execve(sys.executable, server_command(version, host, port), server_environment())  # noqa: S606


def server_command(version: str, host: str, port: int) -> list[str]:
    """Return the command that serves a version.

    Examples
    --------
    >>> server_command("3", "127.0.0.1", 5001)[1:8]
    ['-m', 'mlflow', 'models', 'serve', '-m', 'models:/tiktok-influencer-segments/3', '--host']
    """
    # The version that was verified, whatever the alias stands for by then.
    address = f"models:/{versions.MODEL_NAME}/{version}"
    where = ["--host", host, "--port", str(port)]
    serve = ["-m", "mlflow", "models", "serve", "-m", address, *where]
    return [sys.executable, *serve, "--env-manager", "local"]


def server_environment() -> dict[str, str]:
    """Return the environment of the server: MLflow starts it by a name on the path."""
    folders = [str(Path(sys.executable).parent), os.environ.get("PATH", "")]
    return os.environ | {
        "PATH": os.pathsep.join(folders),
        "MLFLOW_TRACKING_URI": store_address(),
        "MLFLOW_DISABLE_TELEMETRY": "true",
    }
