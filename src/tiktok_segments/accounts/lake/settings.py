"""Where Spark runs, and with which settings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class SparkSettings:
    """Where Spark runs.

    Parameters
    ----------
    master : str or None
        Address of a cluster, or ``local[N]``; this process's own session where None.
    remote : str or None
        Address of a Spark Connect server.
    config : tuple of (str, str)
        Settings of Spark, by their names.
    """

    master: str | None = None
    remote: str | None = None
    config: tuple[tuple[str, str], ...] = ()

    @property
    def of_connect(self) -> str | None:
        """The server of Spark Connect: the one asked for, else Spark's own ``SPARK_REMOTE``."""
        return self.remote or (None if self.master else os.environ.get("SPARK_REMOTE"))

    @property
    def address(self) -> str:
        """Where a session is opened."""
        return self.of_connect or self.master or "local[*]"

    @classmethod
    def of(cls, engine: Mapping[str, Any]) -> SparkSettings:
        """Take what ``conf/engine/spark.yaml`` says.

        Examples
        --------
        >>> SparkSettings.of({"config": {"spark": {"driver": {"memory": "4g"}}}}).config
        (('spark.driver.memory', '4g'),)
        """
        config = tuple(_dotted(engine.get("config") or {}, ()))
        return cls(engine.get("master"), engine.get("remote"), config)


def _dotted(settings: Mapping[str, Any], within: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Give the values of nested settings by their dotted names."""
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _dotted(value, (*within, str(name)))
        else:
            text = str(value).lower() if isinstance(value, bool) else str(value)
            yield ".".join((*within, str(name))), text
