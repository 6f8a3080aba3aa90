"""Train one segmentation, or with -m a sweep of them; python train.py --help explains."""

from pathlib import Path
from typing import Any

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="conf", config_name="config")
def main(config: DictConfig) -> Any:
    """Fit the composed configuration, log it to MLflow and return its silhouette."""
    with plain_errors():
        find_store(config.tracking)
        from tiktok_segments.training.configuration import read_config
        from tiktok_segments.training.printing import report_run
        from tiktok_segments.training.run import train

        settings = read_config(config)
        result = train(settings)
        report_run(result, settings)
    return result["silhouette"]


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parent)
