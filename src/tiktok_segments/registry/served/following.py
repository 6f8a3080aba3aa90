"""The model server's application on whichever version is champion, exchanged between requests."""

import asyncio
import json
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from mlflow.exceptions import MlflowException
from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tiktok_segments import terminal
from tiktok_segments.errors import InputError, reason
from tiktok_segments.registry import versions
from tiktok_segments.registry.served.door import answer_request
from tiktok_segments.tracking.named_model import NamedModel

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

VERSION_HEADER = "x-model-version"
"""Of every answer: the version that gave it."""

LARGEST = 64 * 2**20
"""Bytes of a request's body, some 600,000 rows of four columns; more is refused with status 413."""


ADDRESSES = "Send rows by POST to /invocations; GET /ping says whether the server is well."
"""What is told where nothing answers, as to a browser that opens the server."""


class ServedModel:
    """An ASGI application that answers by one version, until it is given another.

    A request is answered to its end by the version that it came to.

    Parameters
    ----------
    version : str
        Number of a version of the registered model.
    model : NamedModel
        The same, loaded.
    """

    def __init__(self, version: str, model: NamedModel) -> None:
        self._serving = version, model
        self._application = Starlette(
            routes=[
                Route("/invocations", _invoke, methods=["POST"]),
                Route("/ping", _is_well),
                Route("/health", _is_well),
            ],
            exception_handlers={HTTPException: _as_json},
        )

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
        # One assignment: no request sees one half of it.
        self._serving = version, versions.load_version(versions.get_version(version))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, with the version in a header."""
        version, model = self._serving

        async def send_version(message: Message) -> None:
            if message["type"] == "http.response.start":
                header = (VERSION_HEADER.encode(), version.encode())
                message = {**message, "headers": [*message.get("headers", ()), header]}
            await send(message)

        await self._application({**scope, "model": model}, receive, send_version)


async def _invoke(request: Request) -> Response:
    """Answer the rows of a request."""
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > LARGEST:
            raise HTTPException(413, f"The body is larger than {LARGEST:,} bytes; send less.")
    model: NamedModel = request.scope["model"]
    kind = request.headers.get("content-type", "")
    answer = await asyncio.to_thread(
        answer_request, bytes(body), kind, model.columns, model.pipeline.predict
    )
    return _json(answer.status, answer.content)


async def _is_well(_request: Request) -> Response:
    return _json(200, {"status": "ok"})


async def _as_json(_request: Request, error: Exception) -> Response:
    """Say what Starlette refuses, such as an address that there is not, in one JSON object."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    words = error.detail if isinstance(error, HTTPException) else "Internal error"
    if status in (404, 405):
        words = f"{words}. {ADDRESSES}"
    return _json(status, {"error_code": "BAD_REQUEST", "message": words})


def _json(status: int, content: dict[str, Any]) -> Response:
    # ASCII only: what was received is said back, and may be text that no encoding has.
    return Response(json.dumps(content), status, media_type="application/json")


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
    except ValueError:  # no address, and so none of this host's
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
