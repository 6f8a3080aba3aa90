"""Make the key of pseudonyms, turn a table of pseudonyms back, and forget an account."""

import sys
from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command, unknown_verb
from tiktok_segments.errors import InputError


@hydra.main(version_base="1.3", config_path="../conf", config_name="privacy")
def main(config: DictConfig) -> None:
    """Do what is asked for."""
    with plain_errors():
        if config.command not in COMMANDS:
            raise InputError(unknown_verb(config.command, tuple(COMMANDS)))
        COMMANDS[config.command](config)


def make_key(config: DictConfig) -> None:
    """Make a key, in a file outside of the project and its store."""
    if config.output is None:
        raise InputError(
            "Where to? For example: python scripts/privacy.py make_key output=~/segments.key"
        )
    from tiktok_segments import terminal
    from tiktok_segments.accounts import privacy

    file = Path(str(config.output)).expanduser().absolute()
    key = privacy.make_key(file, _places_of_pseudonyms())
    terminal.console().print(
        f"The key {key.id} is in {file}, for you alone to read.\n"
        "Keep it as long as pseudonyms are to stay the same, and a copy of it elsewhere: without "
        "it no account can be told again.\n"
        f"Use it: privacy=pseudonymous privacy.key_file={file}",
        markup=False,
        soft_wrap=True,
    )


def _places_of_pseudonyms() -> list[Path]:
    """Return the folders of the project and of its store."""
    from tiktok_segments.tracking.store import project_root, store_address, store_file

    store = store_file(store_address())
    return [project_root(), *([store.parent] if store else [])]


def reveal(config: DictConfig) -> None:
    """Turn a file with pseudonyms back."""
    if None in (config.file, config.output, config.data.path):
        raise InputError(
            "Which file, where to, and which export are the accounts of? For example:\n"
            "privacy.py reveal shortlist.csv output=~/shortlist.csv data.path=export.csv "
            "privacy.key_file=~/segments.key"
        )
    from tiktok_segments import terminal
    from tiktok_segments.accounts.privacy.keys import require_outside
    from tiktok_segments.reports.revealed import reveal_file
    from tiktok_segments.training.configuration import read_config

    file, output = (Path(str(path)).expanduser() for path in (config.file, config.output))
    require_outside(output, _places_of_pseudonyms(), "the handles")
    with terminal.console(stderr=True).status("reading") as status:
        found = reveal_file(file, output, read_config(config), status.update)
    unknown = f"; of {found.unknown:,} it is not in this export" if found.unknown else ""
    terminal.console().print(
        f"Handles of {found.handles:,} accounts{unknown}: {output.resolve()}\n"
        "The file names accounts; it belongs where the export belongs.",
        markup=False,
        soft_wrap=True,
    )


def forget(config: DictConfig) -> None:
    """Take an account out of everything that the project keeps."""
    if config.account is None:
        raise InputError(
            "Which account? For example: "
            "python scripts/privacy.py forget account=@maya dry_run=true"
        )
    if config.dry_run not in (True, False):
        raise InputError(f"dry_run is {config.dry_run}; it is true or false.")
    from tiktok_segments import terminal
    from tiktok_segments.tracking import connection
    from tiktok_segments.tracking.store import project_root
    from tiktok_segments.upkeep import forgetting
    from tiktok_segments.upkeep.forgetting.told import name_account, print_found, record_forgetting
    from tiktok_segments.upkeep.named_files import kept_store

    store, root = kept_store(), project_root()
    if forgetting.finish_pending(store, root):
        terminal.console().print("An account whose forgetting was cut off is forgotten now.")
    keys = set() if config.without_key else forgetting.find_keys(store, root)
    names = name_account(str(config.account), keys)
    with terminal.progress_bar("files") as show:
        look = forgetting.look if config.dry_run else forgetting.forget
        found = look(store, root, names, lambda done, total: show("looking", done, total))
    print_found(found, store, root, dry_run=config.dry_run)
    if not config.dry_run:
        connection.connect()
        record_forgetting(found)


COMMANDS = {"make_key": make_key, "reveal": reveal, "forget": forget}


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "reveal" and "=" not in sys.argv[2]:
        sys.argv[2] = f"file={sys.argv[2]}"
    run_command(main, root=Path(__file__).resolve().parents[1], verb="command")
