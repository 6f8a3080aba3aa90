"""Failures of the tracking store in plain words, told apart from its answer "there is none"."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

from tiktok_segments.errors import InputError, StoreError
from tiktok_segments.tracking.store import store_address

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

_NOT_YOURS = "It, and the folder it is in, must be yours to write."
_REMEDIES = {
    errno.EACCES: _NOT_YOURS,
    errno.EPERM: _NOT_YOURS,
    errno.EROFS: _NOT_YOURS,
    errno.ENOSPC: "Make room on its disk.",
    errno.EDQUOT: "Make room on its disk.",
}

_IN_USE = "Another program is using it; try again when that has ended."

ABSENT = frozenset({"RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"})
"""MLflow's codes for what is not there: the second for an alias, and for an id of other letters."""

REFUSED = frozenset(
    {
        "CUSTOMER_UNAUTHORIZED",
        "DEADLINE_EXCEEDED",
        "ENDPOINT_NOT_FOUND",
        "PERMISSION_DENIED",
        "REQUEST_LIMIT_EXCEEDED",
        "RESOURCE_EXHAUSTED",
        "UNAUTHENTICATED",
    }
)
"""MLflow's codes for requests that a server, or what stands before it, does not serve."""

BACK = "A backup that holds them brings them back: python scripts/store.py restore backup=FOLDER"
"""Said of files that are gone."""

RESUME = "Finished runs are kept; a sweep goes on with the same command and resume=true."


def is_absent(error: BaseException) -> bool:
    """Say whether an error is the store's answer that it has no such thing.

    Any other error says nothing about what the store has: the server may be gone, or too busy.

    Parameters
    ----------
    error : Exception
        Raised by a question to MLflow.

    Returns
    -------
    bool
        By MLflow's code of the error, which is the same from a database and from a server.

    Examples
    --------
    >>> from mlflow.exceptions import MlflowException
    >>> from mlflow.protos.databricks_pb2 import RESOURCE_DOES_NOT_EXIST
    >>> is_absent(MlflowException("Run with id=0 not found", error_code=RESOURCE_DOES_NOT_EXIST))
    True
    >>> is_absent(MlflowException("API request failed with error code 503"))
    False
    """
    return getattr(error, "error_code", None) in ABSENT


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
        raise StoreError(reason) from error


def explain_store_error(error: BaseException) -> str | None:
    """Say in plain words what an error means for the store, and how a sweep goes on.

    Parameters
    ----------
    error : Exception
        Raised while something was logged.

    Returns
    -------
    str or None
        Two or three lines; None where it is no failure of the store.

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
    reason = name_store_error(error)
    return f"{reason}\n{RESUME}" if reason else None


def name_store_error(error: BaseException) -> str | None:
    """Say in plain words what an error means for the store.

    Types and codes of errors are asked first; words only of errors that MLflow made a text of.

    Parameters
    ----------
    error : Exception
        Raised while the store was written or asked.

    Returns
    -------
    str or None
        A line or two; None where it is no failure of the store.

    Examples
    --------
    >>> print(name_store_error(PermissionError(errno.EACCES, "Permission denied", "mlruns")))
    mlruns cannot be used: Permission denied.
    It, and the folder it is in, must be yours to write.
    """
    if isinstance(error, OSError) and error.errno in NOT_WRITTEN:
        text = f"{error.filename or 'A file'} cannot be used: {error.strerror}."
        return "\n".join([text, *filter(None, [_REMEDIES.get(error.errno)])])
    if deleted := re.search(r"The run (\w+) must be in the 'active' state", str(error)):
        return (
            f"Run {deleted[1]} was deleted in MLflow.\n"
            f"mlflow runs restore --run-id {deleted[1]} brings it back."
        )
    if is_absent(error):
        return None
    words = f"{type(error).__name__} {error}"
    if server := _name_server_error(error, words):
        return server
    if "OperationalError" in words:
        said = _database_words(words)
        text = f"The MLflow store {store_address()} cannot be written: {said}."
        return f"{text}\n{_IN_USE}" if "locked" in said else text
    return None


def _name_server_error(error: BaseException, words: str) -> str | None:
    """Say what keeps a tracking server from answering as it should, None for any other error."""
    status = _status(error, words)
    if status is not None:
        what = f"answers with an error (HTTP status {status})."
    elif getattr(error, "error_code", None) in REFUSED:
        what = f"refuses to answer: {' '.join(str(error).split())[:200]}"
    elif _is_unanswered(error, words):
        what = "does not answer any more."
    else:
        return None
    return f"The MLflow tracking server {store_address()} {what}"


def _status(error: BaseException, words: str) -> str | None:
    """Return the status that a server answered with, where that is what an error says."""
    from requests import HTTPError

    if isinstance(error, HTTPError) and error.response is not None:
        return str(error.response.status_code)
    found = re.search(r"too many (\d{3}) error responses|failed with error code (\d{3})", words)
    return (found[1] or found[2]) if found else None


def _is_unanswered(error: BaseException, words: str) -> bool:
    from requests import RequestException

    if isinstance(error, InputError):  # told in plain words where it arose, as of a cluster
        return False
    gone = ConnectionError, RequestException
    if isinstance(error, gone) or isinstance(error.__context__, gone):
        return True
    asked = "API request to" in words and "failed with" in words
    # MLflow makes one error of all files that could not be downloaded, of which only words remain.
    downloaded = "failures occurred while downloading" in words
    return asked or downloaded or "Max retries exceeded" in words


def _database_words(words: str) -> str:
    """Return the database's own words: what stands between its error's name and the statement."""
    _, _, after = words.partition("OperationalError)")
    text = (after or words).split("[SQL")[0].split("(Background on")[0]
    return " ".join(text.split())[:200].rstrip(".")
