"""Evidence for a segment's name: the conditions of its rule in words, with the segment's values."""

from collections.abc import Mapping, Sequence
from typing import Any

from tiktok_segments.errors import InputError
from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.schema import COLUMNS
from tiktok_segments.segments.effects import plain_name
from tiktok_segments.segments.naming_rules import rule_faults

SLACK = 0.05
"""How far a share of all accounts may fall short of a rule before a name it gave is given up.

A name that changed with every small step over an edge would be none; this project's choice."""

Bounds = Sequence[float | None]
"""Smallest and largest value for which a condition holds, either of them None."""


def all_hold(
    conditions: Mapping[str, Bounds], facts: Mapping[str, float], slack: float = 0.0
) -> bool:
    """Say whether a segment's facts meet all conditions of a rule.

    Parameters
    ----------
    conditions : mapping of str to (smallest, largest)
        By fact.
    facts : mapping of str to float
        The segment's; a condition on one that is not there does not hold.
    slack : float, default 0
        How far a percentile (``p_x``) may lie outside its bounds: 0 to 1.

    Returns
    -------
    bool
        Whether each does.

    Examples
    --------
    >>> all_hold({"p_videos": [0.75, None]}, {"p_videos": 0.72})
    False
    >>> all_hold({"p_videos": [0.75, None]}, {"p_videos": 0.72}, slack=SLACK)
    True
    """
    return all(
        fact in facts and _holds(facts[fact], bounds, slack if fact.startswith("p_") else 0.0)
        for fact, bounds in conditions.items()
    )


def first_rule(facts: Mapping[str, float], rules: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the rule that names a segment.

    Parameters
    ----------
    facts : mapping of str to float
        What was measured of the segment.
    rules : sequence of mapping
        Of ``name`` and ``when``.

    Returns
    -------
    mapping
        The first of the rules whose conditions all hold.

    Raises
    ------
    InputError
        If a rule that is asked cannot be used, or none holds.

    Examples
    --------
    >>> stars = {"name": "Stars", "when": {"followers": [5_000_000, None]}}
    >>> first_rule({"followers": 20}, [stars, {"name": "Others", "when": {}}])["name"]
    'Others'
    """
    for rule in rules:
        # Of a run from before, rules that nothing reaches may have faults.
        if fault := next(rule_faults(rule), None):
            raise InputError(fault)
        if all_hold(rule["when"], facts):
            return rule
    raise InputError("No naming rule holds for a segment; let the last rule have no conditions.")


def _holds(value: float, bounds: Bounds, slack: float) -> bool:
    smallest, largest = bounds
    return (smallest is None or value >= smallest - slack) and (
        largest is None or value <= largest + slack
    )


def tell_conditions(
    conditions: Mapping[str, Bounds],
    facts: Mapping[str, float],
    statistic: str,
    language: Language = ENGLISH,
) -> str:
    """Say in words why a rule gives a segment its name.

    Parameters
    ----------
    conditions : mapping of str to (smallest, largest)
        Of the rule, by fact.
    facts : mapping of str to float
        The segment's.
    statistic : {"median", "mean"}
        What ``followers`` is of its accounts' followers.
    language : Language
        Of the words.

    Returns
    -------
    str
        A clause per condition.

    Examples
    --------
    >>> tell_conditions({"p_videos": [0.75, None]}, {"p_videos": 0.82}, "median")
    'its typical account has more videos than 82 % of all accounts'
    >>> tell_conditions({"followers": [5e6, None]}, {"followers": 13.3e6}, "median")
    'half of its accounts have more than 13.3M followers (the name asks for 5M or more)'
    """
    told = [
        _tell(fact, facts[fact], bounds, statistic, language) for fact, bounds in conditions.items()
    ]
    return language.say(" and ").join(told) or language.say("no other name's conditions hold")


def _tell(fact: str, value: float, bounds: Bounds, statistic: str, language: Language) -> str:
    smallest, largest = bounds
    if fact == "followers":
        half = message(
            "half of its accounts have more than {number} followers (the name asks for {limits})"
        )
        average = message(
            "its accounts have {number} followers on average (the name asks for {limits})"
        )
        text = average if statistic == "mean" else half
        return language.say(
            text,
            number=language.short(value),
            limits=_tell_limits(smallest, largest, language),
        )
    if fact == "verified_share":
        return language.say("{share} of its accounts are verified", share=language.percent(value))
    measure, below = fact.removeprefix("p_"), smallest is None
    return language.say(
        _comparison(measure, below),
        measure=plain_name(measure, language),
        share=language.percent(1 - value if below else value),
    )


def _comparison(measure: str, below: bool) -> str:
    """Return what is said of a typical account that is above, or below, others in a measure."""
    if measure == "following":
        more = message("its typical account follows more accounts than {share} of all accounts")
        less = message("its typical account follows fewer accounts than {share} of all accounts")
    elif COLUMNS[measure].kind == "rate":
        more = message(
            "its typical account's {measure} is higher than that of {share} of all accounts"
        )
        less = message(
            "its typical account's {measure} is lower than that of {share} of all accounts"
        )
    else:
        more = message("its typical account has more {measure} than {share} of all accounts")
        less = message("its typical account has fewer {measure} than {share} of all accounts")
    return less if below else more


def _tell_limits(smallest: float | None, largest: float | None, language: Language) -> str:
    if smallest is None:
        return language.say("{number} or fewer", number=language.short(largest or 0))
    if largest is None:
        return language.say("{number} or more", number=language.short(smallest))
    return language.say(
        "{first} to {last}", first=language.short(smallest), last=language.short(largest)
    )
