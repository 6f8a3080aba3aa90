"""Download the 1,000 published profiles to data/raw/, once, with their SHA-256 checked."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command


@hydra.main(version_base="1.3", config_path="../conf", config_name="fetch_data")
def main(config: DictConfig) -> None:
    """Download the file that the configuration names."""
    from tiktok_segments import terminal
    from tiktok_segments.accounts.download import fetch_file

    path = Path(config.data.path)
    with plain_errors():
        downloaded = fetch_file(config.data.url, config.data.sha256, path)
    words = "Downloaded and checked" if downloaded else "Already there, nothing downloaded"
    terminal.console().print(
        f"{words}: {path}\nUse it: python train.py data=published", markup=False
    )


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
