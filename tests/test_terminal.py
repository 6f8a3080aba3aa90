"""Tables in terminals of any width."""

import re

import pandas as pd
import pytest

from tiktok_segments import terminal
from tiktok_segments.reports.segment_printing import print_segments

SEGMENTS = pd.DataFrame(
    {
        "segment": ["Community Builders", "Mid-Tier Mainstream Influencers"],
        "accounts": [1_120, 545],
        "share": [0.672, 0.328],
        "followers_median": [22_500.0, 104_000.0],
        "following_median": [6_960.0, 747.0],
        "videos_median": [550.0, 434.0],
        "engagement_rate_median": [0.0189, 0.0176],
        "verified_share": [0.0, 0.988],
    }
)
RUNS = pd.DataFrame({"run": ["591e20c7ed5c4fa19f314ff0e921f749"], "data": ["may.csv (b554)"]})


def printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, width: int
) -> list[str]:
    monkeypatch.setattr(terminal, "WIDTH_WITHOUT_TERMINAL", width)
    print_segments(SEGMENTS, "Segments")
    terminal.print_table(RUNS, "Runs")
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("width", [140, 80, 60, 40])
def test_no_terminal_is_so_narrow_that_words_numbers_or_ids_are_broken(
    width: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(capsys, monkeypatch, width)
    assert max(map(len, lines)) <= width
    words = " ".join(SEGMENTS["segment"]).split()
    numbers = ["1,120", "67.2 %", "22.5K", "6.96K", "1.89 %", "98.8 %"]
    for whole in [*words, *numbers, *RUNS["run"]]:
        assert re.search(rf"(^|\s){re.escape(whole)}(,|\s|$)", "\n".join(lines)), whole


def test_eighty_letters_hold_the_table_of_segments(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    head = printed(capsys, monkeypatch, 80)[1].split()
    columns = "segment accounts share followers follows videos engagement verified"
    assert head == columns.split()


def test_a_row_too_wide_for_the_terminal_is_a_paragraph(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = printed(capsys, monkeypatch, 60)
    assert [line.rstrip() for line in lines[1:4]] == [
        "Community Builders",
        "  accounts 1,120, share 67.2 %, followers 22.5K",
        "  follows 6.96K, videos 550, engagement 1.89 %, verified 0 %",
    ]


def test_a_handle_of_three_hundred_letters_leaves_the_others_their_room(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(terminal, "WIDTH_WITHOUT_TERMINAL", 60)
    frame = pd.DataFrame({"account_id": ["x" * 300, "maya"], "followers": ["3M", "[b]2M[/b]"]})
    terminal.print_table(frame, "Accounts")
    out = capsys.readouterr().out
    assert out.count("x") == 300
    assert re.search(r"maya +\[b\]2M\[/b\]", out)


def test_progress_that_nobody_sees_leaves_no_line(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.progress_bar("rows") as tell:
        tell("Reading", 1, 2)
    assert capsys.readouterr() == ("", "")
