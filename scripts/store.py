"""Look at the store, copy it, bring a copy back, bring its tables up to date, or prune it."""

from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command, unknown_verb
from tiktok_segments.errors import InputError

COMMANDS = ("status", "backup", "restore", "upgrade", "prune")


@hydra.main(version_base="1.3", config_path="../conf", config_name="store")
def main(config: DictConfig) -> None:
    """Do what is asked for with the store that the other commands use."""
    with plain_errors():
        if config.command not in COMMANDS:
            raise InputError(unknown_verb(config.command, COMMANDS))
        from tiktok_segments import terminal
        from tiktok_segments.files import output_folder
        from tiktok_segments.tracking.store import project_root
        from tiktok_segments.upkeep import printing
        from tiktok_segments.upkeep.backup import back_up, default_folder
        from tiktok_segments.upkeep.doomed_runs import Pruning
        from tiktok_segments.upkeep.named_files import kept_store, own_store, settled_store
        from tiktok_segments.upkeep.prune import prune_store
        from tiktok_segments.upkeep.restore import restore_store
        from tiktok_segments.upkeep.status import look_at
        from tiktok_segments.upkeep.upgrade import upgrade_store

        folder = default_folder(project_root(), datetime.now())
        if config.output is not None:
            folder = output_folder(config.output)
        if config.command == "status":
            kept = kept_store()
            with terminal.progress_bar("runs and models") as show:
                status = look_at(kept, partial(show, "looking"))
            printing.print_status(status, kept)
        elif config.command == "backup":
            with terminal.progress_bar("folders") as show:
                backup = back_up(settled_store(), folder, partial(show, "copying"))
            printing.print_backup(backup)
        elif config.command == "upgrade":
            file = settled_store()
            with terminal.console(stderr=True).status("Bringing the tables up to date ..."):
                upgraded = upgrade_store(file, partial(back_up, file, folder))
            printing.print_upgraded(upgraded, file)
        elif config.command == "prune":
            pruning = Pruning(config.failed, config.deleted, config.older_than)
            if config.dry_run not in (True, False):
                raise InputError(f"dry_run is {config.dry_run}; it is true or false.")
            with terminal.progress_bar("folders") as show:
                kept = kept_store()
                pruned = prune_store(
                    kept,
                    pruning,
                    project_root() / "outputs",
                    datetime.now(UTC),
                    dry_run=config.dry_run,
                    progress=partial(show, "removing"),
                )
            printing.print_pruned(pruned, kept, dry_run=config.dry_run)
        else:
            if config.backup is None:
                raise InputError(
                    "Which backup? For example: python scripts/store.py restore backup=FOLDER"
                )
            source = Path(str(config.backup)).expanduser()
            file = own_store(must_exist=False)
            if file.exists():
                settled_store()
            with terminal.console(stderr=True).status("Trying the backup, and restoring it ..."):
                restored = restore_store(source, file, partial(back_up, file, folder))
            printing.print_restored(restored, file)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1], verb="command")
