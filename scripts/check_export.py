"""Look at an export before a run: what it is, what would be read of it, and what to set."""

import sys
from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError


@hydra.main(version_base="1.3", config_path="../conf", config_name="check_export")
def main(config: DictConfig) -> None:
    """Read the export that the configuration names, and say what came out."""
    with plain_errors():
        if config.data.path is None:
            raise InputError("Which export? For example: check_export.py data.path=export.csv")
        from tiktok_segments import terminal
        from tiktok_segments.reports import check_export, print_check
        from tiktok_segments.training.settings import known_feature_sets

        output = None if config.output is None else Path(str(config.output)).expanduser()
        with terminal.console(stderr=True).status("reading") as status:
            checked = check_export(
                config, known_feature_sets(), output=output, progress=status.update
            )
        print_check(checked)
        if output is not None:
            terminal.console().print(f"\nWritten: {output.resolve()}", markup=False)
        if not checked.can_run:
            sys.exit(1)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
