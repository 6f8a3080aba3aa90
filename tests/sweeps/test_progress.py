"""What a sweep says while it is under way, where there is no terminal to draw a bar on."""

import pytest

from tiktok_segments.sweeps import progress
from tiktok_segments.sweeps.progress import Board


@pytest.mark.parametrize(
    ("silence", "expected"),
    [
        (
            0.0,
            [
                "2 of 4 runs, 1 skipped, highest silhouette 0.300",
                "failed: k=9: there are only 8 accounts",
                "3 of 4 runs, 1 failed, 1 skipped, highest silhouette 0.300",
            ],
        ),
        (
            60.0,
            ["failed: k=9: there are only 8 accounts"],
        ),  # a line for every run would be too much
    ],
)
def test_a_line_now_and_then_says_how_far_a_sweep_is(
    silence: float,
    expected: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "SILENCE", silence)
    shown = Board(total=4, skipped=1, best=0.3)
    shown.finish(0.25)
    shown.fail("k=9", "there are only 8 accounts\nsee the manual")
    output = capsys.readouterr()
    assert (output.out, output.err.splitlines()) == ("", expected)


def test_silhouettes_on_different_accounts_are_not_compared(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(progress, "SILENCE", 0.0)
    Board(total=4, skipped=0, comparable=False).finish(0.25)
    assert capsys.readouterr().err == "1 of 4 runs\n"
