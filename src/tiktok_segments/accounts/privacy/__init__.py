"""Accounts under pseudonyms: the key, what stands in place of a handle, and what is left out.

In goes what was read of an export, and what a configuration's ``data`` says of privacy; out come
the same accounts without handles, names, texts and addresses. It happens as soon as a batch is
read, before anything of it is kept, written or logged, whatever the engine.
"""

from tiktok_segments.accounts.privacy.asked import (
    call_account,
    hold_to_privacy,
    read_again,
    read_pseudonyms,
    settle_privacy,
    with_name,
    without_names,
    without_paths,
)
from tiktok_segments.accounts.privacy.keys import PrivacyKey, find_key, make_key
from tiktok_segments.accounts.privacy.pseudonyms import LABEL, Pseudonyms

__all__ = [
    "LABEL",
    "PrivacyKey",
    "Pseudonyms",
    "call_account",
    "find_key",
    "hold_to_privacy",
    "make_key",
    "read_again",
    "read_pseudonyms",
    "settle_privacy",
    "with_name",
    "without_names",
    "without_paths",
]
