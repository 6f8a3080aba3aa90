"""Check marks in the language of a page."""

from dataclasses import replace

from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.segments.plausibility import mark_accounts
from tiktok_segments.segments.segmentation import Segmentation


def marked_in(segmentation: Segmentation, language: Language) -> Segmentation:
    """Return a segmentation whose accounts' check marks are in a language."""
    if language is ENGLISH:
        return segmentation
    check = mark_accounts(segmentation.dataset.frame, language).to_numpy()
    return replace(segmentation, accounts=segmentation.accounts.assign(check=check))
