"""A language: sentences as its catalogue has them, numbers and days in the form of its readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from gettext import NullTranslations
from math import isnan


def message(text: str) -> str:
    """Mark a sentence for the catalogue that is said elsewhere; return it as it is."""
    return text


SUFFIXES = (
    (1e12, message("{number}T")),
    (1e9, message("{number}B")),
    (1e6, message("{number}M")),
    (1e3, message("{number}K")),
)

NOISE = 1e-12
"""Of a share: what is smaller comes of a computer's rounding, and is no account's."""


@dataclass(frozen=True, eq=False)
class Language:
    """A language, and how its readers write numbers.

    Attributes
    ----------
    code : str
        As HTML's ``lang`` has it.
    texts : NullTranslations
        Its sentences.
    scripts : mapping of str to sequence of str
        Those that the pages' scripts say, with one form, or those for one and for many.
    """

    code: str
    texts: NullTranslations
    scripts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def say(self, text: str, **values: object) -> str:
        """Say a sentence, with values in its places.

        Examples
        --------
        >>> ENGLISH.say("{name} is in", name="maya")
        'maya is in'
        """
        return self.texts.gettext(text).format(**values)

    def say_count(self, one: str, many: str, number: float, **values: object) -> str:
        """Say a sentence about a number, which stands in place of ``{number}``.

        Examples
        --------
        >>> ENGLISH.say_count("{number} account", "{number} accounts", 1200)
        '1,200 accounts'
        """
        text = self.texts.ngettext(one, many, round(number))
        return text.format(number=self.grouped(number), **values)

    @cached_property
    def _marks(self) -> dict[int, str]:
        """What stands for the marks of English numbers."""
        sample = self.say("1,234.5")
        return str.maketrans({",": sample[1], ".": sample[5]})

    def grouped(self, value: float, digits: int = 0) -> str:
        """Write a number in full, its thousands apart, with so many decimals.

        Examples
        --------
        >>> ENGLISH.grouped(1234.5, 1), ENGLISH.grouped(1234)
        ('1,234.5', '1,234')
        """
        return f"{value:,.{digits}f}".translate(self._marks)

    def significant(self, value: float, digits: int) -> str:
        """Write a number with so many significant digits.

        Examples
        --------
        >>> ENGLISH.significant(2.345, 2), ENGLISH.significant(2, 3)
        ('2.3', '2')
        >>> ENGLISH.significant(0.00001234, 2), ENGLISH.significant(123_456, 2)
        ('0.000012', '120,000')
        """
        text = f"{value:.{digits}g}"
        if "e" in text:  # a power of ten is for no reader of a page
            text = f"{Decimal(text):,f}"
        return text.translate(self._marks)

    def short(self, value: float) -> str:
        """Write a number as people do: 12.5M, 340K, 1.8; one that is missing is unknown.

        Examples
        --------
        >>> [ENGLISH.short(x) for x in (12_500_000, 340_000, 37.6, 0.5)]
        ['12.5M', '340K', '38', '0.5']
        """
        if isnan(value):
            return self.say("unknown")
        for limit, suffix in SUFFIXES:
            if abs(value) >= limit * 0.9995:
                return self.say(suffix, number=self.significant(value / limit, 3))
        # Of counts from ten on nobody asks for a part of one.
        return self.significant(value if abs(value) < 10 else round(value), 3)

    def percent(self, value: float) -> str:
        """Write a fraction as a percentage with three significant digits.

        Examples
        --------
        >>> ENGLISH.percent(0.0176), ENGLISH.percent(63.5), ENGLISH.percent(2.6e-16)
        ('1.76 %', '6,350 %', '0 %')
        """
        if isnan(value):
            return self.say("unknown")
        share = value * 100 if abs(value) >= NOISE else 0.0
        number = self.grouped(share) if abs(share) >= 100 else self.significant(share, 3)
        return self.say("{number} %", number=number)

    def whole_percent(self, value: float) -> str:
        """Write a fraction as a percentage without decimals; what is there is never nothing.

        Examples
        --------
        >>> [ENGLISH.whole_percent(share) for share in (0.4512, 0.003)]
        ['45 %', 'under 1 %']
        """
        if 0 < value < 0.005:
            return self.say("under {number} %", number=1)
        if 0.995 <= value < 1:
            return self.say("over {number} %", number=99)
        return self.say("{number} %", number=self.grouped(100 * value))

    def ratio(self, ratio: float) -> str:
        """Write a ratio to what is usual: two digits tell all that it knows.

        Examples
        --------
        >>> ENGLISH.ratio(2.345), ENGLISH.ratio(231.0)
        ('2.3 ×', '231 ×')
        """
        if isnan(ratio):
            return self.say("unknown")
        return f"{self.short(ratio) if ratio >= 99.5 else self.significant(ratio, 2)} ×"

    def points(self, share: float) -> str:
        """Write a difference of shares as points.

        Examples
        --------
        >>> ENGLISH.points(0.2), ENGLISH.points(0.025)
        ('20 points', '2.5 points')
        """
        return self.say("{number} points", number=self.significant(100 * share, 3))

    def signed(self, points: float) -> str:
        """Write a change with its sign, and none where it rounds to nothing.

        Examples
        --------
        >>> ENGLISH.signed(-3.21), ENGLISH.signed(-0.01), ENGLISH.signed(0.5)
        ('-3.2', '0.0', '+0.5')
        """
        text = "0.0" if abs(points) < 0.05 else f"{points:+.1f}"
        return text.translate(self._marks)

    def day(self, moment: str) -> str:
        """Write the day of a moment that is given as ISO 8601.

        Examples
        --------
        >>> ENGLISH.day("2026-11-29T17:00:00")
        '2026-11-29'
        """
        year, month, day = moment[:10].split("-")
        return self.say("{year}-{month}-{day}", year=year, month=month, day=day)


ENGLISH = Language("en", NullTranslations())
"""What stands in the code."""
