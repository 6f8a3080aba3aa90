"""Rows that are no TikTok accounts, and columns that only look as if they told."""

from pathlib import Path

import pandas as pd
import pytest

from creators import BASE, assert_right, read
from tiktok_segments.accounts.reading import read_export
from tiktok_segments.errors import InputError


@pytest.mark.parametrize("spelled", ["Tik-Tok", "tik_tok", "🎵 TT"])
def test_platforms_are_told_in_any_spelling(tmp_path: Path, spelled: str) -> None:
    others = BASE.iloc[:2].rename(index=lambda one: f"other.{one}")
    others = others.assign(Platform=["📷 IG", "instagram_reels"])
    export = read(
        tmp_path, pd.concat([BASE.assign(Platform=spelled), others]).rename_axis("username")
    )
    assert_right(export)


@pytest.mark.parametrize(
    ("header", "values"),
    [
        ("Source", ["TikTok search", "Agency", "Inbound"]),
        ("Source", ["TikTok", "Instagram DM", "Agency"]),
        ("Medium", ["TikTok DM", "Email", "Phone"]),
        ("Account Type", ["Personal", "Business", "TikTok Shop seller"]),
    ],
)
def test_where_somebody_was_found_is_not_the_platform_of_the_account(
    tmp_path: Path, header: str, values: list[str]
) -> None:
    cells = [values[row % len(values)] for row in range(len(BASE))]
    export = read(tmp_path, BASE.assign(**{header: cells}))
    assert_right(export)
    assert not len(export.rejected)


@pytest.mark.parametrize(
    "name",
    ["Subtotal {}", "{} total", "Zwischensumme {}", "Average {}", "小计 {}", "Sous-total {}"],
)
def test_sums_of_groups_are_left_out_under_any_name_and_other_names_are_not(
    tmp_path: Path, name: str
) -> None:
    parts = [BASE.iloc[: len(BASE) // 2], BASE.iloc[len(BASE) // 2 :]]
    numbers = BASE.select_dtypes("number").columns
    rows: list[pd.DataFrame] = []
    for group, part in zip(("Nano", "Micro"), parts, strict=True):
        sums = part[numbers].mean() if "Average" in name else part[numbers].sum()
        rows += [part, pd.DataFrame([sums], index=[name.format(group)])]
    export = read(tmp_path, pd.concat(rows).rename_axis("username"))
    assert export.rejected["rule"].tolist() == ["total or average of the others"] * 2
    assert len(export.frame) == len(BASE)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_header_that_comes_again_in_another_order_is_no_note(tmp_path: Path, ending: str) -> None:
    names = ["followers", "likes", "videos"]
    table = BASE[names].rename_axis("username").reset_index()
    again = ["username", "likes", "followers", "videos"]
    rows = [*table.values.tolist()[:6], again, *table[again].values.tolist()[6:]]
    file = tmp_path / f"two.{ending}"
    if ending == "csv":
        pd.DataFrame(rows, columns=table.columns).to_csv(file, index=False)
    else:
        pd.DataFrame(rows, columns=table.columns).to_excel(file, index=False)
    with pytest.raises(
        InputError, match="Line 8 names the columns again in another order: 'likes'"
    ):
        read_export(file)
    rows[6:] = [list(table.columns), *table.values.tolist()[6:]]
    file = tmp_path / "same.csv"
    pd.DataFrame(rows, columns=table.columns).to_csv(file, index=False)
    assert read_export(file).rejected["rule"].tolist() == ["title or note"]


@pytest.mark.parametrize(
    "again", ["Creator,Total likes,Follower count,Posts", "handle,Hearts,FANS,x"]
)
def test_a_header_that_comes_again_under_other_names_in_another_order_is_refused(
    tmp_path: Path, again: str
) -> None:
    lines = BASE[["followers", "likes", "videos"]].rename_axis("username").to_csv().splitlines()
    file = tmp_path / "two.csv"
    file.write_text("\n".join([*lines[:6], again, *lines[6:]]) + "\n")
    with pytest.raises(InputError, match="Line 7 names the columns again in another order: "):
        read_export(file)
    file.write_text("\n".join([*lines[:6], "Creator,Fans,Hearts,Posts", *lines[6:]]) + "\n")
    export = read_export(file)
    assert export.rejected["rule"].tolist() == ["title or note"]
    assert len(export.frame) == len(BASE)


@pytest.mark.parametrize("title", ["Instagram", "📷 IG:", "YouTube"])
def test_rows_below_another_platforms_name_are_no_accounts(tmp_path: Path, title: str) -> None:
    lines = BASE[["followers", "likes", "videos"]].rename_axis("username").to_csv().splitlines()
    file = tmp_path / "sections.csv"
    file.write_text("\n".join([lines[0], "TikTok,,,", *lines[1:]]) + "\n")
    export = read_export(file)
    assert export.rejected["rule"].tolist() == ["title or note"]
    assert len(export.frame) == len(BASE)
    file.write_text("\n".join([lines[0], "TikTok,,,", *lines[1:6], f"{title},,,", *lines[6:]]))
    with pytest.raises(InputError, match=r"Line 8 holds '.*' and nothing else"):
        read_export(file)


def test_numbers_of_the_columns_below_their_names_are_no_account(tmp_path: Path) -> None:
    header, *rows = BASE[["followers", "likes", "videos"]].rename_axis("username").to_csv().split()
    file = tmp_path / "form.csv"
    file.write_text("\n".join([header, "1,2,3,4", *rows]) + "\n")
    export = read_export(file)
    assert export.rejected["line"].tolist() == [2]
    assert export.frame["account_id"].tolist() == list(BASE.index)
