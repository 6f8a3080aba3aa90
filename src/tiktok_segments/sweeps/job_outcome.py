"""What came out of a job of Hydra's."""

from contextlib import redirect_stderr
from io import StringIO

from hydra.core.utils import JobReturn


def job_outcome(job: JobReturn) -> object:
    """Return what a job returned, or the error that it raised.

    Hydra raises the error where its ``return_value`` is read, and writes a line of its own.

    Parameters
    ----------
    job : JobReturn
        What Hydra says of a job that has ended.

    Examples
    --------
    >>> from hydra.core.utils import JobStatus
    >>> failed = JobReturn(status=JobStatus.FAILED)
    >>> failed.return_value = ValueError("k")
    >>> job_outcome(failed)
    ValueError('k')
    """
    try:
        with redirect_stderr(StringIO()):
            return job.return_value
    except Exception as error:
        return error
