"""Files that runs and models keep in MLflow: figures, tables, texts."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import mlflow
import pandas as pd
from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
from omegaconf import DictConfig

from tiktok_segments.plain import as_plain, to_yaml
from tiktok_segments.staging import stage
from tiktok_segments.tracking import client

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    files = {f"{name}.png": content for name, content in pictures.items()}
    client().log_artifacts(run_id, stage(files), "figures")


def log_contents(location: str, files: Mapping[str, bytes]) -> None:
    """Log files, given by their names and contents, to the place of a run's or a model's own.

    Given the id of a run or a model instead of the place, MLflow would ask the store for it again.
    """
    repository = get_artifact_repository(location, mlflow.get_tracking_uri())
    repository.log_artifacts(stage(files))


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


def log_config(run_id: str, config: DictConfig) -> None:
    """Log a composed configuration to a run as ``config.yaml``, with nothing left to resolve."""
    log_text(run_id, to_yaml(as_plain(config)), "config.yaml")
