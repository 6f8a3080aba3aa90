"""Files that runs and models keep in MLflow: figures, tables, texts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pandas as pd
import yaml

from tiktok_segments.tracking.connection import client

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CONFIG = "config.yaml"
"""A run's file with its composed configuration."""


def log_figures(run_id: str, figures: "Mapping[str, Figure]") -> None:
    """Log figures to a run, each under its name: ``figures/<name>.png``."""
    for name, figure in figures.items():
        client().log_figure(
            run_id,
            figure,
            f"figures/{name}.png",
            save_kwargs={"dpi": figure.dpi, "pil_kwargs": {"compress_level": 1}},
        )


def log_pictures(run_id: str, pictures: Mapping[str, bytes]) -> None:
    """Log figures that are drawn already, each under its name: ``figures/<name>.png``."""
    log_contents(run_id, {f"figures/{name}.png": content for name, content in pictures.items()})


def log_contents(run_id: str, files: Mapping[str, str | bytes]) -> None:
    """Log files to a run at once, given by their paths and contents; text becomes UTF-8."""
    if not files:
        return
    with TemporaryDirectory() as folder:
        for name, content in files.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content.encode() if isinstance(content, str) else content)
        client().log_artifacts(run_id, folder)


def log_table(run_id: str, table: pd.DataFrame, name: str) -> None:
    """Log a frame to a run as ``<name>.csv``, which the UI shows as a table."""
    client().log_text(run_id, table.to_csv(index=False), f"{name}.csv")


def log_files(run_id: str, files: Sequence[Path], folder: str) -> None:
    """Log files to a run, under a folder of its artifacts."""
    for file in files:
        client().log_artifact(run_id, str(file), folder)


def log_text(run_id: str, text: str, name: str) -> None:
    """Log a text to a run as a file of that name."""
    client().log_text(run_id, text, name)


def log_config(run_id: str, config: Mapping[str, Any]) -> None:
    """Log the plain content of a composed configuration to a run as ``config.yaml``."""
    log_text(run_id, to_yaml(config), CONFIG)


def to_yaml(plain: Mapping[str, Any]) -> str:
    """Return plain data as OmegaConf writes it, several times faster.

    Examples
    --------
    >>> print(to_yaml({"k": 3, "name": "core", "columns": {"likes": None}, "sku": "1e3"}), end="")
    k: 3
    name: core
    columns:
      likes: null
    sku: '1e3'
    """
    return str(yaml.dump(dict(plain), Dumper=_Dumper, sort_keys=False, allow_unicode=True))


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """PyYAML's writer in C, where it was built with it."""


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # OmegaConf reads more texts as numbers than PyYAML does.
    style = "'" if text.startswith(tuple("+-.0123456789")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
