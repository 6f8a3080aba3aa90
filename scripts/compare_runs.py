"""Compare the segments of two runs or versions on the same accounts."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="compare_runs")
def main(config: DictConfig) -> None:
    """Compare the two that the configuration names."""
    with plain_errors():
        if config.first is None or config.second is None:
            raise InputError(
                "Which two? For example: python scripts/compare_runs.py first=1 second=2"
            )
        find_store(config.tracking)
        from tiktok_segments import monitoring, reports, terminal
        from tiktok_segments.files import output_folder
        from tiktok_segments.registry import accounts_of_run, choose_model
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs

        folder = output_folder(config.output)
        connection.connect()
        mark_cut_runs()
        asked = config.data
        first, second = (choose_model(str(given), asked) for given in (config.first, config.second))
        _, dataset = accounts_of_run(second.run_id, asked, same=asked.path is None)
        found = monitoring.compare_models(first, second, dataset)
        files = reports.write_model_comparison(found, folder)
        reports.log_model_comparison(found, files)
        reports.print_model_comparison(found)
        terminal.console().print(
            f"\nTable and figures: {files[0].resolve().parent}", markup=False, soft_wrap=True
        )


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
