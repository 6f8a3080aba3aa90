"""Evidence for a segment's name: the conditions of its rule in words, with the segment's values."""

from collections.abc import Mapping, Sequence

from tiktok_segments.errors import InputError
from tiktok_segments.schema import COLUMNS, NUMBERS
from tiktok_segments.wording import percent, short_number

FACTS = frozenset({"followers", "verified_share", *(f"p_{name}" for name in NUMBERS)})
"""What rules can speak of; a rule about a column that the data lacks does not hold."""

SLACK = 0.05
"""How far a share of all accounts may fall short of a rule before a name it gave is given up.

A name that changed with every small step over an edge would be none; this project's choice."""

Bounds = Sequence[float | None]
"""Smallest and largest value for which a condition holds, either of them None."""


def check_rule(name: str, conditions: Mapping[str, Bounds]) -> None:
    """Refuse a rule about what is not measured.

    Raises
    ------
    InputError
        Naming what can be asked.
    """
    if unknown := set(conditions) - FACTS:
        raise InputError(
            f"The naming rule {name!r} speaks of {', '.join(sorted(unknown))}; valid are "
            f"{', '.join(sorted(FACTS))}."
        )


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


def _holds(value: float, bounds: Bounds, slack: float) -> bool:
    smallest, largest = bounds
    return (smallest is None or value >= smallest - slack) and (
        largest is None or value <= largest + slack
    )


def tell_conditions(
    conditions: Mapping[str, Bounds], facts: Mapping[str, float], statistic: str
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
    told = [_tell(fact, facts[fact], bounds, statistic) for fact, bounds in conditions.items()]
    return " and ".join(told) or "no other name's conditions hold"


def _tell(fact: str, value: float, bounds: Bounds, statistic: str) -> str:
    smallest, largest = bounds
    if fact == "followers":
        number = short_number(value)
        many = (
            f"its accounts have {number} followers on average"
            if statistic == "mean"
            else f"half of its accounts have more than {number} followers"
        )
        return f"{many} (the name asks for {_tell_limits(smallest, largest)})"
    if fact == "verified_share":
        return f"{percent(value)} of its accounts are verified"
    more, fewer = _comparatives(fact.removeprefix("p_"))
    if smallest is None:
        return f"its typical account {fewer} than {percent(1 - value)} of all accounts"
    return f"its typical account {more} than {percent(value)} of all accounts"


def _comparatives(measure: str) -> tuple[str, str]:
    """Say what an account does that is above, or below, others in a measure."""
    if measure == "following":
        return "follows more accounts", "follows fewer accounts"
    noun = measure.replace("_", " ")
    if COLUMNS[measure].kind == "rate":
        return f"has a higher {noun}", f"has a lower {noun}"
    return f"has more {noun}", f"has fewer {noun}"


def _tell_limits(smallest: float | None, largest: float | None) -> str:
    if smallest is None:
        return f"{short_number(largest or 0)} or fewer"
    if largest is None:
        return f"{short_number(smallest)} or more"
    return f"{short_number(smallest)} to {short_number(largest)}"
