"""Compare two exports: drift from the old to the new, who moved between segments, who rises."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="compare_snapshots")
def main(config: DictConfig) -> None:
    """Compare the two exports that the configuration names."""
    with plain_errors():
        _check(config)
        find_store(config.tracking)
        from tiktok_segments import monitoring, reports, terminal
        from tiktok_segments.accounts.dataset import load_dataset
        from tiktok_segments.accounts.privacy import hold_to_privacy
        from tiktok_segments.accounts.privacy.rounding import read_digits
        from tiktok_segments.containers.sources import find_files
        from tiktok_segments.files import output_folder
        from tiktok_segments.language import read_language
        from tiktok_segments.monitoring.unit_change import said_units
        from tiktok_segments.registry import choose_model
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs
        from tiktok_segments.training.configuration import read_config

        exports = [
            {"path": config[name], "table": config[f"{name}_table"]} for name in ("old", "new")
        ]
        if config.engine.name != "spark":  # which alone knows what is there
            for export in exports:  # both, before the first is read
                find_files(export["path"])
        folder = output_folder(config.output)
        thresholds = monitoring.read_thresholds(config.drift)
        rising = monitoring.read_rising(config.rising)
        language = read_language(config.report.language)
        connection.connect()
        mark_cut_runs()
        given = [config.old_model or config.model, config.new_model or config.model]
        old_model = choose_model(given[0], config.data)
        new_model = old_model if given[0] == given[1] else choose_model(given[1], config.data)
        plain = read_config(config)
        for model in (old_model, new_model):
            plain["data"] = hold_to_privacy(model.facts, plain["data"], model.label)
        digits = read_digits(plain["data"])
        needed = [*old_model.columns, *new_model.columns]
        old, new = (
            load_dataset(plain | {"data": plain["data"] | export}, terminal.ReadingShown(), needed)
            for export in exports
        )
        said = said_units(plain["data"])
        found = monitoring.compare_exports(old, new, old_model, new_model, thresholds, rising, said)
        found = found.rounded(digits)
        files = reports.write_export_comparison(found, thresholds, rising, folder, language)
        reports.log_export_comparison(found, files)
        reports.print_export_comparison(found)
        terminal.console().print(
            f"\nPage, tables and figures: {files[-1].resolve()}", markup=False, soft_wrap=True
        )


def _check(config: DictConfig) -> None:
    for name in ("old", "new"):
        table = config[f"{name}_table"]
        if table is not None and config.engine.name != "spark":
            raise InputError(f"{name}_table={table} is read by Spark only.\nAdd engine=spark.")
        if table is not None and config[name] is not None:
            raise InputError(f"Both {name} and {name}_table are given.\nGive one of them.")
    if (config.old or config.old_table) is None or (config.new or config.new_table) is None:
        raise InputError(
            "Which two exports? For example: "
            "python scripts/compare_snapshots.py old=may.csv new=june.csv"
        )


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
