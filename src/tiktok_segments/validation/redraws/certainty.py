"""Certainty of a verdict: in how many redraws of the accounts the same rule finds the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tiktok_segments.language import Language, message
from tiktok_segments.validation.conditions import Thresholds, separated_k
from tiktok_segments.validation.results import REDRAWS
from tiktok_segments.validation.spaces import Choice, Spaces
from tiktok_segments.validation.structure_rule import choose_by_structure

CLOSE_BELOW = 0.8
"""A verdict that comes back in a smaller share of the redraws is a close call."""

CAME_BACK = message(
    "Half of the accounts, drawn at random and segmented anew, gave the same answer in {returns} "
    "of {redraws} tries."
)
CLOSE = message("That is a close call: other accounts like these may give another answer.")


def choose_surely(
    spaces: Spaces, thresholds: Thresholds, partition_space: tuple[str, str]
) -> Choice:
    """Choose by the structure rule, and say how sure the choice is.

    Parameters
    ----------
    spaces : mapping of Space to sequence of candidate
        As for :func:`~tiktok_segments.validation.structure_rule.choose_by_structure`, with their
        figures on each redraw, where they have any.
    thresholds : Thresholds
        The rule's bounds.
    partition_space : tuple of (features, scaler)
        Where a continuum is partitioned.

    Returns
    -------
    Choice
        With its certainty, which the reason tells, too.
    """
    choice = choose_by_structure(spaces, thresholds, partition_space)
    certainty = count_returns(spaces, choice, thresholds, partition_space)
    reason = " ".join(filter(None, [choice.reason, certainty.in_words()]))
    return replace(choice, reason=reason, certainty=certainty.share)


@dataclass(frozen=True)
class Certainty:
    """How often verdict and number of segments came back.

    Attributes
    ----------
    returns, redraws : int
        In how many of how many redraws.
    """

    returns: int
    redraws: int

    @property
    def share(self) -> float:
        """Share of the redraws, nan without any."""
        return self.returns / self.redraws if self.redraws else float("nan")

    def in_words(self) -> str:
        """Say it in a sentence or two; nothing where nothing was redrawn.

        Examples
        --------
        >>> Certainty(19, 20).in_words()
        'The same verdict and number came back in 19 of 20 redraws of half of the accounts.'
        """
        if not self.redraws:
            return ""
        words = (
            f"The same verdict and number came back in {self.returns} of {self.redraws} redraws of "
            "half of the accounts."
        )
        if self.share < CLOSE_BELOW:
            words += (
                " That is a close call: on other accounts like these it may come out otherwise."
            )
        return words

    def tell(self, language: Language) -> str:
        """Say it to readers of a page; nothing where nothing was redrawn.

        Examples
        --------
        >>> from tiktok_segments.language import ENGLISH
        >>> Certainty(20, 20).tell(ENGLISH)[-39:]
        'gave the same answer in 20 of 20 tries.'
        """
        if not self.redraws:
            return ""
        words = language.say(CAME_BACK, returns=self.returns, redraws=self.redraws)
        return f"{words} {language.say(CLOSE)}" if self.share < CLOSE_BELOW else words


def count_returns(
    spaces: Spaces, choice: Choice, thresholds: Thresholds, partition_space: tuple[str, str]
) -> Certainty:
    """Let the structure rule choose again on every redraw, and count where it chooses the same.

    Parameters
    ----------
    spaces : mapping of Space to sequence of candidate
        Candidates with their figures on each redraw, where they have any.
    choice : Choice
        What the rule made of all accounts.
    thresholds : Thresholds
        The rule's bounds.
    partition_space : tuple of (features, scaler)
        Where a continuum is partitioned.

    Returns
    -------
    Certainty
        Verdict and k are compared; of ``none`` the verdict, as its k is only the nearest. Redraws
        that not all examined candidates have are left out.
    """
    redrawn = [run[REDRAWS] for runs in spaces.values() for run in runs if _has_redraws(run)]
    n_redraws = min((len(figures["valley"]) for figures in redrawn), default=0)
    returns = 0
    for number in range(n_redraws):
        again = {space: [_redraw(run, number) for run in runs] for space, runs in spaces.items()}
        found = choose_by_structure(again, thresholds, partition_space)
        same_k = choice.verdict == "none" or found.best["k"] == choice.best["k"]
        returns += found.verdict == choice.verdict and same_k
    return Certainty(returns, n_redraws)


def share_of_k(rows: Sequence[Mapping[str, Any]], thresholds: Thresholds) -> float:
    """Return the share of the redraws of one space in which it has the same number of groups.

    Parameters
    ----------
    rows : sequence of mapping
        One for each k, with ``redraws``.
    thresholds : Thresholds
        The rule's bounds.

    Returns
    -------
    float
        nan where nothing was redrawn.
    """
    n_redraws = min((len(row[REDRAWS]["valley"]) for row in rows if _has_redraws(row)), default=0)
    if not n_redraws:
        return float("nan")
    k = separated_k(rows, thresholds)
    again = [
        separated_k([_redraw(row, number) for row in rows], thresholds)
        for number in range(n_redraws)
    ]
    return sum(found == k for found in again) / n_redraws


def _has_redraws(run: Mapping[str, Any]) -> bool:
    return isinstance(run.get(REDRAWS), Mapping)


def _redraw(run: Mapping[str, Any], number: int) -> Mapping[str, Any]:
    """Return a candidate with the figures of a redraw."""
    if not _has_redraws(run):
        return run
    return {**run, **{name: figures[number] for name, figures in run[REDRAWS].items()}}
