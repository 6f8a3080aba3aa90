"""MLflow's model server on a version that is verified to be as promoted."""

import socket
from collections.abc import Sequence

import mlflow.pyfunc
import uvicorn
from mlflow.pyfunc import scoring_server
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tiktok_segments import terminal
from tiktok_segments.errors import InputError
from tiktok_segments.registry import versions
from tiktok_segments.registry.choose import load_for_use
from tiktok_segments.tracking.models import download_model


def serve(model: str | int | None, host: str, port: int, names: Sequence[str]) -> None:
    """Verify a promoted model, then answer requests by it until the process is stopped.

    Parameters
    ----------
    model : str, int or None
        Number or address of a version of the registered model; the champion where None.
    host : str
        Address to listen on.
    port : int
        From 1 to 65535.
    names : sequence of str
        Names under which it answers, without a port. A page elsewhere could point a name of its
        own at this address.

    Raises
    ------
    InputError
        If there is no such version, it was tampered with, or the port is not valid or in use.
    """
    _require_free_port(host, port)
    version, named = load_for_use(model)
    if not version.isdigit():
        raise InputError(
            f"{version} is not a version of {versions.MODEL_NAME}, so nothing tells whether it was "
            "changed.\nPromote it first: python scripts/promote_model.py"
        )
    app = make_app(version, names)
    terminal.console(stderr=True).print(
        f"{versions.MODEL_NAME} version {version} is as promoted: {', '.join(named.names)}\n"
        f"It answers on http://{host}:{port}/invocations to rows with {', '.join(named.columns)}",
        markup=False,
    )
    uvicorn.run(app, host=host, port=port)


def make_app(version: str, names: Sequence[str]) -> TrustedHostMiddleware:
    """Return MLflow's application on a version, refusing every request under another name.

    Parameters
    ----------
    version : str
        Number of a version of the registered model.
    names : sequence of str
        Names under which it answers.

    Returns
    -------
    TrustedHostMiddleware
        An ASGI application.
    """
    # The version that was verified, whatever the alias stands for by then.
    folder = download_model(f"models:/{versions.MODEL_NAME}/{version}")
    app = scoring_server.init(mlflow.pyfunc.load_model(str(folder)))
    return TrustedHostMiddleware(app, allowed_hosts=list(names), www_redirect=False)


def _require_free_port(host: str, port: int) -> None:
    if isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 2**16:
        raise InputError(f"port is {port}; give a whole number from 1 to 65535.")
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        reason = str(error.strerror).partition(" (")[0]
        raise InputError(
            f"Port {port} of {host} cannot be opened: {reason}.\nGive another: port={port + 1}"
        ) from None
