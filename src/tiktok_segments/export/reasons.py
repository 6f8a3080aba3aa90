"""Another library's error in the few words that fit a message."""

from __future__ import annotations

_LENGTH = 160


def reason(error: BaseException) -> str:
    r"""First line of an error, cut short; its kind where it says nothing.

    Examples
    --------
    >>> reason(ValueError("no XML\nsee the log"))
    'no XML'
    >>> reason(EOFError())
    'EOFError'
    """
    lines = str(error).strip().splitlines()
    return lines[0][:_LENGTH] if lines else type(error).__name__
