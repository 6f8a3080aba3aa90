"""Comparisons as runs in MLflow: of two models, and of two exports."""

import json
from collections.abc import Sequence
from pathlib import Path

from tiktok_segments.monitoring.comparison.exports import ExportComparison
from tiktok_segments.monitoring.comparison.models import ModelComparison
from tiktok_segments.monitoring.drift_log import log_drift
from tiktok_segments.reports.compare_exports import export_tables, moved_share
from tiktok_segments.reports.compare_models import crossing_table
from tiktok_segments.tracking import artifacts, run_names
from tiktok_segments.tracking.runs import record_run


def log_model_comparison(found: ModelComparison, files: Sequence[Path]) -> str:
    """Log two models' comparison to a run of kind ``compare``.

    Parameters
    ----------
    found : ModelComparison
        What was found.
    files : sequence of Path
        As :func:`~tiktok_segments.reports.compare_models.write_model_comparison` returns them; the
        figures are logged.

    Returns
    -------
    str
        The run's id.
    """
    dataset = found.dataset
    about = {
        "first": found.first,
        "second": found.second,
        run_names.DATA_SOURCE: dataset.source,
        run_names.DATA_SHA256: dataset.sha256,
        run_names.ROWS: dataset.n_accounts,
    }
    document = {**about, "ari": found.ari, "sentences": found.sentences}
    with record_run(f"{found.first} and {found.second}", "compare") as run:
        run.params |= about
        run.metrics["ari"] = found.ari
        run.files[artifacts.CROSSING] = crossing_table(found).to_csv(index=False)
        run.files[artifacts.COMPARISON] = json.dumps(document, indent=2, ensure_ascii=False)
        artifacts.log_pictures(run.open(), _pictures(files))
    return run.open()


def log_export_comparison(found: ExportComparison, files: Sequence[Path]) -> str:
    """Log two exports' comparison to a run of kind ``drift``.

    Parameters
    ----------
    found : ExportComparison
        What happened.
    files : sequence of Path
        As :func:`~tiktok_segments.reports.compare_exports.write_export_comparison` returns them;
        figures and page are logged; those of drift are already, by
        :func:`~tiktok_segments.monitoring.drift_log.log_drift`.

    Returns
    -------
    str
        The run's id.
    """
    about = {
        "model": found.old_model.label,
        "then": Path(found.old.source).name,
        "now": Path(found.new.source).name,
    }
    with record_run(f"{about['then']} to {about['now']}", "drift") as run:
        run_id = run.open()
        digests = {"old_sha256": found.old.sha256, "new_sha256": found.new.sha256}
        models = {"old_model": about["model"], "new_model": found.new_model.label}
        run.params |= {"old": found.old.source, "new": found.new.source, **digests, **models}
        run.metrics |= {"accounts_in_both": len(found.accounts), "moved_share": moved_share(found)}
        if found.sampled():
            run.metrics |= dict(zip(("followed_then", "followed_now"), found.followed, strict=True))
        counts = found.movement.set_index("movement")["accounts"]
        for name in ("new", "gone", "moved up", "moved down"):
            run.metrics[name.replace(" ", "_")] = float(counts[name])
        log_drift(run_id, found.drift, about, found.old_model.run_id)
        for name, table in export_tables(found).items():
            if name != artifacts.DRIFT:
                artifacts.log_table(run_id, table, name)
        pictures = {n: p for n, p in _pictures(files).items() if not n.startswith("drift_")}
        artifacts.log_pictures(run_id, pictures)
        pages = [file for file in files if file.name == artifacts.DRIFT_PAGE]
        artifacts.log_files(run_id, pages, artifacts.REPORT_FOLDER)
    return run_id


def _pictures(files: Sequence[Path]) -> dict[str, bytes]:
    """Return the figures among some files by their names."""
    return {file.stem: file.read_bytes() for file in files if file.suffix == ".png"}
