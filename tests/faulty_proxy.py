"""A small server on the loopback address that stands before another and fails where it is told."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import requests

KEPT = ("content-type", "content-disposition")
"""Headers of an answer that are passed on; the others are about how it was sent."""


class FaultyProxy(ThreadingHTTPServer):
    """Passes requests on, but for those whose path is told to fail."""

    daemon_threads = True

    def __init__(self, upstream: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.upstream = upstream
        self.broken: re.Pattern[str] | None = None
        self.status: int | None = None
        self.failed: list[str] = []

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    @contextmanager
    def failing(self, paths: str, status: int | None) -> Iterator[None]:
        """Answer paths that match with a status, or hang up on them where that is None."""
        self.broken, self.status, self.failed = re.compile(paths), status, []
        try:
            yield
        finally:
            self.broken = None


class _Handler(BaseHTTPRequestHandler):
    server: FaultyProxy

    def do_GET(self) -> None:
        length = int(self.headers.get("content-length", 0))
        body = self.rfile.read(length)
        if self.server.broken and self.server.broken.search(self.path):
            self.server.failed.append(self.path)
            self._fail()
            return
        named = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in ("host", "connection", "accept-encoding")
        }
        answer = requests.request(
            self.command, self.server.upstream + self.path, data=body, headers=named, timeout=60
        )
        kept = [(name, answer.headers[name]) for name in KEPT if name in answer.headers]
        self._answer(answer.status_code, answer.content, kept)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815 - likewise

    def _fail(self) -> None:
        if self.server.status is None:
            self.close_connection = True  # not a byte of an answer
        else:
            self._answer(self.server.status, b"<html>not now</html>", [])

    def _answer(self, status: int, content: bytes, headers: list[tuple[str, str]]) -> None:
        self.send_response(status)
        for name, value in [*headers, ("content-length", str(len(content)))]:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def faulty_proxy(upstream: str) -> Iterator[FaultyProxy]:
    """Start one before a server, and stop it."""
    proxy = FaultyProxy(upstream)
    thread = threading.Thread(target=proxy.serve_forever)
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
