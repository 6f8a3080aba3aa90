"""An account's name in texts: where it stands for the account, and the text without it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

GONE = "forgotten"
"""What takes the place of the name."""

_LETTER = r"[\w.]"
_SHORTEST = 5


@dataclass(frozen=True)
class Name:
    """The handle of an account, as texts may have it.

    Where it could be a word (``nature``), it counts only behind ``@``, as a cell that is quoted,
    and alone in an element or an attribute of a page; where it could not (``maya_b2``), wherever it
    stands.

    Parameters
    ----------
    handle : str
        Without ``@``, in small letters.

    Examples
    --------
    >>> Name("maya_b2").erase("with Maya_B2, and @maya_b22")
    'with forgotten, and @maya_b22'
    >>> Name("nature").erase("nature by @nature ('nature')")
    "nature by @forgotten ('forgotten')"
    """

    handle: str

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        word = re.escape(self.handle)
        if len(self.handle) >= _SHORTEST and not self.handle.isalpha():
            return re.compile(rf"(?<!{_LETTER}){word}(?!\w|\.\w)", re.IGNORECASE)
        behind = rf"(?<=@){word}(?!\w|\.\w)"
        quoted = rf"(?<=\('){word}(?='\))|(?<=>){word}(?=<)"
        attribute = rf"(?<==\"){word}(?=\")"
        return re.compile(f"{behind}|{quoted}|{attribute}", re.IGNORECASE)

    def is_in(self, text: str) -> bool:
        """Say whether the account is named."""
        return self.handle in text.lower() and self._pattern.search(text) is not None

    def is_it(self, cell: object) -> bool:
        """Say whether a cell is the account's name, with or without ``@`` and a guard."""
        plain = cell.strip().lstrip("'@").lower() if isinstance(cell, str) else ""
        return plain == self.handle

    def erase(self, text: str) -> str:
        """Return a text that does not name it."""
        return self._pattern.sub(GONE, text)
