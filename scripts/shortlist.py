"""Rank the accounts of a run for a goal: shortlist.csv and shortlist.html."""

from dataclasses import replace
from pathlib import Path

import hydra
from omegaconf import DictConfig

from tiktok_segments.command_line import plain_errors, run_command
from tiktok_segments.tracking.store import find_store


@hydra.main(version_base="1.3", config_path="../conf", config_name="shortlist")
def main(config: DictConfig) -> None:
    """Make the shortlist that the configuration asks for."""
    with plain_errors():
        find_store(config.tracking)
        from tiktok_segments.accounts.privacy import call_account
        from tiktok_segments.files import output_folder
        from tiktok_segments.language import ENGLISH, read_language
        from tiktok_segments.registry import find_segmentation
        from tiktok_segments.reports import print_shortlist, write_shortlist
        from tiktok_segments.reports.segment_files import print_origin
        from tiktok_segments.reports.shortlist_words import describe_listing
        from tiktok_segments.segments.choice import read_decisions, read_wanted
        from tiktok_segments.segments.choice.exclusions import read_exclusions
        from tiktok_segments.segments.choice.listing import list_accounts
        from tiktok_segments.segments.explanation import read_handle
        from tiktok_segments.tracking import connection
        from tiktok_segments.tracking.processes import mark_cut_runs
        from tiktok_segments.training.configuration import read_naming

        wanted, language = read_wanted(config), read_language(config.report.language)
        folder = output_folder(config.output)
        decisions = read_decisions(config.decisions) if config.decisions else None
        connection.connect()
        mark_cut_runs()
        naming = read_naming(config)
        unwanted = read_exclusions(config.exclude) if config.exclude else None
        segmentation, _ = find_segmentation(config, naming)
        data = segmentation.config["data"]
        if wanted.like is not None:
            wanted = replace(wanted, like=call_account(data, read_handle(wanted.like)))
        if unwanted is not None:
            unwanted = unwanted.called(lambda handle: call_account(data, handle))
        listing = list_accounts(segmentation, wanted, decisions, unwanted)
        about = (listing, segmentation.dataset.n_accounts, decisions, unwanted)
        files = write_shortlist(
            listing.table,
            wanted,
            segmentation,
            folder,
            describe_listing(*about, language),
            config.format,
            language,
        )
        print_shortlist(listing.table, wanted, files, describe_listing(*about, ENGLISH))
        print_origin(segmentation)


if __name__ == "__main__":
    run_command(main, root=Path(__file__).resolve().parents[1])
