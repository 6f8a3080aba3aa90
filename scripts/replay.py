"""Run a logged run again and say whether the same comes out; --help explains."""

import sys
from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="replay")
def main(config: DictConfig) -> None:
    """Replay the run that the configuration asks for; exit status 1 where it differs."""
    with plain_errors():
        find_store(config.tracking)
        from tiktok_segments import terminal
        from tiktok_segments.registry.choose import find_run
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs
        from tiktok_segments.training.replay import log_again, replay, say_outcome

        connection.connect()
        mark_cut_runs()
        outcome = replay(find_run(config), config.data)
        terminal.print_table(outcome.table, f"Run {outcome.run_id}, and the same again")
        terminal.console().print(f"\n{say_outcome(outcome)}", markup=False)
        if config.log is True:
            terminal.console().print(f"Logged as run {log_again(outcome)}.", markup=False)
    if not outcome.identical:
        sys.exit(1)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
