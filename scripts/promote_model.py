"""Promote a run's model through the gate, or move the alias champion back to an earlier version."""

import sys
from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="promote_model")
def main(config: DictConfig) -> None:
    """Promote what the configuration asks for."""
    with plain_errors():
        find_store(config.tracking)
        from tiktok_segments.registry.choose import find_run
        from tiktok_segments.registry.gate_thresholds import check_promotion
        from tiktok_segments.registry.lost import check_lost
        from tiktok_segments.registry.promotion import promote, roll_back
        from tiktok_segments.registry.restoration import restore
        from tiktok_segments.registry.versions import champion, versions
        from tiktok_segments.reports import promotion
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs
        from tiktok_segments.training.configuration import read_config, read_naming

        connection.connect()
        mark_cut_runs()
        if config.version is not None:
            if given := [name for name in ("run", "sweep", "model") if config[name]]:
                raise InputError(f"Give one of version= and {given[0]}=, not both.")
            promotion.print_rollback(*roll_back(str(config.version)))
            return
        if not any(config[name] for name in ("run", "sweep", "model")) and not champion():
            check_lost(versions())
        naming, thresholds = read_naming(config), read_config(config.promotion)
        check_promotion(thresholds)
        segmentation = restore(find_run(config), config.data, naming)
        result = promote(
            segmentation,
            thresholds,
            force=config.force is True,
            reason=config.reason,
            as_challenger=config.challenger is True,
            licence=config.licence,
        )
        promotion.print_promotion(segmentation, result)
        if result.outcome == "refused":
            sys.exit(1)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
