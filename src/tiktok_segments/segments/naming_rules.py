"""Naming rules: read from a file, and found to be sound before they name anything."""

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from tiktok_segments.defaults import default_file
from tiktok_segments.errors import InputError, reason
from tiktok_segments.schema import NUMBERS

FACTS = ("followers", "verified_share", *(f"p_{name}" for name in NUMBERS))
"""What rules can speak of; a rule about a column that the data lacks does not hold."""

STATISTICS = ("median", "mean")
"""What a segment's ``followers`` can be of its accounts'."""


def check_naming(naming: Mapping[str, Any]) -> None:
    """Refuse naming rules that cannot be used, whatever the data.

    Parameters
    ----------
    naming : mapping
        As :func:`~tiktok_segments.segments.naming.name_segments` takes it.

    Raises
    ------
    InputError
        Naming each fault and what is valid, a line for each, three at the most.

    Examples
    --------
    >>> rules = [{"name": "Stars", "when": {}}]
    >>> check_naming({"follower_statistic": "mean", "tiers": {"Nano": "0"}, "rules": rules})
    Traceback (most recent call last):
    ...
    tiktok_segments.errors.InputError: naming.tiers.Nano is '0'; it must be a number of followers.
    """
    if faults := list(naming_faults(naming)):
        raise InputError("\n".join(faults[:3]))


def naming_faults(naming: Mapping[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing in naming rules that cannot be used, whatever the data.

    Parameters
    ----------
    naming : mapping
        As :func:`~tiktok_segments.segments.naming.name_segments` takes it.
    """
    if (statistic := naming.get("follower_statistic")) not in STATISTICS:
        yield unknown_statistic(statistic)
    share = naming.get("tier_share", 0)
    if not _is_number(share) or not 0 <= share <= 1:
        yield f"naming.tier_share is {share!r}; it must be a share from 0 to 1."
    yield from _tier_faults(naming.get("tiers"))
    rules = naming.get("rules")
    if not isinstance(rules, (list, tuple)) or not rules:
        yield "naming.rules must be a list of rules; conf/naming/median.yaml has an example."
        return
    for rule in rules:
        yield from rule_faults(rule)


def unknown_statistic(statistic: object) -> str:
    """Say that a follower statistic is none of :data:`STATISTICS`."""
    return f"naming.follower_statistic is {statistic!r}; valid are 'median' and 'mean'."


def _tier_faults(tiers: Any) -> Iterator[str]:
    if not isinstance(tiers, Mapping) or not tiers:
        yield "naming.tiers must name each tier with its smallest number of followers."
        return
    for name, smallest in tiers.items():
        if not _is_number(smallest):
            yield f"naming.tiers.{name} is {smallest!r}; it must be a number of followers."
            return
    if list(tiers.values()) != sorted(set(tiers.values())):
        told = ", ".join(f"{name} {smallest:,.0f}" for name, smallest in tiers.items())
        yield f"naming.tiers must rise from each tier to the next; they are {told}."


def rule_faults(rule: Any) -> Iterator[str]:
    """Yield a sentence for each thing in one rule that cannot be used.

    Parameters
    ----------
    rule : object
        A mapping of ``name`` and ``when`` where it is sound.

    Examples
    --------
    >>> next(rule_faults({"name": "Stars", "when": {"followers": 5000}}))
    "The naming rule 'Stars' asks for followers 5000; give [smallest, largest], null where open."
    >>> next(rule_faults({"name": "{size} Stars", "when": {}}))
    "The naming rule '{size} Stars' has {size}; only {tier} is filled in."
    >>> next(rule_faults({"name": "Stars", "when": {"p_like": [0.5, None]}}))
    "The naming rule 'Stars' speaks of p_like, which is not measured; did you mean p_likes?"
    """
    if not isinstance(rule, Mapping) or not isinstance(rule.get("name"), str):
        yield f"The naming rule {rule!r} has no name; write name: and when: for each rule."
        return
    told, conditions = f"The naming rule {rule['name']!r}", rule.get("when")
    try:
        fields = [field for _, field, *_ in Formatter().parse(rule["name"]) if field is not None]
    except ValueError:
        yield f"{told} has a brace that is left open; only {{tier}} is filled in."
    else:
        if other := [field for field in fields if field != "tier"]:
            yield f"{told} has {{{other[0]}}}; only {{tier}} is filled in."
    if not isinstance(conditions, Mapping):
        yield f"{told} has no when:; write when: {{}} for a rule that always holds."
        return
    for fact, bounds in conditions.items():
        if fact not in FACTS:
            near = difflib.get_close_matches(str(fact), FACTS, n=1)
            hint = f"did you mean {near[0]}?" if near else f"valid are {', '.join(sorted(FACTS))}."
            yield f"{told} speaks of {fact}, which is not measured; {hint}"
        elif not _are_bounds(bounds):
            yield f"{told} asks for {fact} {bounds}; give [smallest, largest], null where open."


def _are_bounds(bounds: Any) -> bool:
    if not isinstance(bounds, (list, tuple)) or len(bounds) != 2:
        return False
    given = [bound for bound in bounds if bound is not None]
    return all(map(_is_number, given)) and given == sorted(given)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def load_naming(path: str | Path | None = None) -> dict[str, Any]:
    """Load naming rules for :func:`~tiktok_segments.segments.naming.name_segments`.

    Parameters
    ----------
    path : str or Path, optional
        A whole file of rules in YAML; the project's ``conf/naming/median.yaml`` by default.

    Returns
    -------
    dict
        ``follower_statistic``, ``tiers`` and ``rules``.

    Raises
    ------
    InputError
        If the file cannot be read, lacks one of the three, or has a rule that cannot be used.

    Examples
    --------
    >>> load_naming()["rules"][0]
    {'name': 'Celebrity Accounts', 'when': {'followers': [5000000, None]}}
    """
    file = Path(path).expanduser() if path else default_file("naming/median.yaml")
    try:
        rules = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InputError(f"The naming rules {file} cannot be read: {reason(error)}.") from None
    needed = ("follower_statistic", "tiers", "rules")
    if not isinstance(rules, dict) or (lacking := [name for name in needed if name not in rules]):
        lack = ", ".join(lacking if isinstance(rules, dict) else needed)
        raise InputError(f"The naming rules {file} lack {lack}; see conf/naming/median.yaml.")
    check_naming(rules)
    return rules
