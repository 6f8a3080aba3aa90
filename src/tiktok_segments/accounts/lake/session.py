"""A session of Spark: the one that is there, or one of its own."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any
from urllib.parse import urlsplit

from tiktok_segments.accounts.lake.failures import plain_failures
from tiktok_segments.accounts.lake.settings import SparkSettings
from tiktok_segments.accounts.lake.shipping import is_connected, ship_package
from tiktok_segments.accounts.large.temporary_folder import large_folder
from tiktok_segments.errors import InputError

OLDEST_JAVA = 17
"""What pyspark 4 is compiled for."""

PATIENCE = 5.0
"""Seconds in which a cluster has to answer."""

BATCH_ROWS = 2**17
"""Rows that a function of ours is given at once; pandas costs as much for a batch of few."""

BATCH_BYTES = 2**26
"""Bytes of a batch, about: of blocks of accounts there are fewer in one."""

_asked: dict[Any, tuple[tuple[str, str], ...]] = {}
"""The settings of Spark that each session has been asked for last."""


def open_session(settings: SparkSettings) -> Any:
    """Open a session of Spark.

    Parameters
    ----------
    settings : SparkSettings
        Where it runs, and its settings, which are set before a JVM starts.

    Returns
    -------
    SparkSession
        The one of this process where there is one.

    Raises
    ------
    InputError
        If Spark or its Java is not there, its cluster does not answer, or this process has a
        session that is another than what is asked for.
    """
    if find_spec("pyspark") is None:
        raise InputError(
            "engine=spark needs Apache Spark, which is not installed.\n"
            "Install it: pip install -r requirements-spark.txt, and Java 17 or newer."
        )
    with plain_failures(settings.address):
        from pyspark.sql import SparkSession

        session: Any = SparkSession.getActiveSession()
        if session is None:
            with _keeping_ctrl_c():
                session = _start(SparkSession.builder, settings)
        else:
            _require_same(session, settings)
        if _asked.get(session) != settings.config:
            for name, value in settings.config:
                _set(session, name, value)
            _asked[session] = settings.config
        session.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", str(BATCH_ROWS))
        session.conf.set("spark.sql.execution.arrow.maxBytesPerBatch", str(BATCH_BYTES))
        session.conf.set("spark.sql.session.timeZone", "UTC")
        if is_connected(session) or not session.sparkContext.master.startswith("local"):
            ship_package(session)
    return session


def _require_same(session: Any, settings: SparkSettings) -> None:
    """Refuse to go on with a session on another cluster than the one asked for."""
    if is_connected(session):
        there, is_other = "a server of Spark Connect", settings.master is not None
    else:
        there = session.sparkContext.master
        is_other = settings.remote is not None or settings.master not in (None, there)
    if is_other:
        raise InputError(
            f"This process has a session of Spark on {there}, not on {settings.address}.\n"
            "Leave engine.master and engine.remote out, or start another process."
        )


def _set(session: Any, name: str, value: str) -> None:
    """Set what the user asks of a session that is there; refuse what it was to be started with."""
    if session.conf.isModifiable(name):
        session.conf.set(name, value)
    elif (there := session.conf.get(name, None)) != value:
        raise InputError(
            f"engine.config.{name}={value}: a session of Spark that is there has {there}, which "
            "cannot be changed.\nSet it where the session is started, or leave it out."
        )


@contextmanager
def _keeping_ctrl_c() -> Iterator[None]:
    """Heed Ctrl-C afterwards as before: Spark's own way would cut calls to the store in two."""
    heeded = signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        if current_thread() is main_thread():
            signal.signal(signal.SIGINT, heeded)


def _start(builder: Any, settings: SparkSettings) -> Any:
    """Start a session, and its JVM where it needs one here."""
    if not settings.master and "PYSPARK_GATEWAY_PORT" in os.environ:
        return builder.getOrCreate()  # spark-submit says where it runs, and has started its JVM
    address, given = settings.address, dict(settings.config)
    _require_answer(address)
    if settings.of_connect:
        return builder.remote(address).getOrCreate()
    _require_java()
    # Spark takes the executors' Python from here alone, whatever spark.pyspark.python says.
    chosen = given.get("spark.pyspark.python")
    os.environ["PYSPARK_PYTHON"] = chosen or os.environ.get("PYSPARK_PYTHON", sys.executable)
    quiet = {
        "spark.app.name": "tiktok-segments",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    host = urlsplit(address).hostname
    if address.startswith("local") or host in ("127.0.0.1", "localhost"):
        quiet |= {
            "spark.sql.shuffle.partitions": "16",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.driver.host": "127.0.0.1",
        }
    builder = builder.master(address)
    for name, value in (quiet | given).items():
        builder = builder.config(name, value)
    with _log_to(large_folder().parent / "spark.log"):
        session = builder.getOrCreate()
    _asked[session] = settings.config
    return session


def _require_answer(address: str) -> None:
    """Refuse a cluster that is not there at once, where Spark tries for minutes."""
    parts = urlsplit(address.split(",")[0])
    if parts.scheme not in ("spark", "sc") or parts.hostname is None:
        return
    port = parts.port or (7077 if parts.scheme == "spark" else 15002)
    try:
        socket.create_connection((parts.hostname, port), timeout=PATIENCE).close()
    except OSError as error:
        setting = "engine.master" if parts.scheme == "spark" else "engine.remote"
        raise InputError(
            f"Nothing answers at {setting}={address}: {error.strerror or error}.\n"
            "Start the cluster, or leave the setting out to run on this machine."
        ) from None


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home, "bin", "java")) if home else shutil.which("java")
    version = _version(java) if java else None
    if version is None or version < OLDEST_JAVA:
        found = "there is none here" if version is None else f"{java} is version {version}"
        raise InputError(
            f"engine=spark needs Java {OLDEST_JAVA} or newer; {found}.\n"
            "Install it (Debian: apt-get install default-jre-headless), or set JAVA_HOME to it."
        )


def _version(java: str) -> int | None:
    """Return the version that a Java says it is; None where it cannot be run."""
    try:
        asked = subprocess.run(  # noqa: S603 - the user's own Java
            [java, "-version"], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    found = re.search(r'version "(?:1\.)?(\d+)', asked.stderr)
    return int(found[1]) if found else None


@contextmanager
def _log_to(file: Path) -> Iterator[None]:
    """Send what a JVM that starts meanwhile says for as long as it lives to a file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with file.open("ab") as log:
            os.dup2(log.fileno(), 2)
            yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
