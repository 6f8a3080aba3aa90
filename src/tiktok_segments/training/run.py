"""One run: accounts → pipeline → metrics and figures → MLflow."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from time import perf_counter
from typing import Any

from tiktok_segments.accounts.dataset import Dataset, load_dataset
from tiktok_segments.errors import InputError
from tiktok_segments.reports.selective_rejections import check_rejections
from tiktok_segments.terminal import ReadingShown
from tiktok_segments.tracking import artifacts, connection, run_log, run_names
from tiktok_segments.tracking.model_loading import MODEL
from tiktok_segments.tracking.model_saving import ModelContent, log_model
from tiktok_segments.tracking.processes import mark_cut_runs
from tiktok_segments.tracking.provenance import code_version, run_key, space_tags
from tiktok_segments.tracking.run_log import log_diagnostics
from tiktok_segments.tracking.run_names import CONTENT_KEY
from tiktok_segments.tracking.runs import RunRecord, record_run
from tiktok_segments.tracking.store_errors import store_errors
from tiktok_segments.training import settings as asked
from tiktok_segments.training.ahead import comes_soon, obtain
from tiktok_segments.training.description import Judged, describe_run
from tiktok_segments.training.job_place import JobPlace, files_of_run, this_place
from tiktok_segments.training.params import given_settings, run_params, write_config
from tiktok_segments.training.setting_faults import check_settings
from tiktok_segments.training.task import Computed, RunTask
from tiktok_segments.training.timings import Phases
from tiktok_segments.validation.results import CERTAINTY, INIT, diagnostic_metrics

COUNTS = ("silhouette_rows", "sample_rows", "passes")
"""Metrics: accounts with silhouettes, accounts that k-means started from, passes over all."""


def train(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Fit one configuration and log it to MLflow as one run.

    A run tells by its tags whose it is (``segmentation.owner``), what it is a run of
    (``segmentation.content_key``), what came out (``segmentation.labels_sha256``) and why its
    features are not fit for k-means, where they are not (``segmentation.unfit``).

    Parameters
    ----------
    settings : mapping
        The plain content of a composed training configuration.

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
    check_settings([settings])
    with store_errors():
        connection.connect()
        place = this_place()
        settings = _check_alone(settings) if place is None else asked.as_composed(settings)
        given = {} if place is None else given_settings(settings)
        phases = Phases()
        with _run(settings, place) as run:
            dataset, task = prepare(run, settings, given, phases)
            computed = fit(run, task, dataset, phases)
            result = keep(run, settings, dataset, computed, phases)
            logged = perf_counter()
        phases.add({"end": perf_counter() - logged})
        if settings.get("profile") is True:
            run_log.log_numbers(run.open(), metrics=phases.metrics())
    return result


def _check_alone(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Refuse what cannot be run outside of a sweep, before there is a run; choose its features."""
    if str(settings["resume"]).lower() != "false":
        raise InputError(f"resume={settings['resume']} goes on with a sweep; add -m.")
    mark_cut_runs()
    settled = asked.choose_features(settings)
    dataset = load_dataset(settled, ReadingShown())
    check_rejections(dataset, settled)
    asked.check_run(settled, dataset.frame)
    return settled


def _run(settings: Mapping[str, Any], place: JobPlace | None) -> AbstractContextManager[RunRecord]:
    """Return the record of a run, which is in its sweep where it has a place in one."""
    parent, number = (place.sweep_id, {run_names.JOB: str(place.job)}) if place else (None, {})
    name = f"{settings['features']['name']}, {settings['scaler']['name']}, k={settings['k']}"
    hidden = bool(settings["data"].get("pseudonyms"))
    return record_run(name, "train", parent, number | code_version(), discreet=hidden)


def prepare(
    run: RunRecord, settings: Mapping[str, Any], given: Mapping[str, Any], phases: Phases
) -> tuple[Dataset, RunTask]:
    """Load the accounts of a run, and write down what it is a run of.

    Parameters
    ----------
    run : RunRecord
        Is told params, tags and files.
    settings : mapping
        The plain content of its configuration.
    given : mapping
        As :func:`~tiktok_segments.training.params.given_settings` returns it; of a run in
        a sweep, which is not examined by itself.
    phases : Phases
        Is told how long it took.

    Returns
    -------
    Dataset
        The accounts.
    RunTask
        What to compute on them.

    Raises
    ------
    InputError
        If the data cannot be read, does not suit the settings, or its rejections select.
    """
    with phases("prepare"):
        run.params |= dict(given) | run_params(settings)
        run.files[artifacts.CONFIG] = write_config(settings)
    with phases("read"):
        dataset = load_dataset(settings, ReadingShown())
        check_rejections(dataset, settings)
    with phases("prepare"):
        _describe_data(run, dataset)
        run.tags[CONTENT_KEY] = run_key(settings, dataset.sha256)
        run.tags |= space_tags(settings, dataset.sha256)
        examined = run.parent_id is None and settings["structure"]["name"] != "off"
        return dataset, asked.read_task(settings, dataset.frame, examined)


def fit(run: RunRecord, task: RunTask, dataset: Dataset, phases: Phases) -> Computed:
    """Compute a run, or wait for the process that does; what takes long shows as running.

    Parameters
    ----------
    run : RunRecord
        Is opened in MLflow before a computation that takes long.
    task, dataset
        As :func:`prepare` returns them.
    phases : Phases
        Is told how long each part took.

    Raises
    ------
    InputError
        If the accounts do not suit the settings.
    """
    if not comes_soon(task, dataset.accounts, phases):
        with phases("prepare"):
            run.open()
    return obtain(task, dataset.accounts, phases)


def keep(
    run: RunRecord,
    settings: Mapping[str, Any],
    dataset: Dataset,
    computed: Computed,
    phases: Phases,
) -> dict[str, Any]:
    """Log what came out of a run: metrics, model, figure, and its diagnostics, where it has them.

    Parameters
    ----------
    run, settings, dataset, computed
        Where to log, the plain content of its configuration, its accounts, and what came out.
    phases : Phases
        Is told how long it took.

    Returns
    -------
    dict
        As :func:`train` returns it.

    Raises
    ------
    StoreError
        If it cannot be logged.
    """
    run.metrics |= computed.metrics
    run.params[INIT] = computed.init
    run.tags[run_names.LABELS] = computed.labels_sha256
    if computed.unfit:
        run.tags[run_names.UNFIT] = computed.unfit
    examined = _keep_structure(run, settings, computed, dataset)
    with phases("model"):
        columns = list(settings["features"]["columns"])
        content = ModelContent(
            computed.model, columns, "long", dataset.frame, {run_names.DATA_SHA256: dataset.sha256}
        )
        run.model_id = log_model(run.open(), MODEL, content, run.params)
    judged = Judged(examined.get("verdict"), in_sweep=run.parent_id is not None)
    run.tags[run_names.NOTE] = describe_run(run.open(), settings, dataset, computed, judged)
    if computed.picture:
        run.files[f"{artifacts.FIGURES}/{artifacts.RUN_FIGURE}.png"] = computed.picture
    with phases("log"):
        run.log()
        run_log.log_passes(run.open(), computed.inertias)
    metrics = {name: value for name, value in computed.metrics.items() if name not in COUNTS}
    return {"run_id": run.open(), "rows": dataset.n_accounts, **metrics, **examined}


def _keep_structure(
    run: RunRecord, settings: Mapping[str, Any], computed: Computed, dataset: Dataset
) -> dict[str, Any]:
    """Log the diagnostics of a run that was examined by itself; return them, and the verdict."""
    if computed.diagnostics is None:
        return {}
    # Not needed by the runs of a sweep.
    from tiktok_segments.validation.run_verdict import judge_run

    drawn = asked.wants_figures(settings)
    log_diagnostics(run.open(), computed.diagnostics, computed.rows_used, drawn)
    figures = diagnostic_metrics(computed.diagnostics, computed.rows_used)
    decision = judge_run(
        int(settings["k"]),
        computed.metrics | figures,
        init=computed.init,
        redraws=computed.diagnostics.redraws,
        n_samples=dataset.n_accounts,
        unfit=computed.unfit,
        thresholds=settings["selection"].get("thresholds"),
    )
    run.tags[run_names.VERDICT] = decision.verdict
    run.metrics[CERTAINTY] = decision.certainty
    return {**figures, CERTAINTY: decision.certainty, "verdict": decision.verdict}


def _describe_data(run: RunRecord, dataset: Dataset) -> None:
    """Add to a run's record what it was fitted on, and what became of the rows of the file."""
    run.dataset = dataset
    run.params |= {
        run_names.DATA_SHA256: dataset.sha256,
        run_names.DATA_SOURCE: dataset.source,
        run_names.ROWS: dataset.n_accounts,
        run_names.ENGINE: dataset.engine,
    }
    run.tags[run_names.SYNTHETIC] = str(dataset.synthetic).lower()
    run.files |= files_of_run(dataset)
