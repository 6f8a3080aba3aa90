"""Requests that no server of the project may answer with data, sent as they are."""

import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SEARCH = "/ajax-api/2.0/mlflow/experiments/search?max_results=5"
RUNS = "/ajax-api/2.0/mlflow/runs/search"
JSON = {"Content-Type": "application/json"}
ABROAD = {"Origin": "https://evil.example"}
OVERSIZED = b'{"experiment_ids": ["' + b"1" * 2**24 + b'"]}'


@dataclass(frozen=True)
class Hostile:
    """A request: what it tries, and what is sent."""

    what: str
    path: str
    method: str = "GET"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None


def to_mlflow(run: str, experiment: str) -> Iterator[Hostile]:
    """Give the requests to a server of MLflow's that has a run in an experiment."""
    every = f'{{"experiment_ids": ["{experiment}"]}}'.encode()
    for name in ("10.evil.com", "192.168.evil.com", "evil.com", "localhost.evil.com"):
        yield Hostile(f"host {name}", SEARCH, headers={"Host": name})
    yield Hostile("foreign origin", RUNS, "POST", JSON | ABROAD, every)
    yield Hostile("origin null", RUNS, "POST", JSON | {"Origin": "null"}, every)
    yield Hostile("form of a page", RUNS, "POST", {"Content-Type": "text/plain"} | ABROAD, every)
    for path in ("..%2f..%2f..%2fmlflow.db", "..%252f..%252fmlflow.db", "%2fetc%2fpasswd"):
        yield Hostile(f"artifact {path}", f"/get-artifact?run_uuid={run}&path={path}")
        yield Hostile(f"proxied {path}", f"/api/2.0/mlflow-artifacts/artifacts/{path}")
        yield Hostile(f"static {path}", f"/static-files/{path}")
    version = b'{"name": "../../models", "source": "file:///etc", "run_id": ""}'
    versions = "/api/2.0/mlflow/model-versions"
    yield Hostile("model with slashes", f"{versions}/create", "POST", JSON, version)
    files = f"{versions}/get-artifact?name=..%2f..%2fx&version=1&path=passwd"
    yield Hostile("file of such a model", files.replace("/api/2.0/mlflow", "", 1))
    yield Hostile("oversized body", RUNS, "POST", JSON, OVERSIZED)
    yield Hostile("jobs", "/ajax-api/3.0/jobs/search", "POST", JSON, b"{}")
    yield Hostile("gateway", "/ajax-api/2.0/mlflow/gateway-proxy?gateway_path=api/2.0/endpoints")


def to_model(row: bytes) -> Iterator[Hostile]:
    """Give the requests to the model server, with a row that it would answer."""
    path = "/invocations"
    for name in ("10.evil.com", "192.168.evil.com", "evil.com", "localhost.evil.com"):
        yield Hostile(f"host {name}", path, "POST", JSON | {"Host": name}, row)
    for origin in ("https://evil.example", "null", "http://127.0.0.1.evil.example"):
        yield Hostile(f"origin {origin}", path, "POST", JSON | {"Origin": origin}, row)
    yield Hostile("form of a page", path, "POST", {"Content-Type": "text/plain"}, row)
    for other in ("/..%2f..%2fmlflow.db", "//etc/passwd", "/models/a%2fb/1", "/openapi.json"):
        yield Hostile(f"path {other}", other)
    yield Hostile("oversized body", path, "POST", JSON, OVERSIZED)
    yield Hostile("deep body", path, "POST", JSON, b"[" * 90_000)
    yield Hostile("another method", path, "PUT", JSON, row)


def answered(address: str, hostile: Hostile) -> tuple[int, bytes]:
    """Send a request with its path and headers as they are; return status and body.

    Where the server closes the connection instead, the status is 0.
    """
    place = urlsplit(address)
    link = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
    try:
        link.putrequest(hostile.method, hostile.path, skip_host="Host" in hostile.headers)
        for name, value in hostile.headers.items():
            link.putheader(name, value)
        if hostile.body is not None:
            link.putheader("Content-Length", str(len(hostile.body)))
        link.endheaders()
        if hostile.body is not None:
            link.send(hostile.body)
        answer = link.getresponse()
        return answer.status, answer.read()
    except (ConnectionError, http.client.HTTPException):
        return 0, b""
    finally:
        link.close()


def leaks(address: str, run: str, experiment: str) -> list[str]:
    """Send every request to a server of MLflow's; return which are answered with data."""
    secrets = (run.encode(), b"root:", b"SQLite format")
    nothing = (b'{"jobs":[]}', b'{"endpoints":[]}')
    found = []
    for hostile in to_mlflow(run, experiment):
        status, body = answered(address, hostile)
        if (status == 200 and body.strip() not in nothing) or any(s in body for s in secrets):
            found.append(f"{hostile.what}: {status} {body[:200]!r}")
    return found


def is_own_answered(address: str, run: str, experiment: str) -> bool:
    """Say whether the server does answer with the run where it is asked as it should be."""
    body = f'{{"experiment_ids": ["{experiment}"]}}'.encode()
    return run.encode() in answered(address, Hostile("own", RUNS, "POST", JSON, body))[1]
