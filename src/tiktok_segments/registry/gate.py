"""The gate: conditions that a challenger must meet to become the champion."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from tiktok_segments.validation.results import PROPOSED, RANDOM, RARE_START
from tiktok_segments.wording import beside, counted

LOWER_IT = {
    PROPOSED: "small groups were searched for and found; a lower promotion.smallest_share lets one "
    "be a segment of the champion",
    RARE_START: "rare groups were searched for and found; a lower promotion.smallest_share lets "
    "one be a segment of the champion",
}
"""Said of a segment that is too small, by where k-means started: the examination asks less there
than the gate does."""


@dataclass(frozen=True)
class Check:
    """One condition of the gate, as it came out.

    Attributes
    ----------
    name : str
        Short, for tables.
    passed : bool
        Whether it holds.
    value : str
        What was found, in words.
    threshold : str
        What was asked for, in words.
    forceable : bool
        Whether ``force=true`` may set a failure of it aside.
    """

    name: str
    passed: bool
    value: str
    threshold: str
    forceable: bool = True


@dataclass(frozen=True)
class GateFacts:
    """What the gate judges: figures of the challenger, and of the champion on the same accounts.

    Attributes
    ----------
    predicts : bool
        Whether the stored model loads and answers as the run's clusters do.
    verdict : str
        ``separated``, ``continuum`` or ``none``.
    jaccards, shares : mapping of str to float
        By segment: overlap with itself on resampled accounts; share of the accounts.
    names : sequence of str
        Names of the segments.
    synthetic : bool
        Whether the challenger was fitted on synthetic accounts.
    init : str
        Where its k-means started: ``k-means++``, ``proposed`` or ``rare``.
    gone : int
        Accounts that it was fitted on and that are not there any more, as those forgotten since.
    champion : str or None
        Version of the champion; None where there is none.
    champion_synthetic : bool
        Whether it was fitted on synthetic accounts.
    agreement : float or None
        Adjusted Rand index of the two on the challenger's accounts; None where the champion
        cannot assign them.
    accounts : tuple of two ints or None
        Of challenger and champion; None where the one is not to have as many as the other.
    scores : tuple of two floats or None
        Smallest Jaccard of challenger and champion, both on the challenger's accounts with the
        same resamples; None where they are not of one space.
    """

    predicts: bool
    verdict: str
    jaccards: Mapping[str, float]
    shares: Mapping[str, float]
    names: Sequence[str]
    synthetic: bool
    init: str = RANDOM
    gone: int = 0
    champion: str | None = None
    champion_synthetic: bool = False
    agreement: float | None = None
    accounts: tuple[int, int] | None = None
    scores: tuple[float, float] | None = None


@dataclass(frozen=True)
class GateDecision:
    """Every condition of the gate and what follows.

    Attributes
    ----------
    checks : tuple of Check
        In the order in which they are shown.
    """

    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether every condition holds."""
        return all(check.passed for check in self.checks)

    @property
    def forceable(self) -> bool:
        """Whether no condition failed that cannot be set aside."""
        return all(check.passed or check.forceable for check in self.checks)

    @property
    def failed(self) -> list[str]:
        """Names of the conditions that do not hold."""
        return [check.name for check in self.checks if not check.passed]

    def as_rows(self) -> list[dict[str, Any]]:
        """Return the conditions as plain data."""
        return [asdict(check) for check in self.checks]


def judge(facts: GateFacts, promotion: Mapping[str, Any]) -> GateDecision:
    """Judge a challenger by every condition.

    Parameters
    ----------
    facts : GateFacts
        What was found. A figure that is nan was not measured, and fails its condition.
    promotion : mapping
        Thresholds, as in ``conf/promotion``.

    Returns
    -------
    GateDecision
        Each condition with its value and threshold.

    Examples
    --------
    >>> facts = GateFacts(True, "none", {"Small": 0.9}, {"Small": 1.0}, ["Small"], synthetic=False)
    >>> judge(facts, {"verdicts": ["separated"], "jaccard": 0.75, "smallest_share": 0.01,
    ...               "agreement": 0.0, "tolerance": 0.1}).failed
    ['verdict']
    """
    return GateDecision(
        (
            Check(
                "model",
                facts.predicts,
                "loads and predicts" if facts.predicts else _unlike(facts),
                "loads and predicts as the run did",
            ),
            Check(
                "verdict",
                facts.verdict in promotion["verdicts"],
                facts.verdict,
                " or ".join(promotion["verdicts"]),
            ),
            _every("stability", facts.jaccards, promotion["jaccard"], "overlap"),
            _size(facts, promotion["smallest_share"]),
            Check(
                "names",
                len(set(facts.names)) == len(facts.names),
                f"{len(set(facts.names))} different names of {len(facts.names)} segments",
                "all different",
            ),
            *_against_champion(facts, promotion),
        )
    )


def _unlike(facts: GateFacts) -> str:
    words = "answers unlike the run's clusters"
    if not facts.gone:
        return words
    return f"{words}: {counted(facts.gone, 'account')} of the run forgotten since; train again"


def _size(facts: GateFacts, bound: float) -> Check:
    """Ask every segment for its share; of one that was searched for say how it may be as small."""
    check = _every("size", facts.shares, bound, "share")
    if check.passed or facts.init not in LOWER_IT:
        return check
    return replace(check, threshold=f"{check.threshold} ({LOWER_IT[facts.init]})")


def _every(name: str, figures: Mapping[str, float], bound: float, word: str) -> Check:
    """Ask every segment for a figure, naming those that miss it."""
    missed = {
        segment: figure
        for segment, figure in figures.items()
        if not (np.isfinite(figure) and figure >= bound)
    }
    if missed:
        parts = (
            f"{segment}: {beside(figure, bound, 3)}"
            if np.isfinite(figure)
            else f"{segment}: not measurable"
            for segment, figure in missed.items()
        )
        value = "; ".join(parts)
    else:
        least = min(figures.values(), default=np.nan)
        value = f"smallest {beside(least, bound, 3)}" if figures else "not measured"
    return Check(
        name, bool(figures) and not missed, value, f"{word} of every segment at least {bound:g}"
    )


def _against_champion(facts: GateFacts, promotion: Mapping[str, Any]) -> list[Check]:
    if facts.champion is None:
        return [Check("champion", True, "there is none yet", "nothing to compare with")]
    least, version = promotion["agreement"], f"version {facts.champion}"
    agreement, accounts, scores = facts.agreement, facts.accounts, facts.scores
    return [
        Check(
            "real data",
            facts.champion_synthetic or not facts.synthetic,
            "synthetic" if facts.synthetic else "real",
            f"no synthetic data in place of real ({version}), not even by force",
            forceable=False,
        ),
        Check(
            "agreement",
            (agreement is None and least <= 0) or (agreement is not None and agreement >= least),
            f"{version} cannot assign these accounts"
            if agreement is None
            else beside(agreement, least, 3),
            f"adjusted Rand index with {version} on the same accounts at least {least:g}",
        ),
        Check(  # of a dozen accounts nearly any segments are stable
            "accounts",
            accounts is None or accounts[0] >= promotion["accounts"] * accounts[1],
            f"{accounts[0]:,}, {version} {accounts[1]:,}" if accounts else "not compared",
            f"at least {promotion['accounts']:g} of those that {version} was made of",
        ),
        Check(
            "not worse",
            scores is None or scores[0] >= scores[1] - promotion["tolerance"],
            "of another space, not comparable"
            if scores is None
            else f"smallest overlap {scores[0]:.3f}, {version} {scores[1]:.3f}",
            f"at most {promotion['tolerance']:g} below {version} in one space",
        ),
    ]
