import gc
import hashlib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from tiktok_segments.accounts.download import fetch_file
from tiktok_segments.errors import InputError

CONTENT = b'"account_id","followers"\n"a","1"\n' * 20_000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Handler(BaseHTTPRequestHandler):
    """Answers by the path asked for and remembers what was asked."""

    server: "Server"

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        if self.path == "/moved.csv":
            self.send_response(302)
            self.send_header("Location", "/whole.csv")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path in ("/whole.csv", "/broken.csv", "/silent.csv"):
            self.send_response(200)
            if self.path != "/silent.csv":
                self.send_header("Content-Length", str(len(CONTENT)))
            self.end_headers()
            self.wfile.write(CONTENT if self.path == "/whole.csv" else CONTENT[: len(CONTENT) // 2])
        else:
            self.send_error(404)

    def log_message(self, *arguments: object) -> None:
        """Print nothing."""


class Server(ThreadingHTTPServer):
    """A server on the loopback address that remembers the paths it was asked for."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[str] = []

    def address(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    # A proxy of the machine's must not stand between the test and its server.
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
    # A connection left open is told now, of the test that left it, and not of some later one.
    gc.collect()


def test_the_right_file_arrives_whole_in_a_folder_made_for_it(
    server: Server, tmp_path: Path
) -> None:
    path = tmp_path / "data" / "raw" / "profiles.csv"
    assert fetch_file(server.address("/whole.csv"), SHA256, path) is True
    assert path.read_bytes() == CONTENT
    assert [file.name for file in path.parent.iterdir()] == ["profiles.csv"]


def test_a_file_that_is_there_is_not_downloaded_again(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "profiles.csv"
    fetch_file(server.address("/whole.csv"), SHA256, path)
    assert fetch_file(server.address("/whole.csv"), SHA256, path) is False
    assert server.asked == ["/whole.csv"]


def test_a_file_of_other_content_is_downloaded_anew(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "profiles.csv"
    path.write_bytes(CONTENT[:100])
    assert fetch_file(server.address("/whole.csv"), SHA256, path) is True
    assert path.read_bytes() == CONTENT


def test_a_file_that_moved_is_followed(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "profiles.csv"
    assert fetch_file(server.address("/moved.csv"), SHA256, path) is True
    assert path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("address", "sha256", "message"),
    [
        ("/whole.csv", "0" * 64, "is not the published file: its SHA-256 is not 000000000000"),
        ("/broken.csv", SHA256, "failed or broke off; nothing was kept"),
        ("/silent.csv", SHA256, "is not the published file"),
        ("/missing.csv", SHA256, "answers 404 Not Found"),
    ],
    ids=["wrong hash", "broken connection", "cut off without a length", "missing file"],
)
def test_a_failed_download_is_told_and_leaves_nothing(
    server: Server, tmp_path: Path, address: str, sha256: str, message: str
) -> None:
    url, path = server.address(address), tmp_path / "raw" / "profiles.csv"
    with pytest.raises(InputError, match=message) as caught:
        fetch_file(url, sha256, path)
    assert url in str(caught.value)
    assert len(str(caught.value).splitlines()) <= 3
    assert not path.exists()
    assert not path.parent.exists() or not list(path.parent.iterdir())
    assert server.asked == [address]


def test_after_a_failure_the_next_download_succeeds(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "profiles.csv"
    with pytest.raises(InputError):
        fetch_file(server.address("/broken.csv"), SHA256, path)
    assert fetch_file(server.address("/whole.csv"), SHA256, path) is True
    assert path.read_bytes() == CONTENT


def test_a_failed_download_leaves_the_file_that_was_there(server: Server, tmp_path: Path) -> None:
    path = tmp_path / "profiles.csv"
    path.write_bytes(b"mine")
    with pytest.raises(InputError):
        fetch_file(server.address("/broken.csv"), SHA256, path)
    assert path.read_bytes() == b"mine"
    assert [file.name for file in tmp_path.iterdir()] == ["profiles.csv"]


def test_a_server_that_is_not_there_is_told(server: Server, tmp_path: Path) -> None:
    url = server.address("/whole.csv")
    server.socket.close()
    server.shutdown()
    with pytest.raises(InputError, match="failed or broke off"):
        fetch_file(url, SHA256, tmp_path / "profiles.csv")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", ["profiles.csv", "htp://example.org/x.csv", "http://"])
def test_an_address_that_is_none_is_told(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=url):
        fetch_file(url, SHA256, tmp_path / "profiles.csv")
    assert not list(tmp_path.iterdir())
