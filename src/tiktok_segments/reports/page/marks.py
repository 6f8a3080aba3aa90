"""Warnings in the language of a page."""

import pandas as pd

from tiktok_segments.accounts.cleaning import with_nan
from tiktok_segments.language import ENGLISH, Language
from tiktok_segments.segments.plausibility import mark_accounts


def marked_in(accounts: pd.DataFrame, language: Language) -> pd.DataFrame:
    """Return accounts with their warnings in a language.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        As ``accounts.csv`` has them, or some of them, with English marks.
    language : Language
        Of the marks.
    """
    if language is ENGLISH:
        return accounts
    return accounts.assign(check=mark_accounts(with_nan(accounts), language))
