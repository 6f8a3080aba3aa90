"""Files that are the same for every sweep on a machine, made once and kept in the user's cache.

A file is named after what it was made by and the SHA-256 of its content, so that neither a damaged
one nor one of another version is taken.
"""

from pathlib import Path

from platformdirs import user_cache_path

from tiktok_segments.files import sha256_of


def cache_folder() -> Path:
    """Return the folder of the kept files, whether it is there or not."""
    return user_cache_path("tiktok-segments") / "templates"


def find_kept(name: str) -> Path | None:
    """Return the file kept under a name, None where there is none that is whole."""
    for file in cache_folder().glob(f"{name}-*"):
        if file == _named(name, file):
            return file
    return None


def keep(name: str, made: Path) -> Path:
    """Move a file that is whole into the cache, under a name; return where it is then.

    Raises
    ------
    OSError
        If the cache cannot be written.
    """
    return made.replace(_named(name, made))


def _named(name: str, file: Path) -> Path:
    return cache_folder() / f"{name}-{sha256_of(file)[:16]}"
