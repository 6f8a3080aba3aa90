"""Compare two exports: drift from the old to the new, who moved between segments, who rises."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import check_server


@hydra.main(version_base="1.3", config_path="../conf", config_name="compare_snapshots")
def main(config: DictConfig) -> None:
    """Compare the two exports that the configuration names."""
    with plain_errors():
        _check(config)
        check_server()
        from tiktok_segments import terminal
        from tiktok_segments.monitoring.compare_exports import compare_snapshots, load_export
        from tiktok_segments.monitoring.movement import read_rising
        from tiktok_segments.monitoring.thresholds import read_thresholds
        from tiktok_segments.registry.choose import choose_model
        from tiktok_segments.reports.compare_exports import print_snapshots, record_snapshots
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.cut_runs import mark_cut_runs

        thresholds, rising = read_thresholds(config.drift), read_rising(config.rising)
        connection.connect()
        mark_cut_runs()
        given = [config.old_model or config.model, config.new_model or config.model]
        old_model = choose_model(given[0])
        new_model = old_model if given[0] == given[1] else choose_model(given[1])
        old, new = (load_export(config, str(path)) for path in (config.old, config.new))
        found = compare_snapshots(old, new, old_model, new_model, thresholds, rising)
        page = record_snapshots(found, thresholds, rising, Path(config.output))
        print_snapshots(found)
        terminal.console().print(
            f"\nPage, tables and figures: {page.resolve()}", markup=False, soft_wrap=True
        )


def _check(config: DictConfig) -> None:
    if config.old is None or config.new is None:
        raise InputError(
            "Which two exports? For example: "
            "python scripts/compare_snapshots.py old=may.csv new=june.csv"
        )


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
