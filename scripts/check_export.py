"""Look at an export before a run: what it is, what would be read of it, and what to set."""

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store

if TYPE_CHECKING:
    from tiktok_segments.tracking.named_model import NamedModel


@hydra.main(version_base="1.3", config_path="../conf", config_name="check_export")
def main(config: DictConfig) -> None:
    """Read the export that the configuration names, and say what came out."""
    with plain_errors():
        if config.data.path is None:
            raise InputError(
                "Which export? For example: python scripts/check_export.py data.path=export.csv"
            )
        from tiktok_segments import terminal
        from tiktok_segments.reports import check_export, print_check
        from tiktok_segments.training.configuration import known_feature_sets, read_config

        read_as, tally = read_config(config), None
        if config.model is not None:
            from tiktok_segments.monitoring.unit_change import said_units
            from tiktok_segments.reports.model_fit import ModelTally
            from tiktok_segments.tracking.artifacts import load_config
            from tiktok_segments.weekly import champion_recipe

            model = chosen_model(config)
            tally = partial(ModelTally, model, said_units(read_as["data"]))
            own = load_config(model.run_id)
            given = list(HydraConfig.get().overrides.task)
            read_as |= champion_recipe(own, read_as, given).settings
        output = None if config.output is None else Path(str(config.output)).expanduser()
        with terminal.console(stderr=True).status("reading") as status:
            checked = check_export(
                read_as, known_feature_sets(), output=output, progress=status.update, model=tally
            )
        print_check(checked)
        if checked.model is not None:
            from tiktok_segments.reports.model_fit import print_fit

            print_fit(checked.model)
        if output is not None:
            terminal.console().print(f"\nWritten: {output.resolve()}", markup=False)
        if not checked.can_run or (checked.model is not None and checked.model.problem):
            sys.exit(1)


def chosen_model(config: DictConfig) -> "NamedModel":
    """Return the model that is asked about the accounts."""
    find_store(config.tracking)
    from tiktok_segments.registry import choose_model
    from tiktok_segments.tracking import connection

    connection.connect()
    return choose_model(str(config.model))


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
