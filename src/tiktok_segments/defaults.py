"""Defaults: the files of ``conf/``, or their copy in an installed package, the root, variables."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parents[1]

KEY_FILE = "TIKTOK_SEGMENTS_KEY_FILE"
"""The environment variable that names the file of the key of pseudonyms."""


def default_file(name: str) -> Path:
    """Return a file of the project's configuration.

    Parameters
    ----------
    name : str
        The path of a file or folder below ``conf/``.

    Returns
    -------
    Path
        Within the copy of ``conf/`` that an installed package holds; within ``conf/`` itself where
        the package runs from its checkout.

    Examples
    --------
    >>> default_file("aliases.yaml").is_file()
    True
    """
    installed = _PACKAGE / "conf"
    return (installed if installed.is_dir() else _CHECKOUT / "conf") / name


def default_root() -> Path:
    """Return the folder of the default store, where no command says another.

    Returns
    -------
    Path
        The checkout that the package runs from; the current folder where it was installed.

    Examples
    --------
    >>> (default_root() / "conf").is_dir()
    True
    """
    return Path.cwd() if (_PACKAGE / "conf").is_dir() else _CHECKOUT
