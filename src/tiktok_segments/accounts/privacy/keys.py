"""The key of pseudonyms: made once, kept outside of the project, known in the store by its id."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from tiktok_segments.defaults import KEY_FILE, default_root
from tiktok_segments.errors import InputError

KEY = "TIKTOK_SEGMENTS_KEY"
"""The environment variable that may hold the key itself, as the file does."""

BYTES = 32
"""Of a key: as many as SHA-256 has."""

_HOW = (
    "privacy.key_file=FILE names its file, or the variables TIKTOK_SEGMENTS_KEY_FILE (the file) "
    "or TIKTOK_SEGMENTS_KEY (the key)."
)
_MAKE = "Make one: python scripts/privacy.py make_key output=FILE"


@dataclass(frozen=True)
class PrivacyKey:
    """A key of pseudonyms.

    Parameters
    ----------
    secret : bytes
        :data:`BYTES` of chance; never shown.
    """

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """What tells it from other keys, and nothing of it: a digest.

        Examples
        --------
        >>> PrivacyKey(bytes(32)).id
        '4f2dc3bc2e1f'
        """
        return hashlib.sha256(b"tiktok-segments, id of a key:" + self.secret).hexdigest()[:12]


def make_key(file: Path, kept_out: Iterable[Path]) -> PrivacyKey:
    """Make a key and write it to a file that nobody else can read.

    Parameters
    ----------
    file : Path
        Must not be there yet; its folder must.
    kept_out : iterable of Path
        Folders that it must not lie in: whoever has the pseudonyms would have the key, too.

    Returns
    -------
    PrivacyKey
        The key.

    Raises
    ------
    InputError
        If the file is there, lies in one of these folders, or cannot be written.
    """
    require_outside(file, kept_out)
    key = PrivacyKey(secrets.token_bytes(BYTES))
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as opened:
            opened.write(f"{key.secret.hex()}\n")
    except FileExistsError:
        raise InputError(
            f"{file} is there already; a key is never written over.\nGive another output=FILE."
        ) from None
    except OSError as error:
        raise InputError(
            f"{file} cannot be written: {error.strerror or error}.\nGive another output=FILE."
        ) from None
    return key


def find_key(wanted: str | None = None) -> PrivacyKey:
    """Return the key that this process was given.

    Parameters
    ----------
    wanted : str, optional
        Id of the key that is needed; any by default.

    Returns
    -------
    PrivacyKey
        From the file or the variable.

    Raises
    ------
    InputError
        If there is none, it cannot be used, or it is another one.
    """
    key = _given_key()
    if key is None:
        which = f"the key {wanted}, under which these accounts have" if wanted else "a key of"
        raise InputError(f"Give {which} pseudonyms: {_HOW}\n{'' if wanted else _MAKE}".rstrip())
    if wanted is not None and key.id != wanted:
        raise InputError(
            f"These accounts have pseudonyms under the key {wanted}; the key given is {key.id}. "
            f"Under another key an account has another pseudonym.\nGive that key: {_HOW}"
        )
    return key


def _given_key() -> PrivacyKey | None:
    if name := os.environ.get(KEY_FILE):
        return _read_file(Path(name).expanduser())
    text = os.environ.get(KEY, "")
    return _read_text(text, f"The variable {KEY}") if text else None


def _read_file(file: Path) -> PrivacyKey:
    require_outside(file, [Path(os.environ.get("TIKTOK_SEGMENTS_ROOT", default_root()))])
    try:
        if file.stat().st_mode & 0o077:
            raise InputError(f"Others may read the key {file}.\nTake that away: chmod 600 {file}")
        text = file.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no text"
        raise InputError(f"The key {file} cannot be read: {why}.\n{_MAKE}") from None
    return _read_text(text, f"The file {file}")


def _read_text(text: str, what: str) -> PrivacyKey:
    if not re.fullmatch(rf"[0-9a-f]{{{2 * BYTES}}}", text.strip()):
        raise InputError(
            f"{what} holds no key: {2 * BYTES} hexadecimal digits, as privacy.py make_key writes "
            f"them.\n{_MAKE}"
        )
    return PrivacyKey(bytes.fromhex(text.strip()))


def require_outside(file: Path, folders: Iterable[Path], what: str = "the key") -> None:
    """Refuse a place for what turns pseudonyms back where pseudonyms are kept.

    Raises
    ------
    InputError
        If the file lies in one of the folders.
    """
    place = file.expanduser().resolve()
    for folder in folders:
        if place.is_relative_to(folder.resolve()):
            raise InputError(
                f"{file} lies in {folder.resolve()}, where the pseudonyms are kept, too: who has "
                f"the one would have the other.\nKeep {what} elsewhere, such as in your home."
            )
