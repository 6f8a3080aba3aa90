"""What went wrong in Spark, in plain words."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

from tiktok_segments.errors import InputError

_OURS = re.compile(
    r"tiktok_segments\.errors\.InputError: (?P<text>.*?)(?:\n\s*\n|\n\tat |\Z)", re.S
)
_LACKING = re.compile(r"ModuleNotFoundError: No module named '(?P<name>[\w.]+)'")
_NO_PYTHON = re.compile(r'Cannot run program "(?P<path>[^"]*)"')
_TYPES = re.compile(
    r"reading file \S*?(?P<file>[^/\s]+)\. .*?column \[(?P<column>[^\]]+)\]\. "
    r"Expected Spark type (?P<expected>\w+), actual Parquet type (?P<found>\w+)",
    re.S,
)
_STORAGE = re.compile(r'No FileSystem for scheme "?\w+"?|Class org\.apache\.[\w.]+ not found')
_SMALL_EXECUTOR = re.compile(
    r"exited with code (52|137)\b|executor \d+\): java\.lang\.OutOfMemoryError|Executor memory \d"
)
"""52 is Spark's own status for it, 137 that of a process which the system has killed for it."""

_ENDED = re.compile(r"Error while sending or receiving|Answer from Java side is empty|Java network")
_DAMAGED = re.compile(r"reading file (?P<file>\S+?)\.(?:\s|$)")


@contextmanager
def plain_failures(source: str) -> Iterator[None]:
    """Say in one to three lines what Spark could not do, without the stack of its JVM.

    Parameters
    ----------
    source : str
        What is read.

    Raises
    ------
    InputError
        For every failure that Spark reports.
    """
    try:
        with without_pandas_warning():
            yield
    except spark_errors() as error:
        raise InputError(explain(reasons(error), source)) from None
    except ConnectionError:  # of a JVM that is no more
        raise InputError(explain("Error while sending or receiving", source)) from None


def spark_errors() -> tuple[type[Exception], ...]:
    """Return what Spark raises; a client of Spark Connect alone knows nothing of a JVM."""
    from pyspark.errors import PySparkException

    if find_spec("py4j") is None:
        return (PySparkException,)
    from py4j.protocol import Py4JError

    return PySparkException, Py4JError


def reasons(error: Exception) -> str:
    """Return what a failure says; one of the JVM with what those say that it comes from."""
    exception: Any = getattr(error, "java_exception", None)
    if exception is None:
        return str(error)
    said = []
    while exception is not None:
        said.append(str(exception.toString()))
        exception = exception.getCause()
    return "\n".join(said)


@contextmanager
def without_pandas_warning() -> Iterator[None]:
    """Leave out what Spark says of pandas 3: its functions over pandas are not used here."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas")
        yield


def explain(text: str, source: str) -> str:
    """Say what a message of Spark's means.

    Parameters
    ----------
    text : str
        The message, with whatever stack.
    source : str
        What was read.

    Examples
    --------
    >>> print(explain("[PATH_NOT_FOUND] Path does not exist: s3a://lake/x. SQLSTATE: 42K03", "x"))
    x is not there: Path does not exist: s3a://lake/x.
    Give data.path or data.table as Spark knows it.
    """
    if ours := _OURS.search(text):
        return ours["text"].strip()
    if lacking := _LACKING.search(text):
        return (
            f"The Python of Spark's executors has no {lacking['name']}.\n"
            "Install requirements.txt there, or set engine.config.spark.pyspark.python to a Python "
            "that has it."
        )
    if missing := _NO_PYTHON.search(text):
        return (
            f"Spark's executors have no Python {missing['path']}.\n"
            "Set engine.config.spark.pyspark.python to one that is there."
        )
    if "PYTHON_VERSION_MISMATCH" in text:
        return (
            "The Python of Spark's executors is another version than this one.\n"
            "Set engine.config.spark.pyspark.python to one of the same version."
        )
    first = _first_line(text)
    if "DATA_SOURCE_NOT_FOUND" in text:
        return (
            f"Spark has no reader for this data.format: {first}\n"
            "Add its package, as in +engine.config.spark.jars.packages=GROUP:NAME:VERSION"
        )
    if "_NOT_FOUND]" in text or "_NAMESPACE]" in text:
        return f"{source} is not there: {first}\nGive data.path or data.table as Spark knows it."
    if storage := _STORAGE.search(text):
        return (
            f"Spark here cannot read from where {source} is: {storage[0]}.\n"
            "Add the package of that storage; for s3a:// as in "
            "+engine.config.spark.jars.packages=org.apache.hadoop:hadoop-aws:VERSION\n"
            "with the version of the Hadoop that Spark came with."
        )
    if "java.net.ConnectException" in text or "java.net.UnknownHostException" in text:
        return f"Nothing answers where {source} is: {_last_cause(text)}"
    if "maxResultSize" in text:
        return (
            "What comes from Spark to its driver at once is more than is allowed.\n"
            "Allow more: +engine.config.spark.driver.maxResultSize=4g"
        )
    if "Java gateway process exited" in text:
        return (
            "Spark's JVM does not start with this engine.master and engine.config.\n"
            "Its log says why: outputs/spark.log"
        )
    if _SMALL_EXECUTOR.search(text):
        return (
            "Spark's executors have too little memory.\n"
            "Give them more: +engine.config.spark.executor.memory=4g"
        )
    if "OutOfMemoryError" in text or "driver memory" in text or "System memory" in text:
        return (
            "Spark's driver has too little memory.\n"
            "Give it more: +engine.config.spark.driver.memory=4g"
        )
    if _ENDED.search(text):
        return (
            "Spark's JVM has ended in the midst of its work, as it does where its memory is too "
            "little.\nGive it more: +engine.config.spark.driver.memory=4g\n"
            "Its log says why it ended: outputs/spark.log"
        )
    if mixed := _TYPES.search(text):
        return (
            f"{source}: the column {mixed['column']} changes its type between files: "
            f"{mixed['file']} has {mixed['found']} where others have {mixed['expected']}.\n"
            "Write these files again with one type, or give them as CSV."
        )
    if damaged := _DAMAGED.search(text):
        return (
            f"{damaged['file']} cannot be read: {_last_cause(text)}\n"
            f"Write or copy it again, or take it out of {source}."
        )
    return f"Spark cannot read {source}: {first}\nIts log has more: outputs/spark.log"


def _first_line(text: str) -> str:
    """Return what a message says, without its name and its SQL state."""
    lines = [line.strip() for line in text.splitlines()]
    said = [line for line in lines if line and not line.startswith("at ")] or ["no reason given"]
    named = next((line for line in said if re.search(r"\[[A-Z_.]+\] ", line)), said[0])
    return re.sub(r"^.*?\[[A-Z_.]+\] |SQLSTATE: \w+.*$", "", named).strip()[:300]


def _last_cause(text: str) -> str:
    """Return the last of the causes that a message of the JVM lists, without its class."""
    causes = [
        line for line in text.splitlines() if re.match(r"(Caused by: )?[\w.]+[A-Z]\w+: ", line)
    ]
    return re.sub(r"^(Caused by: )?[\w.]+: ", "", causes[-1])[:200] if causes else _first_line(text)
