"""Addresses of profiles, taken from the data only where they are web addresses."""

from urllib.parse import quote, urlsplit

import pandas as pd


def profile_address(account_id: str, url: object = None) -> str | None:
    """Return the address of an account's profile.

    Parameters
    ----------
    account_id : str
        Handle without @.
    url : object, optional
        What the export says; used only where it is an http or https address.

    Returns
    -------
    str or None
        None where there is neither an address nor a handle.

    Examples
    --------
    >>> profile_address("maya"), profile_address("x", "javascript:alert(1)")
    ('https://www.tiktok.com/@maya', 'https://www.tiktok.com/@x')
    """
    if isinstance(url, str) and url.startswith(("https://", "http://")):
        try:
            if urlsplit(url).hostname:
                return url
        except ValueError:
            pass  # no address after all, such as one with half a bracket
    return f"https://www.tiktok.com/@{quote(account_id, safe='')}" if account_id else None


def profile_addresses(accounts: pd.DataFrame, there: bool) -> list[str | None]:
    """Return the address of each account's profile.

    Parameters
    ----------
    accounts : DataFrame of shape (n_accounts, n_columns)
        With ``account_id`` and, where known, ``url``.
    there : bool
        Whether the accounts are on the platform under these names. Synthetic ones and pseudonyms
        are not, and have no address.
    """
    if not there:
        return [None] * len(accounts)
    urls = accounts["url"] if "url" in accounts else [None] * len(accounts)
    return [
        profile_address(account_id, url)
        for account_id, url in zip(accounts["account_id"], urls, strict=True)
    ]
