"""What stands in place of an account's handle, and what of an export is left out with it."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from tiktok_segments.accounts.privacy.keys import PrivacyKey
from tiktok_segments.export.values import Parsed

LEFT_OUT = ("platform_id", "nickname", "biography", "url")
"""Columns that say who an account is; they are not kept beside pseudonyms."""

LABEL = "export"
"""What an export is called whose file's name is not kept, unless it is given another label."""

LENGTH = 20
"""Letters of a pseudonym: 100 bits, so that not two in 10**9 accounts have one, all but surely."""

FORM = re.compile(rf"\bp_[a-z2-7]{{{LENGTH}}}\b")
"""What every pseudonym is like."""


def is_pseudonym(name: str) -> bool:
    """Say whether a name has the form of a pseudonym."""
    return FORM.fullmatch(name.strip().lstrip("@")) is not None


@dataclass(frozen=True)
class Pseudonyms:
    """Pseudonyms under a key: the same account has the same one, in every export.

    They are HMAC-SHA-256 [1]_ of the handle. Without the key nobody can tell whether a pseudonym is
    of a handle; with it, only by trying handles.

    Parameters
    ----------
    key : PrivacyKey
        The key.
    label : str
        What to call an export instead of its file's name.

    References
    ----------
    .. [1] Krawczyk, Bellare and Canetti (1997), "HMAC: Keyed-Hashing for Message Authentication",
       RFC 2104.

    Examples
    --------
    >>> Pseudonyms(PrivacyKey(bytes(32))).of(["maya", "@Maya ", "leo"])
    ['p_td3be52rvthcnhz5j5df', 'p_td3be52rvthcnhz5j5df', 'p_x3xjltgb4ceitejpfur2']
    """

    key: PrivacyKey
    label: str = LABEL

    def of(self, handles: Iterable[str]) -> list[str]:
        """Return the pseudonym of each handle, in whatever case; nothing for nothing."""
        return [self._of(handle.strip().lstrip("@").lower()) for handle in handles]

    def _of(self, handle: str) -> str:
        if not handle:
            return ""
        mac = hmac.digest(self.key.secret, handle.encode(), "sha256")
        return f"p_{base64.b32encode(mac).decode()[:LENGTH].lower()}"

    def name(self, file: str) -> str:
        """Return what to call a file of an export that may have several.

        Examples
        --------
        >>> Pseudonyms(PrivacyKey(bytes(32)), "june").name("maya.csv")
        'june-cbms'
        """
        return f"{self.label}-{self._of(file)[2:6]}"

    def hide(self, parsed: Parsed) -> Parsed:
        """Return what was read without what says whose it is.

        Parameters
        ----------
        parsed : Parsed
            Not changed.

        Returns
        -------
        Parsed
            Accounts under pseudonyms, without the columns :data:`LEFT_OUT`; rejected rows and wrong
            cells without what they held, which may be anything.
        """
        return replace(
            parsed,
            frame=self.hide_accounts(parsed.frame),
            rejected=parsed.rejected.assign(
                account=self._series(parsed.rejected["account"]),
                value=pd.Series("", index=parsed.rejected.index, dtype="str"),
            ),
            faults=tuple(replace(fault, value="") for fault in parsed.faults),
        )

    def hide_accounts(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return accounts under pseudonyms, without the columns :data:`LEFT_OUT`."""
        kept = frame.drop(columns=[name for name in LEFT_OUT if name in frame])
        return kept.assign(account_id=self._series(frame["account_id"]))

    def _series(self, handles: pd.Series) -> pd.Series:
        return pd.Series(self.of(handles.fillna("")), index=handles.index, dtype="str")

    def in_words(self, sentences: Sequence[str], names: Iterable[object]) -> tuple[str, ...]:
        """Return sentences with the label in place of an export's names, the longest first.

        Examples
        --------
        >>> Pseudonyms(PrivacyKey(bytes(32))).in_words(["/a/maya.csv: 3 rows"], ["/a/maya.csv"])
        ('export: 3 rows',)
        """
        told = list(sentences)
        for name in sorted({str(name) for name in names if str(name)}, key=len, reverse=True):
            told = [sentence.replace(name, self.label) for sentence in told]
        return tuple(told)
