"""An account's name in texts: where it stands for the account, and the text without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

GONE = "forgotten"
"""What takes the place of the name."""

SHOWN = (60, 300)
"""Letters of a handle that pages show, and that their data have; of a longer one the last is …."""

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
    >>> Name("a" * 70).is_in("by @" + "a" * 59 + "…")
    True
    """

    handle: str

    @cached_property
    def forms(self) -> tuple[str, ...]:
        """The handle, and as pages show it where it is longer than they have room for."""
        cuts = (cut for cut in SHOWN if len(self.handle) > cut)
        return (self.handle, *(f"{self.handle[: cut - 1]}…" for cut in cuts))

    def may_be_in(self, text: str) -> bool:
        """Say whether a text has the letters of the name anywhere."""
        lower = text.lower()
        return any(form in lower for form in self.forms)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        word = f"(?:{'|'.join(map(re.escape, self.forms))})"
        if len(self.handle) >= _SHORTEST and not self.handle.isalpha():
            return re.compile(rf"(?<!{_LETTER}){word}(?!\w|\.\w)", re.IGNORECASE)
        behind = rf"(?<=@){word}(?!\w|\.\w)"
        quoted = rf"(?<=\('){word}(?='\))|(?<=>){word}(?=<)"
        attribute = rf"(?<==\"){word}(?=\")"
        return re.compile(f"{behind}|{quoted}|{attribute}", re.IGNORECASE)

    def is_in(self, text: str) -> bool:
        """Say whether the account is named."""
        return self.may_be_in(text) and self._pattern.search(text) is not None

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        """Give where the account is named: first letter, and the one behind the last."""
        return (match.span() for match in self._pattern.finditer(text))

    def is_it(self, cell: object) -> bool:
        """Say whether a cell is the account's name, with or without ``@`` and a guard."""
        plain = cell.strip().lstrip("'@").lower() if isinstance(cell, str) else ""
        return plain in self.forms

    def erase(self, text: str) -> str:
        """Return a text that does not name it."""
        return self._pattern.sub(GONE, text)
