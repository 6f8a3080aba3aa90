"""An assignment as a run in MLflow."""

from pathlib import Path

from tiktok_segments.monitoring.assign_export import Assignment
from tiktok_segments.monitoring.drift_log import log_drift
from tiktok_segments.monitoring.verdict import Drift
from tiktok_segments.tracking.named_model import NamedModel
from tiktok_segments.tracking.runs import record_run

KIND = "assign"


def log_assignment(model: NamedModel, assignment: Assignment, drift: Drift) -> str:
    """Log an assignment as a finished run of kind ``assign``.

    Parameters
    ----------
    model : NamedModel
        That made it.
    assignment : Assignment
        What became of the export.
    drift : Drift
        How far its accounts are from those that the model was fitted on.

    Returns
    -------
    str
        The run's id. Its metrics ``share.<segment_id>`` outlive a segment's name.
    """
    shares = assignment.segments.set_index("segment_id")["share"]
    with record_run(f"assign {Path(assignment.source).name}", KIND) as run:
        run.params |= {
            "data_sha256": assignment.sha256,
            "data_source": assignment.source,
            "rows": assignment.count("input"),
            "model_version": assignment.version,
            "model": model.address,
            "output": assignment.output.absolute(),
        }
        run.metrics |= {
            "accounts": assignment.snapshot.accounts,
            "rejected": assignment.count("rejected"),
            "filtered": assignment.count("filtered"),
            "out_of_range_share": assignment.out_of_range_share,
            **{f"share.{segment_id}": float(share) for segment_id, share in shares.items()},
        }
        run.tags["segmentation.model_run_id"] = model.run_id
        run.files |= {
            "segments.csv": assignment.segments.to_csv(index=False),
            "cleaning.csv": assignment.summary.to_csv(index=False),
            "ingest.txt": "\n".join(assignment.notes),
        }
        run.log()
        about = {"model": model.label, "then": model.facts["data_source"]}
        log_drift(run.open(), drift, {**about, "now": assignment.source}, model.run_id)
    return run.open()
