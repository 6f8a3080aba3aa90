from __future__ import annotations

from pathlib import Path

import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError


def follow(tmp_path: Path, text: str) -> list[float]:
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    return [*read_export(tmp_path / "a.csv").frame["followers"]]


@pytest.mark.parametrize("cells", [["408,7B", "950", "1,2Mn"], ["408.7B"] * 3, ["2", "3", "1B"]])
def test_billions_that_no_account_has_are_asked_for(tmp_path: Path, cells: list[str]) -> None:
    rows = [f"a{place};{cell}" for place, cell in enumerate(cells)]
    with pytest.raises(InputError, match=r"what is B in followers \(column 'Followers'\).*\n.*bin"):
        follow(tmp_path, "\n".join(["Username;Followers", *rows]) + "\n")


def test_turkish_names_and_a_word_tell_that_it_is_a_thousand(tmp_path: Path) -> None:
    assert follow(tmp_path, "Username;Followers\nann;408,7B\nbob;12 bin\n") == [408_700, 12_000]
    assert follow(tmp_path, "Kullanıcı adı;Takipçi sayısı\nann;408,7B\n") == [408_700]


def test_billions_of_likes_that_accounts_have_are_read(tmp_path: Path) -> None:
    text = "Username;Followers;Likes\nann;160M;11.9B\nbob;80M;1.5B\n"
    assert follow(tmp_path, text) == [160_000_000, 80_000_000]
