"""Files that runs and models keep in MLflow: their names, and how they are written and read."""

import io
import json
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import yaml
from mlflow.exceptions import MlflowException

from tiktok_segments.errors import InputError
from tiktok_segments.tracking.connection import client
from tiktok_segments.tracking.relocation import gone
from tiktok_segments.tracking.store_errors import BACK, is_absent

# Of a training run.
CONFIG = "config.yaml"
"""The composed configuration."""
RUN_FIGURE = "run"
"""The figure of a run, in the folder of its figures."""

# What became of the rows of an export, of the run that read it or of its sweep.
CLEANING, REJECTED, INGEST = "cleaning.csv", "rejected.csv", "ingest.txt"

# Of a sweep; tables are named without their ending.
LEADERBOARD, CANDIDATES, REUSED_TABLE = "leaderboard", "candidates", "reused"

# Folders.
FIGURES = "figures"
SEGMENTS_FOLDER, WEEK_FOLDER, REPORT_FOLDER = "segments", "week", "report"

# In the folder of segments.
SEGMENTS_TABLE, ACCOUNTS_TABLE, SMALL_GROUPS_TABLE = "segments", "accounts", "small_groups"
SEGMENTS, REPORT = "segments.json", "report.html"
MODEL_CARD = "model_card"

# Of an assignment, a drift, a comparison, a promotion, a week.
ASSIGNED_SEGMENTS = "segments.csv"
DRIFT, DRIFT_DOCUMENT, DRIFT_PAGE = "drift", "drift.json", "drift.html"
CROSSING, COMPARISON = "crossing.csv", "comparison.json"
PROMOTION = "promotion.json"
STEPS, INTAKE, HANDLES = "steps", "intake", "handles.npy"

# Of a model, in its folder.
MODEL_FILE, DESCRIPTION = "model.skops", "MLmodel"
EXAMPLE, SERVED_EXAMPLE = "input_example.json", "serving_input_example.json"
CONDA, PYTHON, REQUIREMENTS = "conda.yaml", "python_env.yaml", "requirements.txt"


def log_figures(run_id: str, figures: Mapping[str, Any]) -> None:
    """Log figures to a run, each under its name: ``figures/<name>.png``."""
    for name, figure in figures.items():
        client().log_figure(
            run_id,
            figure,
            f"{FIGURES}/{name}.png",
            save_kwargs={"dpi": figure.dpi, "pil_kwargs": {"compress_level": 1}},
        )


def log_pictures(run_id: str, pictures: Mapping[str, bytes]) -> None:
    """Log figures that are drawn already, each under its name: ``figures/<name>.png``."""
    log_contents(run_id, {f"{FIGURES}/{name}.png": content for name, content in pictures.items()})


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


def folder_of_names(run_id: str, document: Mapping[str, Any]) -> str:
    """Return the folder of a run's own for segments of these names; no other names are in it.

    Parameters
    ----------
    run_id : str
        A training run.
    document : mapping
        The content of the ``segments.json`` that is to be logged.

    Returns
    -------
    str
        ``segments``, or ``segments_2`` and so on where those before it hold other names.
    """
    listed = {file.path for file in client().list_artifacts(run_id)}
    names = [segment["segment"] for segment in document["segments"]]
    for number in count(1):
        folder = SEGMENTS_FOLDER if number == 1 else f"{SEGMENTS_FOLDER}_{number}"
        if folder not in listed:
            return folder
        text = _read_file(run_id, f"{folder}/{SEGMENTS}")
        if text is not None and names == [s["segment"] for s in json.loads(text)["segments"]]:
            return folder
    raise AssertionError("there is always another number")


def log_text(run_id: str, text: str, name: str) -> None:
    """Log a text to a run as a file of that name."""
    client().log_text(run_id, text, name)


def load_config(run_id: str) -> dict[str, Any]:
    """Load the configuration that a run logged, as plain data.

    Raises
    ------
    InputError
        If the run has none, not being one of this project's training runs, or its files are gone.
    """
    text = _read_file(run_id, CONFIG)
    if text is None:
        if folder := _gone(run_id):
            raise InputError(f"The files of run {run_id} are gone: {folder} is not there.\n{BACK}")
        raise InputError(
            f"Run {run_id} has no {CONFIG}; it is not a finished training run of this project."
        )
    return dict(yaml.safe_load(text))


def _gone(run_id: str) -> Path | None:
    """Return where a run's files were, None where they are, or where there is no such run."""
    try:
        return gone(client().get_run(run_id).info.artifact_uri)
    except MlflowException as error:
        if not is_absent(error):
            raise
    return None


def load_figures(run_id: str) -> dict[str, bytes]:
    """Load the figures that a run logged, as PNG, by the names that :func:`log_figures` took."""
    listed = client().list_artifacts(run_id, FIGURES)
    with TemporaryDirectory() as folder:
        return {
            Path(figure.path).stem: Path(
                client().download_artifacts(run_id, figure.path, folder)
            ).read_bytes()
            for figure in listed
            if figure.path.endswith(".png")
        }


def load_table(run_id: str, name: str) -> pd.DataFrame | None:
    """Load a table that a run logged as ``<name>.csv``; None where it has none."""
    text = _read_file(run_id, f"{name}.csv")
    return None if text is None else pd.read_csv(io.StringIO(text))


def load_document(run_id: str, name: str) -> dict[str, Any] | None:
    """Load a document that a run logged as ``<name>.json``; None where it has none."""
    text = _read_file(run_id, f"{name}.json")
    return None if text is None else dict(json.loads(text))


def load_bytes(run_id: str, name: str) -> bytes:
    """Load a file that a run logged, as it is."""
    with TemporaryDirectory() as folder:
        return Path(client().download_artifacts(run_id, name, folder)).read_bytes()


def has_file(run_id: str, name: str) -> bool:
    """Say whether there is such a run, and whether it has a file of its own at that place.

    Of an address ``runs:/``, MLflow says that nothing is there whatever kept it from reading.
    """
    folder = name.rpartition("/")[0] or None
    try:
        listed = client().list_artifacts(run_id, folder)
    except MlflowException as error:
        if not is_absent(error):
            raise
        return False
    return name in {file.path for file in listed}


def _read_file(run_id: str, name: str) -> str | None:
    """Read a file of a run's own; None where there is no such run, or it has none."""
    if not has_file(run_id, name):
        return None
    with TemporaryDirectory() as place:
        return Path(client().download_artifacts(run_id, name, place)).read_text("utf-8")


def to_json(plain: Mapping[str, Any]) -> str:
    """Return plain data as JSON for people to read, in which no number is missing.

    Examples
    --------
    >>> print(to_json({"k": 3}))
    {
      "k": 3
    }
    """
    return json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False)


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


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]  # one of two
    """PyYAML's writer in C, where it was built with it."""


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # OmegaConf reads more texts as numbers than PyYAML does.
    style = "'" if text.startswith(tuple("+-.0123456789")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _represent_text)
