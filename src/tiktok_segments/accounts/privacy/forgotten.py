"""Accounts that were forgotten: a list of hashes, by which later exports do not bring them back."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from tiktok_segments.containers.records import rejections
from tiktok_segments.defaults import default_root
from tiktok_segments.errors import InputError
from tiktok_segments.export.values import Parsed
from tiktok_segments.files import write_whole

FILE = "forgotten.json"
"""In the project's folder."""

FORGOTTEN = "forgotten"
"""The rule by which rows of such accounts are rejected; nothing else is kept of them."""


@dataclass(frozen=True)
class Forgotten:
    """Accounts that were forgotten.

    Parameters
    ----------
    salt : bytes
        Of this project; without it nobody can try handles.
    hashes : frozenset of str
        HMAC-SHA-256 of each handle under the salt.

    Examples
    --------
    >>> gone = Forgotten(bytes(16)).with_account("@Maya")
    >>> gone.holds(["leo", "maya"]).tolist()
    [False, True]
    """

    salt: bytes
    hashes: frozenset[str] = frozenset()

    def with_account(self, handle: str) -> Forgotten:
        """Return the list with one more account."""
        return replace(self, hashes=self.hashes | {self._hash(handle)})

    def holds(self, handles: Iterable[str]) -> np.ndarray:
        """Say of each handle whether it is of such an account."""
        return np.array([self._hash(handle) in self.hashes for handle in handles], dtype=bool)

    def _hash(self, handle: str) -> str:
        plain = handle.strip().lstrip("@").lower()
        return hmac.digest(self.salt, plain.encode(), hashlib.sha256).hex()

    def leave_out(self, parsed: Parsed) -> Parsed:
        """Return what was read without these accounts; how many rows that were is told."""
        frame, rejected = parsed.frame, parsed.rejected
        gone = self.holds(frame["account_id"].fillna(""))
        also = self.holds(rejected["account"].fillna(""))
        if not (gone.any() or also.any()):
            return parsed
        lines = [*frame["line"][gone], *rejected["line"][also]]
        told = rejections(lines, [""] * len(lines), FORGOTTEN)
        return replace(
            parsed,
            frame=frame[~gone].reset_index(drop=True),
            addresses=parsed.addresses[~gone].reset_index(drop=True),
            rejected=pd.concat([rejected[~also], told]).sort_values("line", kind="stable"),
        )

    def write(self, file: Path) -> None:
        """Write the list, whole or not at all."""
        plain = {"salt": self.salt.hex(), "accounts": sorted(self.hashes)}
        write_whole(file, json.dumps(plain, indent=2))


def forgotten_file() -> Path:
    """Return where the project's list is."""
    return Path(os.environ.get("TIKTOK_SEGMENTS_ROOT", default_root())) / FILE


def read_forgotten(file: Path | None = None) -> Forgotten | None:
    """Read the project's list; None where nobody was forgotten.

    Raises
    ------
    InputError
        If there is such a file, and it cannot be read: forgotten accounts could come back.
    """
    file = file or forgotten_file()
    try:
        plain = json.loads(file.read_text(encoding="utf-8"))
        return Forgotten(bytes.fromhex(plain["salt"]), frozenset(map(str, plain["accounts"])))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError(
            f"The list of forgotten accounts, {file}, cannot be read, so that they could come back."
            "\nBring it back from a backup, or remove it if that is meant."
        ) from None


def new_list() -> Forgotten:
    """Return an empty list with a salt of its own."""
    return Forgotten(secrets.token_bytes(16))
