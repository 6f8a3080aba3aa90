"""Name and describe the segments of a run: tables, segments.json and a report."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="profile_segments")
def main(config: DictConfig) -> None:
    """Profile the run that the configuration asks for."""
    with plain_errors():
        find_store(config.tracking)
        from tiktok_segments.files import output_folder
        from tiktok_segments.language import read_language
        from tiktok_segments.monitoring import read_thresholds
        from tiktok_segments.registry import find_segmentation
        from tiktok_segments.registry.new_export import read_export
        from tiktok_segments.registry.restoration import accounts_of_run
        from tiktok_segments.reports.new_export import profile_export
        from tiktok_segments.reports.segment_files import profile
        from tiktok_segments.segments.choice import read_decisions
        from tiktok_segments.spreadsheet import read_table_format
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs
        from tiktok_segments.training.configuration import read_naming

        language = read_language(config.report.language)
        folder, table_format = output_folder(config.output), read_table_format(config.format)
        connection.connect()
        mark_cut_runs()
        naming = read_naming(config)
        decided = read_decisions(config.decisions) if config.decisions else None
        segmentation, model = find_segmentation(config, naming)
        earlier = None
        since = {**config.data, "path": config.since}
        if model is None:
            if config.since:
                _, earlier = accounts_of_run(segmentation.run_id, since, same=False)
            profile(segmentation, folder, table_format, decided, earlier, language)
        else:
            earlier = read_export(model, since) if config.since else None
            thresholds = read_thresholds(config.drift)
            profile_export(
                segmentation, model, folder, table_format, thresholds, decided, earlier, language
            )


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
