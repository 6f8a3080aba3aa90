"""Identities of segments: an id and a name each, kept over retrainings."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.wording import say_model


@dataclass(frozen=True)
class SegmentIdentity:
    """Who a segment is, whichever cluster number a model gives it.

    Attributes
    ----------
    segment_id : str
        For life: a retrained model's segment that matches takes it over.
    name : str
        Unique within a model.
    origin : str
        ``new``, ``inherited``, ``merged from ...`` or ``split from ...``.
    claims : mapping or None
        What a name made by the rules says of the segment, as
        :class:`~tiktok_segments.segments.naming.SegmentName` has it. None for an analyst's own
        name, which is kept whatever its segment becomes.
    formerly : str
        The name until now, where its words did not hold any more; empty elsewhere.
    """

    segment_id: str
    name: str
    origin: str = "new"
    claims: Mapping[str, Any] | None = None
    formerly: str = ""


def new_identities(
    run_id: str, names: Sequence[str], claims: Sequence[Mapping[str, Any] | None] | None = None
) -> list[SegmentIdentity]:
    """Give the segments of a run that inherits nothing their ids.

    Parameters
    ----------
    run_id : str
        The training run.
    names : sequence of str
        Name of each cluster.
    claims : sequence of mapping or None, optional
        What each name says; none by default.

    Returns
    -------
    list of SegmentIdentity
        One per cluster, all ``new``; the same run gives the same ids.

    Examples
    --------
    >>> [segment.segment_id for segment in new_identities("a", ["Small", "Large"])]
    ['seg_d7e9896705', 'seg_773232abe9']
    """
    said = claims or [None] * len(names)
    return [
        SegmentIdentity(new_segment_id(run_id, cluster), name, claims=claim)
        for cluster, (name, claim) in enumerate(zip(names, said, strict=True))
    ]


def new_segment_id(run_id: str, cluster: int) -> str:
    """Return the id of a segment that no earlier model knew."""
    return f"seg_{hashlib.sha256(f'{run_id}/{cluster}'.encode()).hexdigest()[:10]}"


@dataclass(frozen=True)
class FittedElsewhere:
    """Where segments are from that accounts of another export were put into.

    Attributes
    ----------
    model : str
        What people call the model.
    accounts : int or None
        That it was fitted on, where it tells.
    synthetic : bool
        Whether those are.
    empty : tuple of str
        Names of its segments in which no account is.
    drawn : int or None
        How many accounts were looked at for that, where not all of them.
    """

    model: str
    accounts: int | None
    synthetic: bool
    empty: tuple[str, ...]
    drawn: int | None = None

    def words(self, language: Language = ENGLISH, *, reported: bool = True) -> str:
        """Say it to a reader.

        Parameters
        ----------
        language : Language
            Of the words.
        reported : bool, default True
            Whether a page is there that says something of structure, stability and k.

        Examples
        --------
        >>> words = FittedElsewhere("version 3", 1200, False, ()).words
        >>> words()[:52]
        'Assigned, not fitted: these accounts were put into t'
        >>> words(reported=False)[-52:]
        'h was fitted on 1,200 accounts of an earlier export.'
        >>> words = FittedElsewhere("version 3", 1200, False, ("Stars",), drawn=250_000).words
        >>> words(reported=False)[-71:]
        'None of the 250,000 accounts drawn is in Stars, which is left out here.'
        """
        real, invented = (
            message(
                "Assigned, not fitted: these accounts were put into the segments of {model}, which "
                "was fitted on {accounts} of an earlier export."
            ),
            message(
                "Assigned, not fitted: these accounts were put into the segments of {model}, which "
                "was fitted on {accounts} of an earlier export, all synthetic."
            ),
        )
        counted = (
            language.say("accounts")
            if self.accounts is None
            else language.say_count("{number} account", "{number} accounts", self.accounts)
        )
        said = language.say(
            invented if self.synthetic else real,
            model=say_model(self.model, language),
            accounts=counted,
        )
        sentences = [said]
        if reported:
            found = message(
                "What the page says of structure, stability and the choice of k was found on those."
            )
            sentences.append(language.say(found))
        if self.empty:
            of_all = message("No account is in {segments}, which is left out here.")
            of_drawn = message(
                "None of the {number} accounts drawn is in {segments}, which is left out here."
            )
            sentences.append(
                language.say(
                    of_all if self.drawn is None else of_drawn,
                    segments=", ".join(self.empty),
                    number=language.grouped(self.drawn or 0),
                )
            )
        return " ".join(sentences)
