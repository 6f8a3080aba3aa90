"""Serve the champion over HTTP on the loopback address, once it is verified to be as promoted."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.tracking.store import check_server


@hydra.main(version_base="1.3", config_path="../conf", config_name="serve_model")
def main(config: DictConfig) -> None:
    """Start MLflow's model server in place of this process."""
    with plain_errors():
        check_server()
        from tiktok_segments.registry import serving
        from tiktok_segments.tracking import connection

        connection.connect()
        serving.serve(config.model, config.host, config.port)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
