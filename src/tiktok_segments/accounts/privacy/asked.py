"""What a configuration's ``data`` says of privacy, and what was said of it where a model was made.

``data.pseudonyms`` is the id of a key, true for whichever is at hand, or nothing. It goes with all
else that is said of the data: into a run's record, and from there to whatever is read by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tiktok_segments.accounts.privacy.keys import find_key
from tiktok_segments.accounts.privacy.pseudonyms import LABEL, Pseudonyms, is_pseudonym
from tiktok_segments.errors import InputError

UNNAMED = ""
"""Path of an export, as a record keeps it whose files' names are not kept."""


def read_pseudonyms(data: Mapping[str, Any]) -> Pseudonyms | None:
    """Return the pseudonyms that ``data`` asks for; None where handles stay.

    Raises
    ------
    InputError
        If the key is not at hand, or is another one.
    """
    asked = data.get("pseudonyms")
    if not asked:
        return None
    key = find_key(None if asked is True else str(asked))
    return Pseudonyms(key, str(data.get("label") or LABEL))


def settle_privacy(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` with the id of the key that it asks for.

    Raises
    ------
    InputError
        If the key is not at hand, or is another one.

    Examples
    --------
    >>> settle_privacy({"path": "a.csv", "pseudonyms": None})
    {'path': 'a.csv', 'pseudonyms': None}
    """
    pseudonyms = read_pseudonyms(data)
    return dict(data) if pseudonyms is None else {**data, "pseudonyms": pseudonyms.key.id}


def hold_to_privacy(
    recorded: Mapping[str, Any], asked: Mapping[str, Any], whose: str
) -> dict[str, Any]:
    """Return what a command says of its data, held to the privacy of a model or run.

    Parameters
    ----------
    recorded : mapping
        What is kept of the model: ``pseudonyms``, the id of the key of its accounts, nothing where
        they have their own handles; ``round``, the digits of their numbers that are handed on.
    asked : mapping
        The command's ``data``.
    whose : str
        What to call the model.

    Returns
    -------
    dict
        Under the model's pseudonyms, also where the command did not ask for them; under those that
        the command asks for, where the model has none. Numbers have as many digits as the command
        says, else as the model's.

    Raises
    ------
    InputError
        If the model's key is not at hand, or another one is.

    Examples
    --------
    >>> hold_to_privacy({"round": 2}, {"path": "a.csv", "round": None}, "The champion")["round"]
    2
    """
    held = dict(asked)
    if recorded.get("round") and held.get("round") is None:
        held["round"] = recorded["round"]
    if recorded.get("pseudonyms"):
        try:
            held["pseudonyms"] = find_key(str(recorded["pseudonyms"])).id
        except InputError as error:
            raise InputError(f"{whose} was made of accounts under pseudonyms. {error}") from None
    return settle_privacy(held)


def read_again(recorded: Mapping[str, Any], asked: Mapping[str, Any], whose: str) -> dict[str, Any]:
    """Return the ``data`` of a record for reading an export by it, with what a command says.

    Parameters
    ----------
    recorded : mapping
        The ``data`` that a run keeps.
    asked : mapping
        The command's: ``path``, where the export is now, and what it says of privacy.
    whose : str
        What to call the run.

    Returns
    -------
    dict
        The record's, with the command's ``path``, ``label`` and ``round`` where it gives them.

    Raises
    ------
    InputError
        If the run's key is not at hand.

    Examples
    --------
    >>> published = {"path": "p.csv", "url": "https://example.org/p.csv", "pseudonyms": None}
    >>> moved = read_again(published, {"path": "moved.csv"}, "Run 1")
    >>> moved["path"], moved["url"]
    ('moved.csv', None)
    """
    said = {name: asked.get(name) for name in ("path", "label", "round")}
    said = {name: value for name, value in said.items() if value is not None}
    if "path" in said:  # which is not where the record's file can be downloaded to
        said["url"] = None
    pseudonyms = {"pseudonyms": recorded.get("pseudonyms") or asked.get("pseudonyms")}
    return hold_to_privacy(recorded, {**recorded, **said, **pseudonyms}, whose)


def call_account(data: Mapping[str, Any], handle: str) -> str:
    """Return the name that an account has under ``data``: its pseudonym, if it is not one already.

    Examples
    --------
    >>> call_account({"pseudonyms": None}, "maya")
    'maya'
    """
    pseudonyms = read_pseudonyms(data)
    if pseudonyms is None or is_pseudonym(handle):
        return handle
    return pseudonyms.of([handle])[0]


def without_paths(words: Iterable[str], data: Mapping[str, Any]) -> list[str]:
    """Return the settings of a command line as a record may keep them, given its ``data``.

    Examples
    --------
    >>> without_paths(["k=3", "data.path=maya.csv"], {"pseudonyms": "1234567890ab"})
    ['k=3']
    >>> without_paths(["k=3", "data.path=maya.csv"], {})
    ['k=3', 'data.path=maya.csv']
    """
    if not data.get("pseudonyms"):
        return list(words)
    return [word for word in words if word.lstrip("+").partition("=")[0] != "data.path"]


def without_names(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` as a record may keep it: without the file's name, under pseudonyms.

    Examples
    --------
    >>> without_names({"path": "/home/ana/maya.csv", "pseudonyms": "1234567890ab"})
    {'path': '', 'pseudonyms': '1234567890ab'}
    >>> without_names({"path": None, "pseudonyms": "1234567890ab"})["path"] is None
    True
    """
    if not data.get("pseudonyms") or data.get("path") is None:
        return dict(data)
    return {**data, "path": UNNAMED}


def with_name(recorded: Mapping[str, Any], path: object) -> dict[str, Any]:
    """Return the ``data`` of a record with the path of its export, where it keeps none.

    Examples
    --------
    >>> with_name({"path": ""}, "maya.csv"), with_name({"path": "leo.csv"}, "maya.csv")
    ({'path': 'maya.csv'}, {'path': 'leo.csv'})
    """
    return {**recorded, "path": path} if recorded["path"] == UNNAMED else dict(recorded)
