from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tiktok_segments.accounts.cleaning import clean_profiles
from tiktok_segments.accounts.outcome import require_accounts
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.cells.decimal_marks import marks_in, settle_marks
from tiktok_segments.errors import InputError
from tiktok_segments.schema import COLUMNS


def follow(tmp_path: Path, text: str, **hints: Any) -> list[float]:
    """Read a file and return its accounts' followers."""
    (tmp_path / "a.csv").write_text(text)
    return [*read_export(tmp_path / "a.csv", **hints).frame["followers"]]


GERMAN = "user;followers;engagement rate\nann;23.400;9,1 %\nbob;1.250;4,4 %\n"


def test_decimal_commas_of_rates_tell_what_the_dots_of_counts_are(tmp_path: Path) -> None:
    assert follow(tmp_path, GERMAN, columns={"account_id": "user"}) == [23_400, 1_250]


def test_groups_of_another_column_tell_as_well(tmp_path: Path) -> None:
    text = "username;followers;likes\nann;23.400;1.234.567\nbob;1.250;999\n"
    assert follow(tmp_path, text) == [23_400, 1_250]
    text = "username;followers;likes\nann;637.000;1,234,567\nbob;125.000;999\n"
    assert follow(tmp_path, text) == [637, 125]


def test_decimal_commas_elsewhere_make_a_lone_comma_doubtful(tmp_path: Path) -> None:
    text = 'username,followers,engagement rate\nann,"23,437","9,1 %"\n'
    assert follow(tmp_path, text) == []
    assert follow(tmp_path, text, decimal=".") == [23_437]
    assert follow(tmp_path, text.replace("9,1", "9.1")) == [23_437]
    assert follow(tmp_path, text.replace("23,437", "23,437,000")) == [23_437_000]


def test_decimal_dots_elsewhere_and_counts_with_fractions_contradict_each_other(
    tmp_path: Path,
) -> None:
    text = "username,followers,engagement rate\nann,23.437,9.1%\n"
    assert follow(tmp_path, text) == []
    assert follow(tmp_path, text, decimal=",") == [23_437]
    assert follow(tmp_path, text.replace("23.437", "637.000")) == [637]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["850.000", "1.2M", "1.310"], [850_000, 1_200_000, 1_310]),
        (["850,000", "1,48M", "1,310"], [850_000, 1_480_000, 1_310]),
        (["5.000", "12.5K", "1.310"], [5_000, 12_500, 1_310]),
        (["ca. 5.000", "1.2 Mio.", "1.310"], [5_000, 1_200_000, 1_310]),
        (["850.000", "1,2 Mio.", "1.310"], [850_000, 1_200_000, 1_310]),
        (["850,000", "1.2M", "1,310"], [850_000, 1_200_000, 1_310]),
    ],
)
def test_a_decimal_mark_before_a_suffix_makes_no_fractions_of_whole_counts(
    tmp_path: Path, cells: list[str], values: list[int]
) -> None:
    rows = [f"a{number};{cell}" for number, cell in enumerate(cells)]
    assert follow(tmp_path, "\n".join(["username;followers", *rows]) + "\n") == values


@pytest.mark.parametrize(
    ("followers", "likes", "expected"),
    [
        ("15,190K", "1,234,567", [15_190_000]),
        ("15,190K", "1.5M", [15_190_000]),
        ("15,190K", "1.5K", [15_190_000]),
        ("15,190K", "1,5K", [15_190]),
        ("15.190 Tsd.", "1.234.567", [15_190_000]),
        ("15.190 Tsd.", "1,5 Mio.", [15_190_000]),
        ("15.190K", "1.5M", [15_190]),
        ("1,234万", "1,234,567", [12_340_000]),
        # Nobody has sixteen thousand millions of followers.
        ("16,037 M", "1,234,567", [16_037_000]),
        ("15,190K", "7", []),
        ("15.190 Tsd.", "7", []),
        ("15,190K", "1.5M;1,5K", []),
    ],
)
def test_groups_before_a_suffix_are_what_the_file_proves(
    tmp_path: Path, followers: str, likes: str, expected: list[int]
) -> None:
    rows = [f"a{place};{followers};{cell}" for place, cell in enumerate(likes.split(";"))]
    text = "\n".join(["username;followers;likes", *rows]) + "\n"
    assert follow(tmp_path, text) == expected


def test_groups_before_a_suffix_are_told_by_the_column_or_the_user(tmp_path: Path) -> None:
    assert follow(tmp_path, "username;followers\nann;15,190K\nbob;9,876\n") == [15_190_000, 9_876]
    assert follow(tmp_path, "username;followers\nann;15,190K\nbob;1,5K\n") == [15_190, 1_500]
    text = "username;followers\nann;15,190K\n"
    assert follow(tmp_path, text, decimal=".") == [15_190_000]
    assert follow(tmp_path, text, decimal=",") == [15_190]


def test_the_setting_beats_all_and_the_message_names_it(tmp_path: Path) -> None:
    text = "username,followers\nann,23.400\nbob,1.250\n"
    (tmp_path / "a.csv").write_text(text)
    export = read_export(tmp_path / "a.csv")
    assert any("data.decimal" in warning for warning in export.warnings)
    cleaned = clean_profiles(export)
    assert set(cleaned.rejected["rule"]) == {"ambiguous followers"}
    with pytest.raises(InputError, match=r"data\.decimal"):
        require_accounts(export, cleaned)
    assert follow(tmp_path, text, decimal=",") == [23_400, 1_250]


@pytest.mark.parametrize(
    ("own", "of_file", "dots", "commas"),
    [
        ([], [], "ambiguous", "thousands"),
        (["1.234.567"], [], "thousands", "decimal"),
        (["12.5"], [], "decimal", "thousands"),
        (["12,5"], [], "thousands", "decimal"),
        (["12.5", "12,5"], [], "ambiguous", "ambiguous"),
        ([], ["12,5"], "thousands", "decimal"),
        ([], ["12.5", "12,5"], "ambiguous", "ambiguous"),
        (["1.234"], ["12.5"], "ambiguous", "thousands"),
        (["1.000"], ["12.5"], "decimal", "thousands"),
        # A whole count with three decimals is none: the lone marks of such a column are groups.
        (["1.5M"], [], "thousands", "thousands"),
        (["12,3 тыс."], [], "thousands", "thousands"),
        (["1.2 Mio."], ["9,1"], "thousands", "thousands"),
        (["1 234,5"], [], "thousands", "decimal"),
        (["5.5 apples and 3"], [], "ambiguous", "thousands"),
        (["1.234.567,8"], [], "thousands", "decimal"),
        (["12,34,567"], [], "decimal", "thousands"),
    ],
)
def test_marks_are_settled_by_the_column_then_by_the_file(
    own: list[str], of_file: list[str], dots: str, commas: str
) -> None:
    likes = COLUMNS["likes"]
    told = [marks_in(pa.array(texts, pa.string()), likes) for texts in (own, of_file)]
    marks = settle_marks(told[0], told[0] | told[1], likes)
    assert (marks.dots, marks.commas) == (dots, commas)
