"""The verdict on the segments of one run, beside which no other number was tried."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tiktok_segments.language import message
from tiktok_segments.validation.conditions import Thresholds
from tiktok_segments.validation.results import INIT, LOGGED, RANDOM, REDRAWS
from tiktok_segments.validation.selection import Decision, select

VERDICTS: Mapping[str, tuple[str, str]] = {
    "separated": (
        message("These {k} segments are separate groups"),
        message(
            "Between them there are fewer accounts than inside them, and they come back when the "
            "accounts are redrawn. Whether another number does as well was not tried in this run."
        ),
    ),
    "continuum": (
        message("These {k} segments are a cut that comes back, not separate groups"),
        message(
            "Between some of them there are as many accounts as inside them, so the borders are "
            "drawn and not found. Whether another number finds separate groups was not tried in "
            "this run."
        ),
    ),
    "none": (
        message("These {k} segments cannot be relied on"),
        message(
            "They are not separate groups. Nor are they a cut to plan with: that comes back when "
            "the accounts are redrawn or halved, and has few segments and no tiny one. Take them "
            "as a description of these accounts only. Whether another number does better was not "
            "tried in this run."
        ),
    ),
}
"""What each verdict on one run means for a reader: a heading with ``{k}`` in it, and a text."""

UNFIT = (
    message("These {k} segments cannot be relied on"),
    message(
        "What they were made of does not suit this kind of grouping, whatever its figures: a "
        "measure may be the same for all accounts, a mere yes or no, lopsided, or say what another "
        "one says. Take other measures, or take what follows as a description of these accounts "
        "only."
    ),
)
"""What the verdict ``none`` means where the features are not fit for k-means."""


def judge_run(
    k: int,
    figures: Mapping[str, float],
    *,
    n_samples: int,
    unfit: str,
    init: str = RANDOM,
    redraws: Mapping[str, np.ndarray] | None = None,
    thresholds: Mapping[str, Any] | None = None,
) -> Decision:
    """Hold a run by itself against the conditions of the structure rule.

    Parameters
    ----------
    k : int
        Its number of segments.
    figures : mapping of str to float
        Its metrics, with the figures of the diagnostics as far as they were computed.
    n_samples : int
        Accounts that it was fitted on.
    unfit : str
        Why its features are not fit for k-means, empty where they are.
    init : str
        Where its k-means started: ``k-means++``, or ``proposed`` for small groups.
    redraws : mapping of str to ndarray of shape (n_redraws,), optional
        Its figures on halves of the accounts, for the certainty.
    thresholds : mapping of str to float, optional
        Bounds of the conditions; without them, as with another rule, the defaults of
        :class:`~tiktok_segments.validation.conditions.Thresholds`.

    Returns
    -------
    Decision
        Its ``verdict`` is ``separated``, ``continuum`` or ``none``.

    Examples
    --------
    >>> figures = {"gate_z": 9.0, "valley": 0.1, "stability_min_jaccard": 0.9}
    >>> judge_run(3, figures | {"smallest_share": 0.2}, n_samples=500, unfit="").verdict
    'separated'
    """
    candidate: dict[str, Any] = {
        name: figures.get(name, np.nan) for name in (*LOGGED, "smallest_share")
    }
    candidate |= {
        "k": k,
        INIT: init,
        REDRAWS: redraws,
        "n_samples": n_samples,
        "admissible": not unfit,
        "inadmissible_reason": unfit,
    }
    bounds = Thresholds(**(thresholds or {}))
    return select(pd.DataFrame([candidate]), thresholds=bounds)
