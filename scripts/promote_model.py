"""Register a run's model under its segments' names and make it the champion."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.store import check_server


@hydra.main(version_base="1.3", config_path="../conf", config_name="promote_model")
def main(config: DictConfig) -> None:
    """Promote the run that the configuration asks for."""
    with plain_errors():
        check_server()
        from tiktok_segments import registry, terminal, tracking
        from tiktok_segments.segmentation import find_run, restore

        tracking.connect()
        segmentation = restore(find_run(config), config.data.path, config.get("naming"))
        version, changed = registry.promote(segmentation)
    name = f"{registry.MODEL_NAME} version {version.version}"
    words = "is now the champion" if changed else "is the champion already; nothing was changed"
    terminal.print_segments(segmentation.segments, f"{name} {words}.")
    terminal.console().print(
        f"\nUse it: mlflow.pyfunc.load_model('models:/{registry.MODEL_NAME}@champion')",
        markup=False,
    )


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
