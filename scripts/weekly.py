"""Take a new export through the week: assign, drift, retrain where asked, gate, report."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import hydra
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig, OmegaConf

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import check_server, project_root


@hydra.main(version_base="1.3", config_path="../conf", config_name="weekly")
def main(config: DictConfig) -> None:
    """Take the export that the configuration names through the week."""
    with plain_errors():
        if config.retrain not in ("drift", "always", "never"):
            raise InputError(f"retrain is {config.retrain}; it is drift, always or never.")
        if config.data.path is None:
            raise InputError(
                "Which export? For example: python scripts/weekly.py data.path=new.csv"
            )
        if OmegaConf.is_list(config.k) is False or not all(isinstance(k, int) for k in config.k):
            raise InputError(f"k is {config.k}; give whole numbers in brackets, as in k=[3,4,5].")
        check_server()
        from tiktok_segments import terminal, weekly
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs

        connection.connect()
        mark_cut_runs()
        out = terminal.console()
        day = f"{datetime.now(tz=UTC):%Y-%m-%d}"
        folder = Path(config.output or project_root() / "outputs" / "weekly" / day)
        week = weekly.Week(lambda step, sentence: out.print(f"{step:8} {sentence}", markup=False))
        if folder.is_dir() and any(folder.iterdir()):
            out.print(f"files    Those of an earlier run are replaced: {folder}", markup=False)
        overrides = list(HydraConfig.get().overrides.task)
        weekly.run_week(config, overrides, folder, week)
        weekly.log_week(week, config)
    out.print(f"\nOutcome: {week.outcome}", style="bold", markup=False)
    sys.exit(weekly.EXIT_STATUS[week.outcome])


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
