"""Word to whom it may concern: a program of the user's choice is given one JSON object."""

import json
import os
import shlex
import signal
import subprocess
from collections.abc import Mapping
from typing import Any

from tiktok_segments.errors import InputError, reason

EVENTS = ("replaced", "refused", "held", "failed", "watch")
"""Of which word is sent; ``watch`` where the champion was kept and drift begins."""


def event_of(outcome: str, drift: str) -> str | None:
    """Return what happened, as word is sent of it; None where all is as it was.

    Examples
    --------
    >>> event_of("kept", "keep"), event_of("kept", "watch"), event_of("held", "")
    (None, 'watch', 'held')
    """
    if outcome == "kept":
        return drift if drift == "watch" else None
    return outcome if outcome in EVENTS else None


def read_command(command: object) -> list[str]:
    """Read a program and its arguments, as a shell would split them; no shell is run.

    Raises
    ------
    InputError
        If it cannot be split.

    Examples
    --------
    >>> read_command("mail -s 'our segments' me@example.com")
    ['mail', '-s', 'our segments', 'me@example.com']
    """
    if isinstance(command, list | tuple):
        return [str(part) for part in command]
    try:
        return shlex.split(str(command or ""))
    except ValueError as error:
        raise InputError(f"notify.command={command} cannot be read: {error}.") from None


def send_word(command: list[str], message: Mapping[str, Any], timeout: float) -> str | None:
    """Give a program one JSON object on its standard input.

    Parameters
    ----------
    command : list of str
        The program and its arguments.
    message : mapping
        Plain data.
    timeout : float
        Seconds after which it is ended, with all that it started.

    Returns
    -------
    str or None
        What went wrong, None where nothing did. Nothing is raised: the week is over whatever
        becomes of the word.
    """
    content = json.dumps(message, ensure_ascii=False).encode()
    try:
        program = subprocess.Popen(  # noqa: S603 - the user's own program, without a shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return f"{command[0]} cannot be started: {error.strerror}"
    with program:  # its words are not waited for at the end: what left its group may hold them
        try:
            _, said = program.communicate(content, timeout=timeout)
        except subprocess.TimeoutExpired:
            os.killpg(program.pid, signal.SIGKILL)
            return f"{command[0]} had not ended after {timeout:g} seconds and was stopped"
        except OSError as error:
            os.killpg(program.pid, signal.SIGKILL)
            return f"{command[0]} could not be told: {error.strerror}"
    if program.returncode:
        words = said.decode(errors="replace")
        last = f": {reason(ValueError(words))}" if words.strip() else ""
        return f"{command[0]} ended with status {program.returncode}{last}"
    return None
