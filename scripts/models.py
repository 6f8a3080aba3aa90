"""List the versions of the registered model, or rename a segment of the champion."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="models")
def main(config: DictConfig) -> None:
    """List the versions, after renaming where that is asked for."""
    with plain_errors():
        if (config.rename is None) != (config.to is None):
            raise InputError('Give both: rename="Old name" to="New name"')
        find_store(config.tracking)
        from tiktok_segments.registry import versions
        from tiktok_segments.registry.lost import check_lost, tell_gone
        from tiktok_segments.registry.renaming import rename_segment
        from tiktok_segments.reports import promotion
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs

        connection.connect()
        mark_cut_runs()
        if config.rename is not None:
            rename_segment(str(config.rename), str(config.to))
        promotion.print_versions(known := versions.versions())
        check_lost(known)
        if gone := tell_gone(known):
            raise InputError("\n".join(gone))


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
