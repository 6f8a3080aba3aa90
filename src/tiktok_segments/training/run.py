"""One run: accounts → pipeline → metrics and figures → MLflow."""

import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Any

import pandas as pd
from omegaconf import DictConfig

from tiktok_segments import terminal
from tiktok_segments.accounts.dataset import Dataset, load_dataset
from tiktok_segments.clustering.task import Computed
from tiktok_segments.errors import InputError
from tiktok_segments.plain import as_plain
from tiktok_segments.sweeps.swept_settings import given_settings
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.timings import Phases
from tiktok_segments.tracking import connection, history, run_log, run_names
from tiktok_segments.tracking.artifacts import to_yaml
from tiktok_segments.tracking.content_key import CONTENT_KEY, run_key, space_tags
from tiktok_segments.tracking.cut_runs import mark_cut_runs
from tiktok_segments.tracking.diagnostics_log import log_diagnostics
from tiktok_segments.tracking.ingest_files import files_of_run
from tiktok_segments.tracking.model_addresses import MODEL
from tiktok_segments.tracking.model_files import ModelContent, log_model
from tiktok_segments.tracking.place import this_place
from tiktok_segments.tracking.provenance import code_version
from tiktok_segments.tracking.runs import RunRecord, record_run
from tiktok_segments.tracking.store_errors import store_errors
from tiktok_segments.training.ahead import comes_soon, obtain
from tiktok_segments.training.setting_faults import check_settings
from tiktok_segments.training.settings import check_run, read_task, wants_figures
from tiktok_segments.validation.results import diagnostic_metrics

ENGINE = "scikit-learn"

LABELS = "segmentation.labels_sha256"
"""Tag: digest of the accounts' clusters, as
:func:`~tiktok_segments.training.computing.digest_labels` makes it."""

SAMPLED = "silhouette_rows"
"""Metric: accounts whose silhouettes were taken."""


def train(config: DictConfig) -> dict[str, Any]:
    """Fit one configuration and log it to MLflow as one run.

    A run tells by its tags whose it is (``segmentation.owner``), what it is a run of
    (``segmentation.content_key``), what came out (``segmentation.labels_sha256``) and why its
    features are not fit for k-means, where they are not (``segmentation.unfit``).

    Parameters
    ----------
    config : DictConfig
        A composed training configuration.

    Returns
    -------
    dict
        ``run_id``, ``rows`` and the metrics; of a run that was examined by itself, which those of
        a sweep are not, the diagnostics and the ``verdict``, too.

    Raises
    ------
    InputError
        If the configuration or the data cannot be used; the run is then marked FAILED.
    StoreError
        If the run cannot be logged any more.
    """
    with store_errors():
        return _train(config)


def _train(config: DictConfig) -> dict[str, Any]:
    settings = as_plain(config)
    check_settings([settings])
    connection.connect()
    place = this_place()
    if place is None:
        if str(config.resume).lower() != "false":
            raise InputError(f"resume={config.resume} goes on with a sweep; add -m.")
        mark_cut_runs()
        check_run(
            settings, load_dataset(settings, ReadingShown()).frame
        )  # what is refused here opens no run
    name = f"{config.features.name}, {config.scaler.name}, k={config.k}"
    phases = Phases()
    parent = None if place is None else place.sweep_id
    number = {} if place is None else {run_names.JOB: str(place.job)}
    with record_run(name, "train", parent, {**number, **code_version()}) as run:
        with phases("prepare"):
            run.params |= given_settings(config) if parent else {}
            run.params |= _settings(settings)
            run.files["config.yaml"] = write_config(settings)
        with phases("read"):
            dataset = load_dataset(settings, ReadingShown())
        with phases("prepare"):
            _describe_data(run, dataset)
            run.tags[CONTENT_KEY] = run_key(settings, dataset.sha256)
            run.tags |= space_tags(settings, dataset.sha256)
            examined = parent is None and config.structure.name != "off"
            task = read_task(settings, dataset.frame, examined)
        if not comes_soon(task, dataset.accounts, phases):
            with phases("prepare"):
                run.open()  # now, so that it shows as running while it is computed
        computed = obtain(task, dataset.accounts, phases)
        run.metrics |= computed.metrics
        run.tags[LABELS] = computed.labels_sha256
        if computed.unfit:
            run.tags[run_names.UNFIT] = computed.unfit
        examined = _log_structure(run, config, computed, dataset)
        with phases("model"):
            _log_model(run, computed, dataset, list(config.features.columns))
        if task.drawn:
            run.files["figures/run.png"] = computed.picture
        with phases("log"):
            run.log()
        logged = perf_counter()
    phases.add({"end": perf_counter() - logged})
    if config.get("profile") is True:
        run_log.log_numbers(run.open(), metrics=phases.metrics())
    metrics = {name: computed.metrics[name] for name in computed.metrics if name != SAMPLED}
    return {"run_id": run.open(), "rows": len(dataset.frame), **metrics, **examined}


def _log_model(run: RunRecord, computed: Computed, dataset: Dataset, columns: list[str]) -> None:
    """Log the fitted pipeline as the run's model, which answers with cluster numbers."""
    content = ModelContent(
        computed.model, columns, "long", dataset.frame, {"data_sha256": dataset.sha256}
    )
    run.model_id = log_model(run.open(), MODEL, content, run.params)


def _log_structure(
    run: RunRecord, config: DictConfig, computed: Computed, dataset: Dataset
) -> dict[str, Any]:
    """Log the diagnostics of a run that was examined by itself; return them, and the verdict."""
    if computed.diagnostics is None:
        return {}
    from tiktok_segments.validation.run_verdict import (
        judge_run,  # not needed by the runs of a sweep
    )

    log_diagnostics(run.open(), computed.diagnostics, computed.rows_used, wants_figures(config))
    figures = diagnostic_metrics(computed.diagnostics, computed.rows_used)
    verdict = judge_run(config, computed.metrics | figures, len(dataset.frame), computed.unfit)
    run.tags[run_names.VERDICT] = verdict
    return {**figures, "verdict": verdict}


def _describe_data(run: RunRecord, dataset: Dataset) -> None:
    """Add to a run's record what it was fitted on, and what became of the rows of the file."""
    run.dataset = dataset
    run.params |= {
        "data_sha256": dataset.sha256,
        "data_source": dataset.source,
        "rows": len(dataset.frame),
    }
    run.tags["segmentation.synthetic"] = str(dataset.synthetic).lower()
    run.files |= files_of_run(dataset)


def write_config(settings: Mapping[str, Any]) -> str:
    """Return a configuration's plain content as YAML that says the same in every folder."""
    data = dict(settings["data"])
    if data["path"] is not None:
        data["path"] = str(Path(str(data["path"])).expanduser().resolve())
    sections = {**settings, "data": data}
    return "".join(_as_yaml(json.dumps({name: part})) for name, part in sections.items())


@lru_cache(maxsize=256)
def _as_yaml(section: str) -> str:
    """Write a section of a configuration; few of them differ between the runs of a sweep."""
    return to_yaml(json.loads(section))


def _settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "features": settings["features"]["name"],
        "clean": settings["clean"].get("name", ""),
        "outliers": settings["outliers"]["name"],
        "scaler": settings["scaler"]["name"],
        "k": settings["k"],
        "seed": settings["seed"],
        "n_init": settings["n_init"],
        "engine": ENGINE,
    }


def report_run(result: Mapping[str, Any], config: DictConfig) -> None:
    """Print one run's outcome and what to do next; a sweep prints a table instead.

    Parameters
    ----------
    result : mapping
        As :func:`train` returns it.
    config : DictConfig
        What was trained.
    """
    if this_place() is not None:
        return
    numbers = {name: value for name, value in result.items() if name not in ("run_id", "verdict")}
    table = pd.DataFrame(
        {"metric": list(numbers), "value": [f"{value:,.6g}" for value in numbers.values()]}
    )
    terminal.print_table(table, f"Run {result['run_id']}")
    out = terminal.console()
    if verdict := result.get("verdict"):
        from tiktok_segments.validation.run_verdict import WORDS

        heading, text = WORDS[verdict]
        out.print(f"\n{heading.format(k=config.k)}.", style="bold", markup=False)
        out.print(text, markup=False)
    else:
        out.print("\nWhether these are separate groups was not examined.", markup=False)
    if config.get("profile") is True:
        from tiktok_segments.sweeps.results import print_phases

        metrics = history.get_run(result["run_id"]).data.metrics
        print_phases(pd.DataFrame([{"status": "FINISHED", **metrics}]))
    out.print(f"\nNext: python scripts/profile_segments.py run={result['run_id']}", markup=False)
