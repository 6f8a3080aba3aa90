from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from examples import make_accounts, make_segmentation
from tiktok_segments.errors import InputError
from tiktok_segments.segments.choice import Wanted, make_shortlist
from tiktok_segments.segments.choice.exclusions import read_exclusions
from tiktok_segments.segments.choice.similar import find_alike, point_of


def test_a_list_of_handles_and_brands_is_left_out(tmp_path: Path) -> None:
    segmentation = make_segmentation()
    accounts = segmentation.accounts.copy()
    accounts.loc[30, "biography"] = "Ambassador of ACME+ and more"
    accounts.loc[31, "biography"] = "acmes"
    file = tmp_path / "not.txt"
    address = "https://www.TikTok.com/@account_42?lang=en"
    names = f"# ours\n@Account_40\naccount_41\n{address}\nbrand: Acme+\n"
    file.write_text(names, encoding="utf-8")
    unwanted = read_exclusions(file).holds(accounts)
    assert np.flatnonzero(unwanted).tolist() == [30, 40, 41, 42]
    shortlist = make_shortlist(accounts, Wanted(goal="reach", n=80), excluded=unwanted)
    assert len(shortlist) == 76


def test_an_exported_selection_is_a_list_too(tmp_path: Path) -> None:
    file = tmp_path / "selection.csv"
    file.write_text('\ufeffaccount_id,segment\r\naccount_40,X\r\n"account_41",Y\r\n', "utf-8")
    assert read_exclusions(file).handles == {"account_40", "account_41"}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_selection_is_a_list_whichever_mark_a_spreadsheet_put_between(
    tmp_path: Path, mark: str
) -> None:
    file = tmp_path / "not.csv"
    file.write_text(f"account_id{mark}segment\nmaya{mark}Stars\n'@tom{mark}Stars\n")
    assert read_exclusions(file).handles == {"maya", "tom"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_a_list_is_read_in_whatever_encoding_a_spreadsheet_wrote_it(
    tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "not.csv"
    rows = ["Grund;Benutzername", "für später;@maya", "größer;'@tom", "übrig;ann", "öde;;"]
    file.write_text("\r\n".join(rows), encoding)
    assert read_exclusions(file).handles == {"maya", "tom", "ann"}


@pytest.mark.parametrize("head", [[], ["Username", "Why"]])
def test_a_list_may_be_a_workbook(tmp_path: Path, head: list[str]) -> None:
    file = tmp_path / "not.xlsx"
    rows = [*([head] if head else []), ["@maya", "brand"], ["tom", None], ["brand: Acme", ""]]
    pd.DataFrame(rows).to_excel(file, header=False, index=False)
    unwanted = read_exclusions(file)
    assert unwanted.handles == {"maya", "tom"}
    assert unwanted.brands == ("Acme",)


@pytest.mark.parametrize("content", [b"", b"account_id\n", b"brand: \n", b"\xff\xfe\x00", None])
def test_a_list_that_names_nobody_or_cannot_be_read_is_told(
    tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "not.txt"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=r"names no account|cannot be read"):
        read_exclusions(file)


def test_the_nearest_accounts_are_those_of_the_scaled_features() -> None:
    segmentation = make_segmentation()
    alike = find_alike(segmentation, "@ACCOUNT_40", point_of(segmentation, "account_40"))
    distance = np.linalg.norm(segmentation.X - segmentation.X[40], axis=1)
    listed = make_shortlist(segmentation.accounts, Wanted(n=5, like="account_40"), alike=alike)
    expected = segmentation.accounts["account_id"].iloc[distance.argsort(kind="stable")[1:6]]
    assert listed["account_id"].to_list() == expected.to_list()
    assert set(listed["in_common"]) | set(listed["differs"]) <= {
        "followers", "accounts followed", "videos", "engagement rate", "engagement",
    }  # fmt: skip
    with pytest.raises(InputError, match="There is no account 'nobody'"):
        point_of(segmentation, "nobody")


def test_what_all_accounts_have_alike_is_nothing_that_two_have_in_common() -> None:
    segmentation = make_segmentation(make_accounts(80).assign(following=100))
    alike = find_alike(segmentation, "account_40", point_of(segmentation, "account_40"))
    assert "accounts followed" not in set(alike["in_common"])
