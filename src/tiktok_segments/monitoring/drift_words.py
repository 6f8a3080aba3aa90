"""Drift in sentences: why the verdict is what it is."""

from collections.abc import Callable

from tiktok_segments.language import ENGLISH, Language, message
from tiktok_segments.monitoring.verdict import Change, Drift
from tiktok_segments.segments.effects import plain_name

Said = tuple[str, Callable[[float], str]]
"""A sentence, and how its threshold is written."""

PSI = {
    "higher": message(
        "The measure “{measure}” is mostly higher than before: stability index {index}"
    ),
    "lower": message(
        "The measure “{measure}” is mostly lower than before: stability index {index}"
    ),
    "spread differently": message(
        "The measure “{measure}” is spread differently than before: stability index {index}"
    ),
}
"""What is said of a measure whose accounts went in a direction."""


VERDICTS = {
    "keep": message("The accounts are as before: keep the model"),
    "watch": message("The accounts begin to differ: watch them"),
    "retrain": message("The accounts are no longer as before: retrain the model"),
}
"""What each verdict means for a reader."""

TOO_FEW = message("No change can be told from chance among so few accounts: keep the model")


def say_verdict(drift: Drift, language: Language = ENGLISH) -> str:
    """Say what the verdict means: that nothing changed only where a change would be seen.

    Parameters
    ----------
    drift : Drift
        What was measured.
    language : Language
        Of the sentence.

    Returns
    -------
    str
        Without a full stop.
    """
    unseen = drift.verdict == "keep" and drift.hides_alarms()
    return language.say(TOO_FEW if unseen else VERDICTS[drift.verdict])


def say_reasons(drift: Drift, language: Language = ENGLISH) -> list[str]:
    """Say why the verdict is what it is: sentences that name the segment or the measure.

    Parameters
    ----------
    drift : Drift
        What was measured.
    language : Language
        Of the sentences.

    Returns
    -------
    list of str
        The worst first; where nothing is to be done, what chance and few accounts could hide.
    """
    return [_say_change(change, language) for change in drift.alarms()] or _why_kept(
        drift, language
    )


def _say_change(change: Change, language: Language) -> str:
    """Say a change in a plain sentence, with the threshold that it reached."""
    said, write = _WORDS[change.measure](change, language)
    if change.level == "watch":
        limit = write(change.band.watch)
        return language.say("{said} (watch from {limit}).", said=said, limit=limit)
    limit = write(change.band.retrain)
    return language.say("{said} (retrain from {limit}).", said=said, limit=limit)


def _why_kept(drift: Drift, language: Language) -> list[str]:
    """Say why nothing is to be done, and what so few accounts could hide."""
    said = [
        language.say(
            "No segment's share or average, no measure and no range has changed enough to matter."
        )
    ]
    if any(change.size >= change.band.watch for change in drift.changes):
        said.append(
            language.say(
                "What did change is within what chance makes of {number} accounts.",
                number=language.grouped(min(drift.accounts_then, drift.accounts_now)),
            )
        )
    if drift.hides_alarms():
        said.append(
            language.say(
                "So few accounts could hide a change of a share of up to {points}.",
                points=language.points(drift.hidden),
            )
        )
    return said


def _share_words(change: Change, language: Language) -> Said:
    more = message(
        "Segment “{segment}” has {now} of the accounts, {points} more than the {then} before"
    )
    fewer = message(
        "Segment “{segment}” has {now} of the accounts, {points} fewer than the {then} before"
    )
    then, now = change.values["then"], change.values["now"]
    said = language.say(
        more if now >= then else fewer,
        segment=change.subject,
        now=language.percent(now),
        points=language.points(change.size),
        then=language.percent(then),
    )
    return said, language.points


def _centre_words(change: Change, language: Language) -> Said:
    said = language.say(
        "The accounts of segment “{segment}” have changed: their average has moved by {share} of "
        "the way to the nearest other segment",
        segment=change.subject,
        share=language.percent(change.size),
    )
    return said, language.percent


def _psi_words(change: Change, language: Language) -> Said:
    said = language.say(
        PSI[change.values["direction"]],
        measure=plain_name(change.subject, language),
        index=language.grouped(change.size, 2),
    )
    return said, lambda limit: language.significant(limit, 3)


def _range_words(change: Change, language: Language) -> Said:
    now, then = change.values["now"], change.values["then"]
    once = message(
        "{now} of the accounts ({accounts}) are smaller or larger in some measure than any that "
        "the model was fitted on"
    )
    before = message(
        "{now} of the accounts ({accounts}) ({then} before) are smaller or larger in some measure "
        "than any that the model was fitted on"
    )
    said = language.say(
        before if then else once,
        now=language.percent(now),
        accounts=language.grouped(change.values["accounts"]),
        then=language.percent(then),
    )
    return said, language.percent


_WORDS = {
    "share": _share_words,
    "centre": _centre_words,
    "psi": _psi_words,
    "out_of_range": _range_words,
}
