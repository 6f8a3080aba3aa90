"""Which exports are read as a stream."""

from __future__ import annotations

from dataclasses import replace

from tiktok_segments.accounts.settings import DatasetSettings, Part
from tiktok_segments.containers.sources import find_files
from tiktok_segments.errors import InputError


def choose_engine(settings: DatasetSettings, engine: Part | None) -> DatasetSettings:
    """Decide whether an export is read as a stream.

    Parameters
    ----------
    settings : DatasetSettings
        What is loaded.
    engine : mapping or None
        As in ``conf/engine``: ``name`` and, for ``auto``, ``memory_bytes``. None is ``memory``.

    Returns
    -------
    DatasetSettings
        The same, with ``streamed`` as it is to be, and ``texts`` where it is. The built-in sample
        is in memory whatever is asked for.

    Raises
    ------
    InputError
        If there is no such engine.
    """
    name = "memory" if engine is None else engine["name"]
    if name not in ("auto", "memory", "stream", "spark"):
        raise InputError(f"engine.name is {name}; valid are auto, memory, stream and spark.")
    path, table = settings.data.path, settings.data.table
    if name == "spark" and (path or table):
        from tiktok_segments.accounts.lake.settings import SparkSettings

        return replace(settings, spark=SparkSettings.of(engine or {}))
    if table:
        raise InputError(f"data.table={table} is read by Spark only.\nAdd engine=spark.")
    files = [] if path is None or name == "memory" else find_files(path).files
    if not files:
        return replace(settings, texts=False)
    size = sum(file.stat().st_size for file in files)
    is_large = engine is not None and name == "auto" and size > engine["memory_bytes"]
    streamed = name == "stream" or is_large
    return replace(settings, streamed=streamed, texts=settings.texts and streamed)
