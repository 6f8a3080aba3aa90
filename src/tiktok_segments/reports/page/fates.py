"""What became of an export's rows, in words: rules of reading and cleaning, said to a reader."""

import re

from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.segments.effects import plain_name

FATES = (
    message("input"),
    message("kept"),
    message("outliers left out"),
    message("accounts used"),
    message("filtered: followers below {number}"),
    message("filtered: region not {values}"),
    message("filtered: language not {values}"),
    message("filtered: not verified"),
    message("rejected: unreadable {column}"),
    message("rejected: ambiguous {column}"),
    message("rejected: infinite {column}"),
    message("rejected: negative {column}"),
    message("rejected: fractional {column}"),
    message("rejected: too large {column}"),
    message("rejected: only a bound of {column}"),
    message("rejected: missing {column}"),
    message("rejected: wrong number of fields"),
    message("rejected: not a record"),
    message("rejected: broken JSON"),
    message("rejected: repeated video"),
    message("rejected: identical duplicate"),
    message("rejected: older duplicate"),
    message("rejected: contradictory duplicate"),
    message("rejected: another platform"),
    message("rejected: forgotten"),
    message("rejected: total or average of the others"),
    message("rejected: title or note"),
)
"""The lines of a table of cleaning that there are."""


def word_fate(rule: str, language: Language = ENGLISH) -> str:
    """Say what became of some rows.

    Parameters
    ----------
    rule : str
        As the table of cleaning names it.
    language : Language
        Of the words.

    Returns
    -------
    str
        The same in words; a rule that is not known stays as it is.

    Examples
    --------
    >>> word_fate("rejected: missing like_rate"), word_fate("filtered: followers below 1,000")
    ('rejected: missing like rate', 'filtered: followers below 1,000')
    """
    for text in FATES:
        found = re.fullmatch(re.sub(r"\{(\w+)\}", r"(?P<\1>.+)", text), rule)
        if found is None:
            continue
        values = found.groupdict()
        if "column" in values:
            values["column"] = plain_name(values["column"], language)
        if "number" in values:
            values["number"] = language.grouped(float(values["number"].replace(",", "")))
        return language.say(text, **values)
    return rule
