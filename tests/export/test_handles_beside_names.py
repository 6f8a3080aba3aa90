"""Columns of handles beside one of people's names that an alias takes for the accounts'."""

from pathlib import Path

import pandas as pd
import pytest

from creators import BASE, HANDLES, assert_right, read

PEOPLE = ["Ana Berg", "Böhm", "Cem Kaya", "Dr. Dee", "Émile", "Fay F.", "Gus Holm", "Hoa Lê"]
PEOPLE += ["Ivo", "Jo March", "Kai", "Lou Reed"]


@pytest.mark.parametrize(
    ("of_names", "of_handles"),
    [
        ("Profil", "Pseudonyme"),
        ("Creator", "TikTok-Name"),
        ("アカウント名", "ユーザー名"),
        ("Account", "Influencer"),
    ],
)
@pytest.mark.parametrize("form", ["{}", "@{}"])
@pytest.mark.parametrize("first", [True, False])
def test_the_column_that_holds_handles_is_the_accounts(
    tmp_path: Path, of_names: str, of_handles: str, form: str, first: bool
) -> None:
    named = {of_names: PEOPLE, of_handles: [form.format(one) for one in HANDLES]}
    columns = pd.DataFrame(named if first else dict(reversed(named.items())))
    table = pd.concat([columns, BASE.reset_index(drop=True)], axis=1).set_index(columns.columns[0])
    export = read(tmp_path, table)
    assert_right(export)
    assert export.frame["nickname"].tolist() == PEOPLE


@pytest.mark.parametrize(
    "other",
    [
        {"Influencer": range(1, 13)},
        {"Influencer": ["nano", "micro", "macro"] * 4},
        {"Influencer": [one.split()[0] for one in PEOPLE]},
        {"Display name": [one.split()[0].lower() for one in PEOPLE]},
    ],
)
def test_other_columns_are_none_of_handles(tmp_path: Path, other: dict[str, object]) -> None:
    table = BASE.set_index(pd.Index(PEOPLE, name="Account")).assign(**other)
    assert read(tmp_path, table).matches.columns["account_id"] == "Account"


def test_the_column_that_the_user_names_stays(tmp_path: Path) -> None:
    table = BASE.set_index(pd.Index(PEOPLE, name="Account")).assign(Influencer=HANDLES)
    export = read(tmp_path, table, columns={"account_id": "Account"})
    assert export.matches.columns["account_id"] == "Account"


@pytest.mark.parametrize("measure", ["views", "likes"])
def test_a_mean_is_meant_before_a_median(tmp_path: Path, measure: str) -> None:
    averages = {
        f"TikTok - Median {measure}": BASE["followers"] * 0.021,
        f"TikTok - Average {measure}": BASE["followers"] * 0.034,
    }
    export = read(tmp_path, BASE.drop(columns=["likes"]).assign(**averages))
    assert export.matches.columns[f"average_{measure}"] == f"TikTok - Average {measure}"
