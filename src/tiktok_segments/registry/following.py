"""The model server's application on whichever version is champion, exchanged between requests."""

import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

import mlflow.pyfunc
from mlflow.exceptions import MlflowException
from mlflow.pyfunc import scoring_server
from sqlalchemy.exc import SQLAlchemyError

from tiktok_segments import terminal
from tiktok_segments.errors import InputError, reason
from tiktok_segments.registry import versions
from tiktok_segments.tracking.model_loading import download_model
from tiktok_segments.tracking.store import model_name

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

VERSION_HEADER = "x-model-version"
"""Of every answer: the version that gave it."""


class ServedModel:
    """An ASGI application that answers by one version, until it is given another.

    A request is answered to its end by the version that it came to.

    Parameters
    ----------
    version : str
        Number of a version of the registered model.
    """

    def __init__(self, version: str) -> None:
        self.use(version)

    @property
    def version(self) -> str:
        """The version that answers now."""
        return self._serving[0]

    def use(self, version: str) -> None:
        """Let a version answer all requests from now on, once it is loaded.

        Raises
        ------
        InputError
            If its files are not as they were promoted; the one before then goes on.
        """
        versions.load_version(versions.get_version(version))
        # The version that was verified, whatever the alias stands for by then.
        folder = download_model(f"models:/{model_name()}/{version}")
        # One assignment: no request sees one half of it.
        self._serving = version, scoring_server.init(mlflow.pyfunc.load_model(str(folder)))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the version in a header."""
        version, application = self._serving

        async def send_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (VERSION_HEADER.encode(), version.encode())
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        await application(scope, receive, send_version)


class OwnPagesOnly:
    """An ASGI application before another one: refuses requests that pages of others send.

    Parameters
    ----------
    application : callable
        Which answers the rest.
    names : list of str
        Hosts whose pages may ask, whatever the port.
    """

    def __init__(self, application: Application, names: list[str]) -> None:
        self._application, self._names = application, frozenset(names)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it by its ``Origin``."""
        if scope["type"] == "http" and not self._is_own(scope):
            head = [(b"content-type", b"text/plain; charset=utf-8")]
            await send({"type": "http.response.start", "status": 403, "headers": head})
            await send({"type": "http.response.body", "body": b"Requests of other pages: refused"})
            return
        await self._application(scope, receive, send)

    def _is_own(self, scope: Scope) -> bool:
        origins = [value.decode("latin-1") for name, value in scope["headers"] if name == b"origin"]
        return all(_host(origin) in self._names for origin in origins)


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).hostname
    except ValueError:
        return None


def follow_champion(served: ServedModel, every: float, stop: threading.Event) -> None:
    """Let the champion answer, and after a promotion or rollback the new one, until stopped.

    Where the store cannot be asked, or the new champion is not as it was promoted, the version
    before goes on, and it is said why, once.

    Parameters
    ----------
    served : ServedModel
        The application.
    every : float
        Seconds between two looks.
    stop : Event
        Ends it.
    """
    out, told = terminal.console(stderr=True), ""
    while not stop.wait(every):
        try:
            version = versions.champion()
            if version is None or str(version.version) == served.version:
                told = ""
                continue
            before = served.version
            served.use(str(version.version))
            told = f"Version {served.version} answers now, before it version {before}."
            out.print(told, markup=False)
        except (InputError, MlflowException, SQLAlchemyError, OSError) as error:
            words = f"Version {served.version} goes on: {reason(error)}"
            if words != told:
                out.print(words, markup=False)
            told = words
