"""Units that nothing says: the values prove them, or the user is asked; never read wrong."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tiktok_segments.accounts.reading import read_export
from tiktok_segments.accounts.synthetic import make_profiles
from tiktok_segments.errors import InputError
from tiktok_segments.export.unit_evidence import doubt_units

NUMBERS = ["followers", "following", "likes", "videos", "engagement_rate", "like_rate",
           "comment_rate"]  # fmt: skip


@pytest.mark.parametrize("column", NUMBERS)
@pytest.mark.parametrize("factor", [100.0, 1e3, 1e6, 1e-2, 1e-3, 1e-6])
def test_a_column_in_another_unit_is_read_right_or_asked_for(
    tmp_path: Path, column: str, factor: float
) -> None:
    for seed in (0, 1):
        sample = make_profiles(250, seed)[0]
        scaled = sample.assign(**{column: sample[column] * factor})
        scaled.to_csv(tmp_path / "a.csv", index=False)
        try:
            found = read_export(tmp_path / "a.csv").frame
        except InputError as error:
            assert "data.units." in str(error), error
            continue
        assert found[column].to_numpy() == pytest.approx(sample[column].to_numpy(), rel=1e-6)


def test_a_sample_as_it_is_and_the_published_profiles_are_doubted_nowhere(
    tmp_path: Path, published: Path
) -> None:
    for seed in range(5):
        make_profiles(300, seed)[0].to_csv(tmp_path / "a.csv", index=False)
        assert read_export(tmp_path / "a.csv").warnings == ()
    assert len(read_export(published).frame) == 1_000


def test_what_the_user_says_is_not_asked_again(tmp_path: Path) -> None:
    sample = make_profiles(100, seed=0)[0]
    sample.assign(comment_rate=sample["comment_rate"] * 100).to_csv(tmp_path / "a.csv")
    with pytest.raises(InputError, match=r"data\.units\.comment_rate=percent"):
        read_export(tmp_path / "a.csv")
    found = read_export(tmp_path / "a.csv", units={"comment_rate": "percent"})
    assert np.allclose(found.frame["comment_rate"], sample["comment_rate"])


def test_a_rate_in_percent_beside_its_parts_is_proven() -> None:
    frame = pd.DataFrame(
        {"followers": [5e4] * 9, "like_rate": [0.04] * 9, "comment_rate": [0.001] * 9}
    ).assign(engagement_rate=4.1)
    (doubt,) = doubt_units(frame, {}, list(frame))
    assert (doubt.column, doubt.unit) == ("engagement_rate", "percent")


def test_a_unit_that_a_name_says_and_no_account_can_be_in_is_asked_for(tmp_path: Path) -> None:
    sample = make_profiles(250, seed=0)[0]
    for name in ("Followers (K)", "Followers (M)"):
        file = tmp_path / "a.csv"
        sample.rename(columns={"followers": name}).to_csv(file, index=False)
        with pytest.raises(InputError, match=r"data\.units\.followers=one reads"):
            read_export(file)
    right = sample.assign(followers=sample["followers"] / 1e3)
    right.rename(columns={"followers": "Followers (K)"}).to_csv(file, index=False)
    found = read_export(file).frame["followers"]
    assert found.to_numpy() == pytest.approx(sample["followers"].to_numpy(), rel=1e-6)


@pytest.mark.parametrize(("n_percent", "asked"), [(8, True), (2, False)])
def test_percent_among_fractions_is_asked_about(
    tmp_path: Path, n_percent: int, asked: bool
) -> None:
    rates = [3.1 + row if row < n_percent else 0.031 + row / 1000 for row in range(20)]
    table = pd.DataFrame({"username": [f"u{row}" for row in range(20)], "followers": 12_000})
    table.assign(ER=rates).to_csv(tmp_path / "a.csv", index=False)
    if not asked:
        assert read_export(tmp_path / "a.csv").frame["engagement_rate"].tolist() == rates
        return
    with pytest.raises(InputError, match=r"40.% of its values are above 1"):
        read_export(tmp_path / "a.csv")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "title", ["All figures in thousands", "Angaben in Tsd.", "Followers ('000s)"]
)
def test_a_unit_that_a_title_says_is_asked_about(tmp_path: Path, title: str, ending: str) -> None:
    names = ["username", "followers", "likes"]
    rows = [[title, None, None], names, *([f"u{n}", 409 + n, 12_671 + 30 * n] for n in range(9))]
    table, file = pd.DataFrame(rows), tmp_path / f"a.{ending}"
    write = table.to_csv if ending == "csv" else table.to_excel
    write(file, header=False, index=False)
    with pytest.raises(InputError, match="what is the unit of followers, likes"):
        read_export(file)
    said = dict.fromkeys(names[1:], "thousands")
    assert read_export(file, units=said).frame["followers"][0] == 409_000
    said = dict.fromkeys(names[1:], "one")
    assert read_export(file, units=said).frame["followers"][0] == 409


@pytest.mark.parametrize("note", ["Note: all figures in thousands", "* in Tsd.", "Данные в тыс."])
@pytest.mark.parametrize("form", ["{},,\n", "\n{},,\n", "{}\n", "\n{}\n", "xlsx"])
def test_a_unit_that_a_note_below_the_rows_says_is_asked_about(
    tmp_path: Path, note: str, form: str
) -> None:
    names = ["username", "followers", "likes"]
    table = pd.DataFrame([[f"u{n}", 409 + n, 12_671 + 30 * n] for n in range(9)], columns=names)
    file = tmp_path / ("a.xlsx" if form == "xlsx" else "a.csv")
    if form == "xlsx":
        table.loc[len(table)] = [note, None, None]
        table.to_excel(file, index=False)
    else:
        file.write_text(table.to_csv(index=False) + form.format(note))
    with pytest.raises(InputError, match="what is the unit of followers, likes"):
        read_export(file)
    for unit, first in (("thousands", 409_000), ("one", 409)):
        export = read_export(file, units=dict.fromkeys(names[1:], unit))
        assert export.frame["followers"][0] == first
        assert export.rejected["rule"].tolist() == ["title or note"]


def test_a_unit_in_a_note_of_a_table_of_two_columns_is_asked_about(tmp_path: Path) -> None:
    rows = [f"u{n},{409 + n}\n" for n in range(9)]
    (tmp_path / "a.csv").write_text(f"username,followers\n{''.join(rows)}All in thousands,\n")
    with pytest.raises(InputError, match="Line 11: what is the unit of followers"):
        read_export(tmp_path / "a.csv")
