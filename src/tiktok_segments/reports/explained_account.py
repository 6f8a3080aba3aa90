"""An account's explanation in the terminal."""

from tiktok_segments import terminal
from tiktok_segments.segments.explanation import Explanation


def print_explanation(explanation: Explanation) -> None:
    """Print why an account is in its segment.

    Parameters
    ----------
    explanation : Explanation
        As :func:`~tiktok_segments.segments.explanation.explain_account` returns it.
    """
    names = {
        "account": "this account",
        "segment_median": "median of its segment",
        "next_median": "median of the next",
    }
    out = terminal.console()
    for sentence in explanation.sentences:
        out.print(terminal.printable(sentence), markup=False)
    if explanation.check:
        out.print(f"{explanation.check} (a reason to look, no proof)", markup=False)
    out.print()
    title = f"@{terminal.printable(explanation.account_id)}, the strongest reason first"
    terminal.print_table(explanation.table.rename(columns=names), title)
