"""The errors that are meant for the user's eyes."""


class InputError(ValueError):
    """Something the user gave cannot be used.

    The message says in one to three plain lines what was received, what is valid and what to do;
    the command line prints it without a traceback.
    """


class StoreError(InputError):
    """The tracking store does not take what is written to it: gone, full, read-only.

    No further run can be logged, so that a sweep ends with it.
    """


class StoreLost(SystemExit):
    """Ends a whole sweep at once; its code is the message for the user.

    No Exception, because Hydra takes those for the failure of one run and goes on with the next.
    """


_LENGTH = 160
"""Characters of another library's message that are shown."""


def reason(error: BaseException) -> str:
    r"""First line of an error, cut short and without its full stop; its kind where it says nothing.

    Examples
    --------
    >>> reason(ValueError("no XML.\nSee the log."))
    'no XML'
    >>> reason(EOFError())
    'EOFError'
    >>> reason(FileNotFoundError(2, "No such file or directory", "a.csv"))
    'No such file or directory'
    >>> reason(InputError("a.csv cannot be read: it is empty."))
    'it is empty'
    """
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    lines = str(error).strip().splitlines()
    if not lines:
        return type(error).__name__
    said = lines[0].partition(" cannot be read: ")[2] or lines[0]
    return said[:_LENGTH].rstrip(".")
