"""Say why an account is in its segment: its values, both segments' medians, what decides."""

from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.errors import InputError
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="explain_account")
def main(config: DictConfig) -> None:
    """Explain the account that the configuration names."""
    with plain_errors():
        if config.account is None:
            raise InputError(
                "Which account? For example: python scripts/explain_account.py account=maya"
            )
        find_store(config.tracking)
        from tiktok_segments.accounts.privacy import call_account
        from tiktok_segments.registry import find_segmentation
        from tiktok_segments.reports.explained_account import print_explanation
        from tiktok_segments.reports.segment_files import print_origin
        from tiktok_segments.segments.choice.everyone import find_part
        from tiktok_segments.segments.explanation import explain_account, read_handle
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs
        from tiktok_segments.training.configuration import read_naming

        connection.connect()
        mark_cut_runs()
        naming = read_naming(config)
        segmentation, _ = find_segmentation(config, naming)
        asked = call_account(segmentation.config["data"], read_handle(str(config.account)))
        handle = asked.lower()
        segmentation = find_part(
            segmentation,
            "looking for the account",
            lambda part: (part.accounts["account_id"].str.lower() == handle).to_numpy(dtype=bool),
        )
        print_explanation(explain_account(segmentation, asked))
        print_origin(segmentation)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
