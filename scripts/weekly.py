"""Take a new export through the week: judge, assign, drift, retrain where asked, gate, report."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="weekly")
def main(config: DictConfig) -> None:
    """Take the export that the configuration names through the week."""
    with plain_errors():
        if config.history is not True:
            check_settings(config)
        find_store(config.tracking)
        from tiktok_segments import terminal, weekly
        from tiktok_segments.files import output_folder
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs
        from tiktok_segments.training.configuration import read_config

        folder = None if config.output is None else output_folder(config.output)
        connection.connect()
        mark_cut_runs()
        if config.history is True:
            weekly.print_history()
            return
        out = terminal.console()
        now = datetime.now(tz=UTC)
        year, number, _ = now.isocalendar()
        when = f"{now:%Y-%m-%d} {year}-W{number:02d}"
        week = weekly.take_week(
            read_config(config),
            list(HydraConfig.get().overrides.task),
            folder,
            lambda step, sentence: out.print(
                f"{when} {step:8} {sentence}", markup=False, soft_wrap=True
            ),
        )
    out.print(f"\n{when} Outcome: {week.outcome}", style="bold", markup=False)
    sys.exit(week.status)


def check_settings(config: DictConfig) -> None:
    """Refuse settings that cannot be meant.

    Raises
    ------
    InputError
        Naming the setting, and what is valid.
    """
    if config.retrain not in ("drift", "always", "never"):
        raise InputError(f"retrain is {config.retrain}; it is drift, always or never.")
    if config.data.path is None:
        raise InputError("Which export? For example: python scripts/weekly.py data.path=new.csv")
    if OmegaConf.is_list(config.k) is False or not all(isinstance(k, int) for k in config.k):
        raise InputError(f"k is {config.k}; give whole numbers in brackets, as in k=[3,4,5].")
    if config.accept not in (True, False):
        raise InputError(f"accept is {config.accept}; it is true or false.")
    if config.accept and not str(config.reason or "").strip():
        raise InputError('accept=true needs a reason, which is kept: accept=true reason="..."')
    seconds = config.notify.timeout
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds <= 0:
        raise InputError(f"notify.timeout is {seconds}; give seconds.")


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
