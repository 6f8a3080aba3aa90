"""What a shortlist is asked for: goal, number and filters, read off a configuration."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tiktok_segments.errors import InputError
from tiktok_segments.language import message
from tiktok_segments.spreadsheet import read_table_format

WEIGHTS = {"reach": 1.0, "balanced": 0.5, "engagement": 0.0}
"""How much followers count in each goal; engagement counts for the rest."""

FORMULAS = {
    "reach": message("score = share of all accounts with at most its followers"),
    "engagement": message("score = share of all accounts with at most its engagement for its size"),
    "balanced": message(
        "score = square root of (share of all accounts with at most its followers × share with at "
        "most its engagement for its size)"
    ),
}
"""The ranking of each goal in words; all shares are of the accounts before any filter."""


@dataclass(frozen=True)
class Wanted:
    """What a shortlist is asked for.

    Attributes
    ----------
    goal : {"reach", "engagement", "balanced"}
        What ranks the accounts.
    n : int
        How many accounts, at most.
    diverse : bool
        Whether the segments take turns.
    equal : dict of str to str
        Column to the value it must have: ``segment``, ``tier``, ``region``, ``language``.
    verified : bool or None
        Whether accounts must (or must not) be verified; None takes both.
    min_followers, max_followers : float or None
        Bounds on followers, both included.
    min_videos : float or None
        Fewest videos: a rate over few of them says little.
    like : str or None
        Handle of an account; what is nearest to it comes first, in place of the goal.
    marked : {"keep", "leave_out"}
        What happens to accounts with a signal.
    """

    goal: str = "balanced"
    n: int = 20
    diverse: bool = False
    equal: dict[str, str] = field(default_factory=dict)
    verified: bool | None = None
    min_followers: float | None = None
    max_followers: float | None = None
    min_videos: float | None = None
    like: str | None = None
    marked: str = "keep"


def read_wanted(config: Mapping[str, Any]) -> Wanted:
    """Read what a shortlist is asked for off a configuration.

    Parameters
    ----------
    config : mapping
        As ``conf/shortlist.yaml`` lays it out.

    Returns
    -------
    Wanted
        The same, checked.

    Raises
    ------
    InputError
        If a setting has a value that it cannot have.
    """
    if config["goal"] not in WEIGHTS:
        raise InputError(f"goal is {config['goal']!r}; valid are {', '.join(WEIGHTS)}.")
    if isinstance(config["n"], bool) or not isinstance(config["n"], int) or config["n"] < 1:
        raise InputError(f"n is {config['n']}; it must be a whole number from 1 up.")
    for name, value in (("diverse", config["diverse"]), ("verified", config["verified"])):
        if not isinstance(value, bool | None) or (name == "diverse" and value is None):
            raise InputError(f"{name} is {value!r}; valid are true and false.")
    if config["marked"] not in ("keep", "leave_out"):
        raise InputError(f"marked is {config['marked']!r}; valid are keep and leave_out.")
    read_table_format(config["format"])
    bounds = {
        "followers.from": config["followers"]["from"],
        "followers.to": config["followers"]["to"],
        "min_videos": config["min_videos"],
    }
    for name, bound in bounds.items():
        if isinstance(bound, bool) or not isinstance(bound, int | float | None):
            raise InputError(f"{name} is {bound!r}; it must be a number.")
        if bound is not None and not bound >= 0:
            raise InputError(f"{name} is {bound}; it must be a number from 0 up.")
    least, most = bounds["followers.from"], bounds["followers.to"]
    if least is not None and most is not None and least > most:
        raise InputError(f"followers.from is {least}, which is above followers.to, {most}.")
    names = ("segment", "tier", "region", "language")
    return Wanted(
        goal=config["goal"],
        n=config["n"],
        diverse=config["diverse"],
        equal={name: str(config[name]) for name in names if config[name] is not None},
        verified=config["verified"],
        min_followers=bounds["followers.from"],
        max_followers=bounds["followers.to"],
        min_videos=bounds["min_videos"],
        like=None if config["like"] is None else str(config["like"]),
        marked=config["marked"],
    )
