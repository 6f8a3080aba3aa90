"""What a shortlist is, in words: its heading, its formula, its filters, what it leaves out."""

from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.segments.choice import Decisions, Wanted
from tiktok_segments.segments.choice.decisions import handles
from tiktok_segments.segments.choice.exclusions import Exclusions
from tiktok_segments.segments.choice.listing import Listing
from tiktok_segments.segments.choice.wanted import FORMULAS
from tiktok_segments.segments.expected_engagement import FORMULA

HEADINGS = {
    "balanced": message("Shortlist for reach and engagement"),
    "reach": message("Shortlist for reach"),
    "engagement": message("Shortlist for engagement"),
}
"""Of a list for a goal."""

FILTERS = {
    "segment": message("segment {value}"),
    "tier": message("tier {value}"),
    "region": message("region {value}"),
    "language": message("language {value}"),
}
"""Columns of which an account must have a value."""


def describe_order(wanted: Wanted, language: Language = ENGLISH) -> str:
    """Say what a list is in order of.

    Examples
    --------
    >>> describe_order(Wanted(like="@maya"))
    'score = 1 / (1 + distance to @maya in the scaled measures that made the segments)'
    """
    if wanted.like is None:
        return language.say(FORMULAS[wanted.goal])
    return language.say(
        "score = 1 / (1 + distance to @{name} in the scaled measures that made the segments)",
        name=wanted.like.removeprefix("@"),
    )


def name_list(wanted: Wanted, language: Language = ENGLISH) -> str:
    """Name a list after what it is for, as its heading.

    Examples
    --------
    >>> name_list(Wanted(goal="balanced")), name_list(Wanted(like="@maya"))
    ('Shortlist for reach and engagement', 'Accounts like @maya')
    """
    if wanted.like is not None:
        return language.say("Accounts like @{name}", name=wanted.like.removeprefix("@"))
    return language.say(HEADINGS[wanted.goal])


def describe_wanted(wanted: Wanted, language: Language = ENGLISH) -> list[str]:
    """Say how a shortlist was made: the formula, the turns, the filters, what it leaves out.

    Examples
    --------
    >>> describe_wanted(Wanted(goal="reach", min_followers=10_000))[1]
    'Filters: followers from 10,000.'
    """
    say = language.say
    filters = ", ".join(_describe_filters(wanted, language)) or say("none")
    sentences = [
        f"{describe_order(wanted, language)}.",
        say("Filters: {filters}.", filters=filters),
        say("Engagement for size: {formula}.", formula=say(FORMULA)),
        say(
            "Interactions per video: followers times engagement rate, likes and comments together."
        ),
        say("No price, no audience and no return is in this data, so none is in this list."),
    ]
    if wanted.diverse:
        turns = say("The segments take turns: everyone's best, then everyone's second.")
        sentences.insert(1, turns)
    return sentences


def _describe_filters(wanted: Wanted, language: Language) -> list[str]:
    say = language.say
    filters = [say(FILTERS[name], value=value) for name, value in wanted.equal.items()]
    if wanted.verified is not None:
        filters.append(say("verified") if wanted.verified else say("not verified"))
    if wanted.min_followers is not None:
        number = language.grouped(wanted.min_followers)
        filters.append(say("followers from {number}", number=number))
    if wanted.max_followers is not None:
        number = language.grouped(wanted.max_followers)
        filters.append(say("followers to {number}", number=number))
    if wanted.marked == "leave_out":
        filters.append(say("no warning"))
    if wanted.min_videos is not None:
        number = language.grouped(wanted.min_videos)
        filters.append(say("videos from {number}", number=number))
    return filters


def describe_listing(
    listing: Listing,
    n_accounts: int,
    decisions: Decisions | None = None,
    exclusions: Exclusions | None = None,
    language: Language = ENGLISH,
) -> list[str]:
    """Say what a list made of somebody's decisions, whom it left out, and what was looked at.

    Parameters
    ----------
    listing : Listing
        The list.
    n_accounts : int
        Accounts that there are.
    decisions : Decisions, optional
        That it was made with.
    exclusions : Exclusions, optional
        Who was left out.
    language : Language
        Of the sentences.

    Returns
    -------
    list of str
        Sentences; none where there is nothing to say.
    """
    sentences = []
    if decisions is not None:
        kept = int((listing.table["decision"] == "yes").sum())
        refused = int((decisions.table["decision"] == "no").sum())
        sentences.append(
            language.say(
                "Decisions of {source}: {kept} yes, which are kept and come first; {refused} no, "
                "which are left out.",
                source=decisions.source,
                kept=kept,
                refused=refused,
            )
        )
        if absent := _absent(listing, decisions):
            sentences.append(
                language.say_count(
                    "{number} account with a yes is not in the list: it is not among these "
                    "accounts, or exclude leaves it out ({name}).",
                    "{number} accounts with a yes are not in the list: they are not among these "
                    "accounts, or exclude leaves them out ({name} is one).",
                    len(absent),
                    name=absent[0],
                )
            )
    if exclusions is not None:
        number = language.grouped(listing.excluded)
        sentences.append(language.say("Accounts left out by exclude: {number}.", number=number))
        unknown = len(exclusions.handles) - listing.excluded
        if unknown > 0 and not exclusions.brands:  # who is left out for a brand is not named
            number = language.grouped(unknown)
            sentences.append(
                language.say(
                    "Accounts that exclude names and that are not among these: {number}.",
                    number=number,
                )
            )
    if listing.sampled:
        sentences.append(
            language.say(
                "All {all} accounts were looked at; a score's shares, and what is usual for a "
                "size, are of {drawn} drawn of them.",
                all=language.grouped(n_accounts),
                drawn=language.grouped(listing.sampled),
            )
        )
    return sentences


def _absent(listing: Listing, decisions: Decisions) -> list[str]:
    """Return the accounts with a yes that are not in a list, where every other one is."""
    named = decisions.table.loc[decisions.table["decision"] == "yes", "account_id"].astype("str")
    return named[~handles(named).isin(handles(listing.table["account_id"]))].to_list()
