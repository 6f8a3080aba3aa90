"""Files on their way to MLflow, which takes many at once from a folder only.

The folders stay until the process ends, and what is in them already is not written again: to make
and delete a dozen files takes as long as logging them, on file systems that remember deleted ones
longer still.
"""

from collections.abc import Mapping
from functools import cache

from tiktok_segments.process_folder import make_folder


class Staging:
    """A folder for files of certain names.

    Examples
    --------
    >>> from pathlib import Path
    >>> staging = Staging()
    >>> Path(staging.fill({"a/b.txt": b"first"}), "a/b.txt").read_text()
    'first'
    >>> Path(staging.fill({"a/b.txt": b"2nd"}), "a/b.txt").read_text()
    '2nd'
    """

    def __init__(self) -> None:
        self.folder = make_folder()
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
            file = self.folder / name
            if self.contents.get(name) != content or not file.is_file():
                self.contents.pop(name, None)  # nothing is known of a file that is cut short
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
                # Emptied first, it would be written to the disk at once by some file systems.
                with file.open("r+b") as opened:
                    opened.write(content)
                    opened.truncate()
                self.contents[name] = content
        return str(self.folder)


def stage(files: Mapping[str, bytes]) -> str:
    """Write files to a folder that holds no others.

    Parameters
    ----------
    files : mapping of str to bytes
        Contents by name; names may hold folders.

    Returns
    -------
    str
        The folder's path, to be read before the next files of the same names are staged.
    """
    return _staging(frozenset(files)).fill(files)


@cache
def _staging(_names: frozenset[str]) -> Staging:
    return Staging()
