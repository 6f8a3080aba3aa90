"""What a forgetting is told to do, and what is told and kept of it: never the account's name."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from tiktok_segments import terminal
from tiktok_segments.accounts.privacy import Pseudonyms, find_key
from tiktok_segments.accounts.privacy.keys import KEY
from tiktok_segments.defaults import KEY_FILE
from tiktok_segments.errors import InputError
from tiktok_segments.segments.explanation import read_handle
from tiktok_segments.tracking.holdings import Cell, RemoteFile, Store
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.upkeep.forgetting.search import BACKUPS, AccountTraces
from tiktok_segments.upkeep.forgetting.words import Name
from tiktok_segments.wording import counted

FORGETTING = "forgetting.json"
"""Artifact of the run that keeps that an account was forgotten: how much was changed."""

SHOWN = 40
"""Files that are listed, at the most."""


def name_account(given: str, keys: Collection[str] = ()) -> list[Name]:
    """Return the names that an account may have here.

    Parameters
    ----------
    given : str
        Its handle, with or without @, or the address of its profile; or its pseudonym.
    keys : collection of str
        Ids of the keys under which the project has accounts.

    Returns
    -------
    list of Name
        With its pseudonym, where a key is given.

    Raises
    ------
    InputError
        If that is no name of an account, the key cannot be used, or it is not the project's.
    """
    handle = read_handle(given).lower()
    if not re.fullmatch(r"[^\s\"'<>@/]+", handle):
        raise InputError(f"account={given} is no handle; give one as in account=@maya.")
    if not (os.environ.get(KEY_FILE) or os.environ.get(KEY)):
        _require_keys(keys)
        return [Name(handle)]
    key = find_key()
    _require_keys(set(keys) - {key.id})
    return [Name(handle), *map(Name, Pseudonyms(key).of([handle]))]


def _require_keys(keys: Collection[str]) -> None:
    """Refuse where accounts have pseudonyms that cannot be told."""
    if keys:
        listed = " and ".join(sorted(keys))
        raise InputError(
            f"This project has accounts under pseudonyms of the key {listed}, which was not given: "
            "there the account would not be found.\nGive it with privacy.key_file=FILE. If it is "
            "lost, without_key=true forgets the handle alone."
        )


def print_found(found: AccountTraces, store: Store, root: Path, *, dry_run: bool) -> None:
    """Print where an account was, or would be taken from, and what stays as it is."""
    done = "would be written anew" if dry_run else "written anew without the account"
    out = terminal.console()
    shown = [str(_below(file, root)) for file in found.files]
    _print_list(f"{counted(len(shown), 'file')} {done}", shown)
    _print_list(f"{counted(len(found.cells), 'cell')} of the store {done}", _rows(found.cells))
    if not (found.files or found.cells or found.named or found.fixed):
        out.print("The account is nowhere in outputs, runs and store: is it spelled like this?")
    if found.named:
        left = [str(_below(file, root)) for file in found.named]
        _print_list("The account is also in these files, which are left as they are", left)
        if any(BACKUPS in Path(file).parts for file in left):
            out.print("A backup is a copy of a whole store: delete it, and make another one.")
    if found.unread:
        left = [str(_below(file, root)) for file in found.unread]
        title = "These files are not what their endings say, and may hold the account"
        _print_list(title, left)
    if found.fixed:
        _print_list("No request to the server changes these cells of the store", _rows(found.fixed))
    if found.unseen:
        _print_list("Files that only the server hands out were not looked at", list(found.unseen))
        out.print("Call this with the server's address, too: MLFLOW_TRACKING_URI=http://HOST:PORT")
    if store.remains:
        out.print(store.remains, markup=False, soft_wrap=True)
    out.print("Not known here: outputs and backups in other folders, and what was handed on.")
    out.print(
        "\nNothing was changed; dry_run=false forgets the account."
        if dry_run
        else "\nForgotten. Rows of the account in later exports are rejected as forgotten.",
        markup=False,
    )


def _rows(cells: Sequence[Cell]) -> list[str]:
    """Say how many cells of which column there are."""
    columns = pd.Series([f"{cell.table}.{cell.column}" for cell in cells], dtype="str")
    return [f"{name}: {rows:,}" for name, rows in columns.value_counts(sort=False).items()]


def _print_list(title: str, lines: list[str]) -> None:
    out = terminal.console()
    out.print(f"{title}{':' if lines else '.'}", markup=False)
    for line in lines[:SHOWN]:
        out.print(f"  {terminal.printable(line)}", markup=False, soft_wrap=True)
    if len(lines) > SHOWN:
        out.print(f"  and {len(lines) - SHOWN:,} more")


def record_forgetting(found: AccountTraces) -> str:
    """Keep that an account was forgotten, and what was changed, as a run of kind ``forget``."""
    changed = {"files": len(found.files), "cells": len(found.cells), "left": len(found.named)}
    with record_run("an account forgotten", "forget") as run:
        if not found.unseen:  # else files can be logged by the server only
            run.files[FORGETTING] = json.dumps(changed)
        run.metrics |= {name: float(count) for name, count in changed.items()}
    return run.open()


def _below(file: Path | RemoteFile, root: Path) -> Path | RemoteFile:
    if isinstance(file, RemoteFile) or not file.is_relative_to(root):
        return file
    return file.relative_to(root)
