"""Open MLflow's user interface on the project's store, on the loopback address."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="ui")
def main(config: DictConfig) -> None:
    """Start MLflow's user interface in place of this process."""
    with plain_errors():
        find_store(config.tracking)
        from tiktok_segments import terminal
        from tiktok_segments.registry import user_interface
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs

        user_interface.require_free_port("127.0.0.1", config.port)
        connection.connect()  # a store that was moved is mended before it is shown
        mark_cut_runs()
        page = connection.training_runs_page(f"http://127.0.0.1:{config.port}")
        terminal.console(stderr=True).print(f"Sweeps and runs: {page}", markup=False)
        user_interface.open_interface(config.port)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
