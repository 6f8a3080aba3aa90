"""The first rows of an export in canonical columns, to settle by them what they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from tiktok_segments.cells.numbers import Numbers, read_numbers
from tiktok_segments.cells.problems import FRACTIONAL, TOO_LARGE
from tiktok_segments.cells.spelling import Spelling
from tiktok_segments.cells.texts import is_text, read_accounts
from tiktok_segments.containers.records import Records
from tiktok_segments.export.matching import NAMING, Matching
from tiktok_segments.export.values import Cells
from tiktok_segments.schema import NUMERIC_KINDS, READABLE, Column

SLIPS = 3
"""Counts with fractions from which on they are no slips."""

_OWN_UNIT = r"[^\p{Nd}\s.,'’٫٬+\-−eE]"
"""What a number with a sign of its own unit holds: %, K, 万."""

Spell = Callable[[Cells, Matching], Spelling]
"""Says how the cells of a matching are spelled."""


class FirstLook:
    """The first rows in canonical columns, as a matching has them."""

    def __init__(
        self,
        head: Records,
        matching: Matching,
        spell: Spell,
        file: str,
    ) -> None:
        cells = Cells.of(head, matching, file)
        spelling = spell(cells, matching)

        def read(name: str, column: Column) -> Numbers:
            return read_numbers(
                cells.ready[name],
                column,
                factor=matching.factor(name),
                spelling=spelling.numbers[name],
            )

        self.cells = cells
        self.positions = {name: claim[0] for name, claim in matching.positions.items()}
        self.numbers: dict[str, Numbers] = {
            name: read(name, READABLE[name])
            for name in cells.given
            if READABLE[name].kind in NUMERIC_KINDS
        }
        self.frame = pd.DataFrame({name: one.values for name, one in self.numbers.items()})
        for name, share in self.fractional().items():
            if share or np.sum(self.numbers[name].problems == TOO_LARGE) >= SLIPS:
                # What is not whole, or too large, is no count, and still shows what the unit is.
                number = replace(READABLE[name], kind="number", maximum=None)
                self.frame[name] = read(name, number).values
        account = next((cells.given[name] for name in NAMING if name in cells.given), None)
        self.accounts = (
            pd.Series(dtype="str")
            if account is None
            else read_accounts(account, guarded=head.guarded)[0]
        )

    def fractional(self) -> dict[str, float]:
        """Return the share of a count's values that are not whole; 0 where they may be slips."""
        shares = {}
        for name, one in self.numbers.items():
            given = ~np.isnan(one.values) | (one.problems == FRACTIONAL)
            parts = int(np.sum(one.problems == FRACTIONAL))
            shares[name] = parts / int(given.sum()) if parts >= SLIPS else 0.0
        return shares

    def says_its_unit(self, name: str) -> bool:
        """Say whether most cells of a column carry a sign of their unit."""
        given, signed = self._signs(name)
        return bool(signed.sum() > 0.5 * given.sum())

    def without_sign(self, name: str) -> np.ndarray:
        """Return in which rows a rate has no sign of its unit, where other rows have one."""
        given, signed = self._signs(name)
        plain = given & ~signed & (self.frame[name] != 0).to_numpy()
        is_rate = READABLE[name].kind == "rate"
        return plain if is_rate and signed.any() else np.zeros_like(plain)

    def _signs(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """Return in which rows there is a number, and in which one with a sign of its unit."""
        cells = self.cells.given[name]
        none = np.zeros(len(cells), dtype=bool)
        if not is_text(cells.type):
            return none, none
        folded = pc.utf8_normalize(cells, "NFKC")
        given = pc.match_substring_regex(folded, r"\p{Nd}").fill_null(False).to_numpy()
        signed = pc.match_substring_regex(folded, _OWN_UNIT).fill_null(False).to_numpy()
        return given, given & signed
