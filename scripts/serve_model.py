"""Serve the champion over HTTP on the loopback address, once it is verified to be as promoted."""

from pathlib import Path

import hydra
from omegaconf import DictConfig, ListConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="serve_model")
def main(config: DictConfig) -> None:
    """Answer by the model that the configuration names until the process is stopped."""
    with plain_errors():
        find_store(config.tracking)
        from tiktok_segments.registry.served import serve
        from tiktok_segments.tracking import connection

        connection.connect()
        names = read_names(config.names)
        serve(config.model, config.host, config.port, names, config.follow)


def read_names(names: ListConfig | str) -> list[str]:
    """Return the names under which the server answers; one may stand without brackets."""
    listed = [names] if isinstance(names, str) else names
    if not listed or not all(isinstance(n, str) and n and "*" not in n for n in listed):
        raise InputError(f"names is {names}; give names of this server, as in names=[localhost].")
    return [str(name) for name in listed]


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
