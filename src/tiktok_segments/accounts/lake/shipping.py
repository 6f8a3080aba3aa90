"""What of this package runs on Spark's executors, which need not have it installed."""

from __future__ import annotations

import gc
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from tiktok_segments.accounts.large.temporary_folder import TemporaryFolder, large_folder

_shipped: dict[Any, TemporaryFolder] = {}
"""Where the sources of each session lie."""


def is_connected(session: Any) -> bool:
    """Say whether a session is one of Spark Connect, which has no JVM of its own here."""
    return type(session).__module__.startswith("pyspark.sql.connect.")


def ship_package(session: Any) -> None:
    """Give the sources to a session's executors, once.

    Parameters
    ----------
    session : SparkSession
        Of a cluster, or of Spark Connect.
    """
    if session in _shipped:
        return
    place = _shipped[session] = TemporaryFolder(large_folder())
    archive = pack_package(place.folder / "tiktok_segments.zip")
    if is_connected(session):
        session.addArtifacts(str(archive), pyfile=True)
    else:
        session.sparkContext.addPyFile(str(archive))


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


Through = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]
"""What goes through the batches of a partition."""


def on_partitions(frame: Any, through: Through, columns: str) -> Any:
    """Have Spark's executors go through the partitions of a frame, with little to do beside it.

    Parameters
    ----------
    frame : pyspark.sql.DataFrame
        Whose partitions.
    through : callable
        Called with the batches of each.
    columns : str
        What comes out, as Spark declares it.

    Returns
    -------
    pyspark.sql.DataFrame
        As ``DataFrame.mapInArrow`` returns it.
    """
    return frame.mapInArrow(_Lean(through), columns)


@dataclass(frozen=True)
class _Lean:
    """Goes through a partition in a process that looks for garbage in what is new alone.

    After every task Spark has Python look through all objects: with pandas and scikit-learn there
    that takes longer (0.07 s) than the work on a small partition. What is imported stays anyway.
    """

    through: Through
    imported: ClassVar[int] = 0

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        if len(sys.modules) > _Lean.imported:
            gc.collect()
            gc.freeze()
            _Lean.imported = len(sys.modules)
        yield from self.through(batches)
