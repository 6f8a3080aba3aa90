"""Servers that tests start on the loopback address and stop again, whatever happens."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import requests

PROGRAMS = Path(sys.executable).parent
PATH = f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"
"""The search path with this environment's programs first."""

PASSWORD = "p@ss: w/rd? %20'#&$HOME"  # noqa: S105 - of tests only
"""Of the database that tests start: with what addresses and shells take for something else."""


def free_port() -> int:
    """Return a port of the loopback address that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str | Path],
    is_ready: Callable[[], bool],
    log: Path,
    environment: Mapping[str, str] | None = None,
    end: signal.Signals = signal.SIGTERM,
    user: str | None = None,
    cwd: Path | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    """Start a server, wait until it is ready, and stop it with every process that it started."""
    with log.open("w") as out:
        server = subprocess.Popen(
            command, cwd=cwd or log.parent, stdout=out, stderr=out, start_new_session=True,
            env={**os.environ, "PATH": PATH, **(environment or {})},
            user=user, group=user, extra_groups=[] if user else None,
        )  # fmt: skip
    try:
        wait_until(is_ready, server, log)
        yield server
    finally:
        server.send_signal(end)
        try:
            server.wait(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        if end is signal.SIGTERM:  # the workers of a web server; a database ends its own
            _end_group(server.pid)


def wait_until(
    is_ready: Callable[[], bool], server: subprocess.Popen[bytes], log: Path, seconds: float = 180
) -> None:
    """Wait until a server is ready; fail with its log where it ends or takes too long."""
    deadline = time.monotonic() + seconds
    while not is_ready():
        assert server.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)


def _end_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def answers(address: str) -> bool:
    """Say whether an address answers with a status below 400."""
    try:
        return requests.get(address, timeout=2).ok
    except requests.RequestException:
        return False


@contextmanager
def serving(
    store: Path, artifacts: Path, port: int, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve a SQLite store and hand out its files, without MLflow's jobs: nine more processes."""
    command = [
        PROGRAMS / "mlflow", "server", "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--backend-store-uri", f"sqlite:///{store}",
        "--artifacts-destination", str(artifacts),
    ]  # fmt: skip
    quiet = {"MLFLOW_DISABLE_TELEMETRY": "true", "MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
    is_ready = partial(answers, f"http://127.0.0.1:{port}/health")
    with running(command, is_ready, log, quiet) as server:
        yield server


def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs: on the search path, or where Debian has them."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb", path=os.pathsep.join([os.environ["PATH"], *map(str, places)]))
    return Path(found).resolve().parent if found else None


@dataclass(frozen=True)
class Database:
    """Where a database ``mlflow`` of a user ``mlflow`` is, its password, and its files."""

    host: str
    port: int
    password: str
    files: Path

    @property
    def variables(self) -> dict[str, str]:
        """What has PostgreSQL's clients find it."""
        return {
            "PGHOST": self.host, "PGPORT": str(self.port),
            "PGUSER": "mlflow", "PGPASSWORD": self.password,
        }  # fmt: skip


@contextmanager
def postgresql() -> Iterator[Database]:
    """Start a cluster of its own, which listens on the loopback address, with an empty database."""
    programs = find_postgresql()
    assert programs is not None
    user = _unprivileged_user()
    # Not one of pytest's folders, which only the tests' own user may enter.
    with tempfile.TemporaryDirectory(prefix="postgresql-") as name:
        folder = Path(name)
        database = Database("127.0.0.1", free_port(), PASSWORD, folder / "data")
        (folder / "password").write_text(database.password)
        if user is not None:
            for path in (folder, folder / "password"):
                shutil.chown(path, user, user)
        subprocess.run(
            [programs / "initdb", "--pgdata", folder / "data", "--username", "mlflow",
             "--auth", "scram-sha-256", "--pwfile", folder / "password",
             "--encoding", "UTF8", "--locale", "C", "--no-sync"],
            check=True, capture_output=True, cwd=folder,
            user=user, group=user, extra_groups=[] if user else None,
        )  # fmt: skip
        command = [
            programs / "postgres", "-D", folder / "data", "-p", str(database.port), "-k", folder,
            "-F", "-c", f"listen_addresses={database.host}", "-c", "autovacuum=off",
        ]  # fmt: skip
        is_ready = partial(_takes_queries, database)
        with running(command, is_ready, folder / "log", end=signal.SIGINT, user=user):
            with _connect(database) as connection:
                connection.execute("CREATE DATABASE mlflow")
            yield database


def _unprivileged_user() -> str | None:
    """Return whom to run PostgreSQL as: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def _connect(database: Database) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(
        host=database.host, port=database.port, user="mlflow", password=database.password,
        dbname="postgres", connect_timeout=2, autocommit=True,
    )  # fmt: skip


def _takes_queries(database: Database) -> bool:
    try:
        _connect(database).close()
    except psycopg.OperationalError:
        return False
    return True
