"""The sources of this package on Spark's executors, which need not have it installed."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from tiktok_segments.accounts.large.place import Place, large_folder

_shipped: dict[Any, Place] = {}
"""Where the sources of each session lie."""


def ship_package(session: Any) -> None:
    """Give the sources to a session's executors, once.

    Parameters
    ----------
    session : SparkSession
        Of a cluster, or of Spark Connect.
    """
    if session in _shipped:
        return
    place = _shipped[session] = Place(large_folder())
    archive = pack_package(place.folder / "tiktok_segments.zip")
    if hasattr(session, "_jsparkSession"):
        session.sparkContext.addPyFile(str(archive))
    else:
        session.addArtifacts(str(archive), pyfile=True)


def pack_package(archive: Path) -> Path:
    """Write the sources into an archive that Python imports from.

    A room's door that is opened on demand looks for a file beside it, which is none in an archive:
    there it stays empty, as within the package nobody goes through it.

    Parameters
    ----------
    archive : Path
        Written.

    Returns
    -------
    Path
        The same.
    """
    package = Path(__file__).parents[2]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for file in sorted(package.rglob("*.py")):
            text = file.read_text(encoding="utf-8")
            name = file.relative_to(package.parent).as_posix()
            is_lazy = file.name == "__init__.py" and "lazy.attach_stub(" in text
            packed.writestr(name, "" if is_lazy else text)
    return archive
