"""Failures of the tracking store in plain words: gone, full, read-only, locked."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager

from tiktok_segments.errors import StoreError
from tiktok_segments.store import store_address

NOT_WRITTEN = frozenset(
    {
        errno.ENOSPC,
        errno.EDQUOT,
        errno.EFBIG,
        errno.EROFS,
        errno.EACCES,
        errno.EPERM,
        errno.EIO,
        errno.ENOTDIR,
        errno.EEXIST,
    }
)
"""Errors of the operating system that mean that a file could not be written."""

RESUME = "Finished runs are kept; a sweep goes on with the same command and resume=true."


@contextmanager
def store_errors() -> Iterator[None]:
    """Turn whatever the store raises when it cannot be written into a :class:`StoreError`.

    Other errors pass.

    Raises
    ------
    StoreError
        If the server does not answer, the disk is full, or the store may not be written.
    """
    try:
        yield
    except Exception as error:
        reason = explain_store_error(error)
        if reason is None:
            raise
        # What is still to be said to the store, such as that the run failed, need not wait again.
        os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "0"
        raise StoreError(reason) from error


def explain_store_error(error: BaseException) -> str | None:
    """Say in plain words what an error means for the store.

    Parameters
    ----------
    error : Exception
        Raised while something was logged.

    Returns
    -------
    str or None
        Two lines; None where it is no failure of the store.

    Examples
    --------
    >>> full = OSError(errno.ENOSPC, "No space left on device", "runs")
    >>> explain_store_error(full).splitlines()[0]
    'runs cannot be used: No space left on device.'
    >>> explain_store_error(ValueError("k")) is None
    True
    """
    if isinstance(error, StoreError):
        return str(error)
    reason = _reason(error)
    return f"{reason}\n{RESUME}" if reason else None


def _reason(error: BaseException) -> str | None:
    if isinstance(error, OSError) and error.errno in NOT_WRITTEN:
        return f"{error.filename or 'A file'} cannot be used: {error.strerror}."
    words = f"{type(error).__name__} {error}"
    unanswered = "API request to" in words and "failed with exception" in words
    if unanswered or "Max retries exceeded" in words or isinstance(error, ConnectionError):
        return f"The MLflow tracking server {store_address()} does not answer any more."
    if "OperationalError" in words or "too many 500 error responses" in words:
        return f"The MLflow store {store_address()} cannot be written: {_database_words(words)}."
    return None


def _database_words(words: str) -> str:
    """Return the database's own words: what stands between its error's name and the statement."""
    _, _, after = words.partition("OperationalError)")
    text = (after or words).split("[SQL")[0].split("(Background on")[0]
    return " ".join(text.split())[:200].rstrip(".")
