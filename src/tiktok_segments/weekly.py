"""One new export, start to end: assign, measure drift, retrain where asked, gate, report."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import time_ns

import numpy as np
import pandas as pd
from omegaconf import DictConfig

from tiktok_segments.accounts.dataset import Dataset, load_every_account
from tiktok_segments.defaults import default_root
from tiktok_segments.errors import InputError
from tiktok_segments.monitoring.assign_export import assign_export
from tiktok_segments.monitoring.assign_log import log_assignment
from tiktok_segments.monitoring.drift import measure_drift
from tiktok_segments.monitoring.thresholds import read_thresholds
from tiktok_segments.registry import versions
from tiktok_segments.registry.promotion import promote
from tiktok_segments.registry.restoration import restore
from tiktok_segments.registry.versions import ModelVersion
from tiktok_segments.reports.promotion import gate_sentence
from tiktok_segments.reports.segment_files import REPORT_FILES, write_segments
from tiktok_segments.segments.inheritance import Ancestors
from tiktok_segments.segments.segmentation import segment_accounts
from tiktok_segments.terminal import ReadingShown, progress_bar
from tiktok_segments.tracking import artifacts, history, models, run_names
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.tracking.runs import record_run
from tiktok_segments.training.settings import read_config
from tiktok_segments.validation.spaces import RECIPE

EXIT_STATUS = {"kept": 0, "failed": 1, "replaced": 3, "refused": 4}
"""What the command's exit status says; 2 is left to the shell and to Python."""


@dataclass
class Week:
    """What was done with one export, and why.

    Attributes
    ----------
    tell : callable
        Called with each step's name and its sentence as it is done.
    steps : list of (str, str)
        The same, kept.
    files : list of Path
        What was written.
    outcome : str
        ``kept``, ``replaced`` or ``refused``.
    """

    tell: Callable[[str, str], None]
    steps: list[tuple[str, str]] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    outcome: str = "kept"

    def note(self, step: str, sentence: str) -> None:
        """Keep and tell what a step did."""
        self.steps.append((step, sentence))
        self.tell(step, sentence)


def run_week(config: DictConfig, overrides: Sequence[str], folder: Path, week: Week) -> Week:
    """Take one export through a model's week.

    Parameters
    ----------
    config : DictConfig
        As in ``conf/weekly.yaml``.
    overrides : sequence of str
        The command's own, of which those of ``data`` and ``clean`` go on to a retraining.
    folder : Path
        Where tables and report go.
    week : Week
        Filled and returned.

    Returns
    -------
    Week
        With its outcome.

    Raises
    ------
    InputError
        If the export cannot be used, the champion was tampered with, or no retraining finished.
    """
    dataset = load_every_account(config, ReadingShown())
    rejected = len(dataset.rejected)
    week.note(
        "read", f"{len(dataset.frame):,} accounts, rejected rows: {rejected:,}; {dataset.source}"
    )
    version = versions.champion()
    retrain = config.retrain != "never"
    why = "there is no champion yet" if retrain else "retrain=never was asked for"
    if version is None:
        week.note("assign", "Nothing to assign with: there is no champion yet.")
    else:
        model = versions.load_version(version)
        retrain, why = _assign(config, version, model, folder, week)
    if not retrain:
        week.note("retrain", f"Not retrained: {why}.")
    else:
        week.note("retrain", f"Retraining: {why}.")
        _retrain(config, overrides, version, week)
    _report(dataset, folder, week, version)
    return week


def _assign(
    config: DictConfig, version: ModelVersion, model: NamedModel, folder: Path, week: Week
) -> tuple[bool, str]:
    """Assign the export by the champion; say whether to retrain, and why."""
    with progress_bar("rows") as progress:
        found = assign_export(
            model,
            str(version.version),
            config.data,
            config.clean,
            folder / "assigned.csv",
            progress,
        )
    drift = measure_drift(model, found.sums, read_thresholds(config.drift))
    log_assignment(model, found, drift)
    week.files += [found.output, found.rejected_file]
    rows, rejected = found.count("input"), found.count("rejected")
    week.note(
        "assign",
        f"{found.sums.accounts:,} accounts of {rows:,} rows to the segments of version "
        f"{found.version}, rejected rows: {rejected:,}; {found.output.absolute()}",
    )
    week.note("drift", f"{drift.verdict}. {' '.join(drift.reasons)}")
    if config.retrain == "drift":
        return drift.verdict == "retrain", f"the drift verdict is {drift.verdict}"
    return config.retrain == "always", f"retrain={config.retrain} was asked for"


def _retrain(
    config: DictConfig, overrides: Sequence[str], version: ModelVersion | None, week: Week
) -> None:
    """Sweep over k in the champion's space on the new export; hold the best against the gate."""
    sweep_id = _sweep(config, overrides, version, week)
    segmentation = restore(history.best_run_id(sweep_id), data_path=None, naming=None)
    result = promote(segmentation, read_config(config.promotion))
    week.outcome = "refused" if result.outcome == "refused" else "replaced"
    stays = "There is still no champion." if version is None else "The champion stays."
    week.note("gate", gate_sentence(segmentation, result, stays))


def _sweep(
    config: DictConfig, overrides: Sequence[str], version: ModelVersion | None, week: Week
) -> str:
    """Run the sweep as a process of its own, as anyone would; return its id."""
    space = {name: config.space[name] for name in RECIPE}
    if version is not None:
        facts = versions.load_version(version).facts
        space |= {name: facts[name] for name in space}
    passed_on = [o for o in overrides if o.startswith(("data.", "data=", "clean.", "clean="))]
    ks = ",".join(map(str, config.k))
    settings = [f"k={ks}", *(f"{name}={value}" for name, value in space.items()), *passed_on]
    started = time_ns() // 1_000_000
    done = subprocess.run(  # noqa: S603 - this project's own script, no shell
        [sys.executable, str(default_root() / "train.py"), "-m", *settings], check=False
    )
    sweep_id = history.sweep_of(" ".join(settings), started)
    if sweep_id is None or done.returncode not in (0, 1):  # 1 tells that a run failed
        raise InputError(f"The retraining failed (exit status {done.returncode}).")
    if done.returncode:
        week.note(
            "retrain", f"Some of its runs failed; leaderboard.csv of sweep {sweep_id} says why."
        )
    return sweep_id


def _report(dataset: Dataset, folder: Path, week: Week, assigned_by: ModelVersion | None) -> None:
    """Describe the export's accounts in the champion's segments."""
    for name in REPORT_FILES:  # of an earlier run of the day: not to be taken for this one's
        (folder / name).unlink(missing_ok=True)
    if versions.champion() is None:
        week.note("report", "No report: there is no champion whose segments it could show.")
        return
    version, model = versions.load_champion()
    run_id = str(version.run_id)
    run_config = artifacts.load_config(run_id)
    if np.bincount(model.assign(dataset.frame), minlength=len(model.segments)).min() == 0:
        week.note("report", "No report: a segment of the champion has no account in this export.")
        return
    segmentation = segment_accounts(
        run_id,
        run_config,
        dataset,
        models.load_model(f"runs:/{run_id}/{models.MODEL}"),
        run_config["naming"],
        Ancestors(str(version.version), model.segments, None),
    )
    if dataset.sha256 != model.facts[run_names.DATA_SHA256]:
        segmentation = replace(segmentation, fitted_elsewhere=_fitted_elsewhere(version, model))
    week.files += write_segments(segmentation, folder, "csv")
    sentence = f"{(folder / artifacts.REPORT).resolve()}"
    if assigned_by is not None and assigned_by.version != version.version:
        sentence += (
            f" and accounts.csv, in the segments of version {version.version}; assigned.csv is in "
            f"those of version {assigned_by.version}, the champion until now"
        )
    week.note("report", sentence)


def _fitted_elsewhere(version: ModelVersion, model: NamedModel) -> str:
    kind = "synthetic accounts" if model.facts["synthetic"] else "accounts"
    return (
        f"These accounts were put into the segments of version {version.version}, which was fitted "
        f"on {model.baseline['accounts']:,} {kind} of an earlier export. What the page says of "
        "structure, stability and the choice of k was found on those."
    )


def log_week(week: Week, config: DictConfig) -> str:
    """Log what was done as a run of kind ``weekly``, with the tables and the report; return its id.

    Parameters
    ----------
    week : Week
        Done.
    config : DictConfig
        As in ``conf/weekly.yaml``.

    Returns
    -------
    str
        The run's id.
    """
    version = versions.champion()
    tags = {
        run_names.OUTCOME: week.outcome,
        run_names.CHAMPION_TAG: str(version.version) if version is not None else "",
    }
    with record_run(f"week, {week.outcome}", "weekly", tags=tags) as run:
        run_id = run.open()
        artifacts.log_config(run_id, read_config(config))
        steps = [{"step": step, "what": sentence} for step, sentence in week.steps]
        artifacts.log_table(run_id, pd.DataFrame(steps), artifacts.STEPS)
        artifacts.log_files(run_id, week.files, artifacts.WEEK_FOLDER)
    return run_id
