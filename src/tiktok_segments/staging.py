"""Files on their way to MLflow, which takes many at once from a folder only.

The folders stay until the process ends, and what is in them already is not written again: to make
and delete a dozen files takes as long as logging them, on file systems that remember deleted ones
longer still.
"""

import atexit
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory


class Staging:
    """A folder for files of certain names.

    Examples
    --------
    >>> staging = Staging()
    >>> Path(staging.fill({"a/b.txt": b"first"}), "a/b.txt").read_text()
    'first'
    >>> Path(staging.fill({"a/b.txt": b"2nd"}), "a/b.txt").read_text()
    '2nd'
    """

    def __init__(self) -> None:
        self.folder = TemporaryDirectory(prefix="tiktok-segments-")
        atexit.register(self.folder.cleanup)
        self.contents: dict[str, bytes] = {}

    def fill(self, files: Mapping[str, bytes]) -> str:
        """Write files; return the folder, to be read before it is filled again.

        Parameters
        ----------
        files : mapping of str to bytes
            Contents by name, the same names each time.

        Returns
        -------
        str
            The folder's path.
        """
        for name, content in files.items():
            if self.contents.get(name) != content:
                self.contents.pop(name, None)  # nothing is known of a file that is cut short
                file = Path(self.folder.name, name)
                file.parent.mkdir(exist_ok=True)
                file.touch()
                # Emptied first, it would be written to the disk at once by some file systems.
                with file.open("r+b") as opened:
                    opened.write(content)
                    opened.truncate()
                self.contents[name] = content
        return self.folder.name


def stage(files: Mapping[str, bytes]) -> str:
    """Write files to a folder that holds no others.

    Parameters
    ----------
    files : mapping of str to bytes
        Contents by name; a name may hold one folder.

    Returns
    -------
    str
        The folder's path, to be read before the next files of the same names are staged.
    """
    return _staging(frozenset(files)).fill(files)


@cache
def _staging(_names: frozenset[str]) -> Staging:
    return Staging()
