"""Assign new accounts to the champion's segments: an export in, the accounts with segments out."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="assign_segments")
def main(config: DictConfig) -> None:
    """Assign the accounts that the configuration names."""
    with plain_errors():
        if config.output is not None and config.output_table is not None:
            raise InputError("Both output and output_table are given.\nGive one of them.")
        output = config.output or config.output_table
        if (config.data.path or config.data.table) is None or output is None:
            raise InputError(
                f"{'Where to' if output is None else 'Which accounts'}? For example:\n"
                "python scripts/assign_segments.py data.path=new.csv output=assigned.csv"
            )
        find_store(config.tracking)
        from tiktok_segments import monitoring, terminal
        from tiktok_segments.registry import load_for_use
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs

        thresholds = monitoring.read_thresholds(config.drift)
        connection.connect()
        mark_cut_runs()
        version, model = load_for_use(config.model)
        with terminal.progress_bar("rows") as progress:
            assignment = monitoring.assign_export(
                model,
                version,
                config.data,
                config.clean,
                Path(str(output)).expanduser(),
                progress,
                engine=config.engine,
                in_tables=config.output_table is not None,
            )
        drift = monitoring.measure_drift(model, assignment.sums, thresholds)
        log = config.log is True
        run_id = monitoring.log_assignment(model, assignment, drift) if log else None
        monitoring.print_assignment(assignment, drift, run_id)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
