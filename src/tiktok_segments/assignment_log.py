"""An assignment as a run in MLflow."""

from pathlib import Path

from tiktok_segments import artifacts, tracking
from tiktok_segments.assignment import Assignment
from tiktok_segments.drift_report import log_drift
from tiktok_segments.drift_verdict import Drift
from tiktok_segments.named_model import NamedModel

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
    name = f"assign {Path(assignment.source).name}"
    run = tracking.client().create_run(
        tracking.experiment_id(), run_name=name, tags={tracking.KIND: KIND}
    )
    run_id = str(run.info.run_id)
    shares = assignment.segments.set_index("segment_id")["share"]
    tracking.log_numbers(
        run_id,
        params={
            "data_sha256": assignment.sha256,
            "data_source": assignment.source,
            "rows": assignment.count("input"),
            "model_version": assignment.version,
            "model": model.address,
            "output": assignment.output.absolute(),
        },
        metrics={
            "accounts": assignment.snapshot.accounts,
            "rejected": assignment.count("rejected"),
            "filtered": assignment.count("filtered"),
            "out_of_range_share": assignment.out_of_range_share,
            **{f"share.{segment_id}": float(share) for segment_id, share in shares.items()},
        },
        tags={"segmentation.model_run_id": model.run_id},
    )
    artifacts.log_table(run_id, assignment.segments, "segments")
    artifacts.log_table(run_id, assignment.summary, "cleaning")
    artifacts.log_text(run_id, "\n".join(assignment.notes), "ingest.txt")
    about = {"model": model.label, "then": model.facts["data_source"]}
    log_drift(run_id, drift, {**about, "now": assignment.source}, model.run_id)
    tracking.client().set_terminated(run_id)
    return run_id
