"""Segments as they are handed on: their accounts' numbers rounded, where that is asked for."""

from dataclasses import replace

from tiktok_segments.accounts.privacy.rounding import read_digits, round_accounts
from tiktok_segments.segments.segmentation import Segmentation


def handed_on(segmentation: Segmentation) -> Segmentation:
    """Return named segments whose accounts' numbers have the digits that ``data.round`` asks for.

    Parameters
    ----------
    segmentation : Segmentation
        Named segments of a run.

    Returns
    -------
    Segmentation
        In the same segments, whose own figures are of the exact numbers. What is drawn of an
        account, such as its place on the map, is drawn of the rounded ones.

    Raises
    ------
    InputError
        If ``data.round`` is no number of digits.
    """
    digits = read_digits(segmentation.config["data"])
    if digits is None:
        return segmentation
    dataset = segmentation.dataset
    return replace(
        segmentation,
        dataset=replace(dataset, frame=round_accounts(dataset.frame, digits)),
        accounts=round_accounts(segmentation.accounts, digits),
    )
