"""MLflow's model server on a version that is verified to be as promoted."""

import threading
from collections.abc import Sequence

import uvicorn
from starlette.middleware.trustedhost import TrustedHostMiddleware

from tiktok_segments import terminal
from tiktok_segments.defaults import next_command
from tiktok_segments.errors import InputError
from tiktok_segments.registry.choose import load_for_use
from tiktok_segments.registry.served.following import OwnPagesOnly, ServedModel, follow_champion
from tiktok_segments.registry.user_interface import require_free_port
from tiktok_segments.tracking.store import model_name


def serve(
    model: str | int | None, host: str, port: int, names: Sequence[str], follow: float
) -> None:
    """Verify a promoted model, then answer requests by it until the process is stopped.

    The champion is followed: after a promotion or rollback its new version answers.

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
    follow : float
        Seconds between two looks at who is champion; 0: none. Not where a model is named.

    Raises
    ------
    InputError
        If there is no such version, it was tampered with, or the port is not valid or in use.
    """
    if isinstance(follow, bool) or not isinstance(follow, int | float) or follow < 0:
        raise InputError(f"follow is {follow}; give seconds, or 0 to stay with one version.")
    require_free_port(host, port)
    version, named = load_for_use(model)
    if not version.isdigit():
        raise InputError(
            f"{version} is not a version of {model_name()}, so nothing tells whether it was "
            "changed.\nPromote it first: " + next_command("scripts/promote_model.py")
        )
    served = ServedModel(version, named)
    terminal.console(stderr=True).print(
        f"{model_name()} version {version} is as promoted: {', '.join(named.names)}\n"
        f"It answers on http://{host}:{port}/invocations to rows with {', '.join(named.columns)}",
        markup=False,
    )
    stop = threading.Event()
    if model is None and follow:
        looking = threading.Thread(
            target=follow_champion, args=(served, float(follow), stop), daemon=True
        )
        looking.start()
    try:
        uvicorn.run(guard(served, names), host=host, port=port)
    finally:
        stop.set()


def guard(served: ServedModel, names: Sequence[str]) -> TrustedHostMiddleware:
    """Return the application behind its guards: own names only, and own pages only.

    Parameters
    ----------
    served : ServedModel
        Which answers.
    names : sequence of str
        Names under which it answers, and hosts whose pages may ask.

    Returns
    -------
    TrustedHostMiddleware
        An ASGI application.
    """
    inner = OwnPagesOnly(served, list(names))
    return TrustedHostMiddleware(inner, allowed_hosts=list(names), www_redirect=False)
